using SpeElsa.Server.Components;

namespace SpeElsa.Server.Designer;

/// <summary>The pages of this server, and Elsa Studio among them.</summary>
internal static class DesignerHosting
{
    private const string Prefix = "/designer";

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddSingleton<DesignerFiles>();
        return services;
    }

    /// <summary>Serves the files of the designer, which are as public as their package. What is not among them is a page.</summary>
    public static IApplicationBuilder UseDesignerFiles(this IApplicationBuilder app)
    {
        var files = app.ApplicationServices.GetRequiredService<DesignerFiles>();
        return app.Use(async (context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments(Prefix, out var rest) || !await files.TryServeAsync(context, rest))
            {
                await next(context);
            }
        });
    }

    public static void MapPages(this WebApplication app) => app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
}
