using Elsa.Http.Bookmarks;
using Elsa.Http.Options;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Http;

/// <summary>A template that fits a request.</summary>
internal sealed record RouteMatch(HttpEndpointBookmarkPayload Place, string Hash, RouteValueDictionary Values);

/// <summary>
/// Finds the templates that fit a path. They are read from what is published and what waits, and kept for a moment; a path that fits none is looked for anew,
/// so what has just been published or has just begun to wait is found.
/// </summary>
internal sealed class WorkflowRoutes(IDefinitionStore definitions, IInstanceReader reader, IOptions<HttpActivityOptions> options, TimeProvider timeProvider)
{
    private volatile Snapshot? _snapshot;

    /// <summary>The most specific template that fits, or null.</summary>
    public async Task<RouteMatch?> FindAsync(string path, string method, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        if (snapshot is null || snapshot.ReadAt + options.Value.RouteLifetime < timeProvider.GetUtcNow())
        {
            return Match(await ReadAsync(cancellationToken), path, method);
        }

        return Match(snapshot, path, method) ?? Match(await ReadAsync(cancellationToken), path, method);
    }

    private async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var triggers = await definitions.ListTriggersAsync(null, cancellationToken);
        var (bookmarks, _) = await reader.ListBookmarksAsync(HttpEndpointBookmarkPayload.Name, null, 0, int.MaxValue, cancellationToken);
        var places = triggers.Where(trigger => trigger.Name == HttpEndpointBookmarkPayload.Name).Select(trigger => trigger.Payload)
            .Concat(bookmarks.Select(bookmark => bookmark.Payload))
            .OfType<string>()
            .Select(payload => EngineJson.Read<HttpEndpointBookmarkPayload>(payload)!)
            .DistinctBy(place => (place.Path.ToUpperInvariant(), place.Method))
            .Select(place => new Route(place, TemplateParser.Parse(place.Path)))
            .OrderByDescending(route => route.Template.Segments.Count(segment => segment.IsSimple && segment.Parts[0].IsLiteral))
            .ThenBy(route => route.Template.Segments.Count)
            .ToArray();
        return _snapshot = new Snapshot(now, places);
    }

    private static RouteMatch? Match(Snapshot snapshot, string path, string method)
    {
        foreach (var route in snapshot.Routes.Where(route => string.Equals(route.Place.Method, method, StringComparison.OrdinalIgnoreCase)))
        {
            var values = new RouteValueDictionary();
            if (new TemplateMatcher(route.Template, []).TryMatch(new PathString("/" + path), values))
            {
                var hash = StimulusHash.Compute(HttpEndpointBookmarkPayload.Name, new HttpEndpointBookmarkPayload(route.Place.Path, route.Place.Method));
                return new RouteMatch(route.Place, hash, values);
            }
        }

        return null;
    }

    private sealed record Route(HttpEndpointBookmarkPayload Place, RouteTemplate Template);

    private sealed record Snapshot(DateTimeOffset ReadAt, Route[] Routes);
}
