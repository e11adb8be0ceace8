using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using MudBlazor;
using MudBlazor.Services;
using SpeElsa.Engine.Runtime;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>The pages of operators: drawn by the server and live.</summary>
internal static class ConsoleHosting
{
    /// <summary>What a page may send at once; a private key that is typed in is the longest.</summary>
    private const long LargestMessage = 256 * 1024;

    /// <summary>Where pages keep in touch. What is done there is only a look: acts go to the API.</summary>
    public const string ConnectionPath = "/_blazor";

    public static IServiceCollection AddOperatorConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessage);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, PageSession>();
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 2;
            (mud.SnackbarConfiguration.ShowTransitionDuration, mud.SnackbarConfiguration.HideTransitionDuration) = (0, 0);
        });
        services.AddSingleton<MoveWatch>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<MoveWatch>());
        services.AddScoped<ApiClient>();
        services.AddScoped<Viewer>();
        services.AddScoped<Freshness>();
        services.AddScoped<ProcedureNames>();
        services.AddSingleton<EffectiveSettings>();
        return services;
    }

    /// <summary>Says also to programs that there is nothing at an address. The page is written all the same: of one that says so earlier Blazor would send nothing.</summary>
    /// <param name="http">The request; null once the page is live.</param>
    public static void NothingHere(HttpContext? http)
    {
        if (http is { Response.HasStarted: false })
        {
            http.Response.OnStarting(() =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }
    }

    /// <summary>Whether a request is for one of these pages, and not for one that is drawn once.</summary>
    public static bool IsConsolePage(HttpContext http) => http.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<ComponentTypeMetadata>() is not null
        && metadata.GetMetadata<ExcludeFromInteractiveRoutingAttribute>() is null;
}
