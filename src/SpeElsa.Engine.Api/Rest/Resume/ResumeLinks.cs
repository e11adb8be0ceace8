using Elsa.Http.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Api.Rest.Resume;

/// <summary>Makes links that let runs go on without a sign-in.</summary>
internal sealed class ResumeLinks(ResumeTokens tokens, IOptions<HttpActivityOptions> options, IServiceProvider services, TimeProvider timeProvider)
{
    private static readonly string[] AnyHost = ["+", "*", "0.0.0.0", "[::]"];

    public string BookmarkToken(string instanceId, string bookmarkId, TimeSpan? lifetime, DateTimeOffset? expiresAt) =>
        tokens.Write(new BookmarkToken(bookmarkId, instanceId, EndOf(lifetime, expiresAt)));

    public string BookmarkUrl(string instanceId, string bookmarkId, TimeSpan? lifetime, DateTimeOffset? expiresAt) =>
        Url("bookmarks/resume", BookmarkToken(instanceId, bookmarkId, lifetime, expiresAt));

    public string EventToken(string instanceId, string eventName, TimeSpan? lifetime, DateTimeOffset? expiresAt) =>
        tokens.Write(new EventToken(eventName, instanceId, EndOf(lifetime, expiresAt)));

    public string EventUrl(string instanceId, string eventName, TimeSpan? lifetime, DateTimeOffset? expiresAt) =>
        Url("events/trigger", EventToken(instanceId, eventName, lifetime, expiresAt));

    private DateTimeOffset? EndOf(TimeSpan? lifetime, DateTimeOffset? expiresAt) => lifetime is { } span ? timeProvider.GetUtcNow() + span : expiresAt;

    private string Url(string path, string token) => $"{Base().TrimEnd('/')}/{options.Value.ApiRoutePrefix.Trim('/')}/{path}?t={token}";

    private string Base() => options.Value.BaseUrl?.ToString() ?? ListensAt()
        ?? throw new InvalidOperationException("Set HttpActivityOptions.BaseUrl: nothing says how this server is reached from outside.");

    /// <summary>The server is asked late: it has no address while the host is put together.</summary>
    private string? ListensAt()
    {
        var address = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        return AnyHost.Aggregate(address, (text, any) => text?.Replace($"//{any}", "//localhost", StringComparison.Ordinal));
    }
}
