using Microsoft.AspNetCore.Http;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>Credentials of browsers, which can send no header when they open a WebSocket.</summary>
public static class HubTokens
{
    /// <summary>What the path of the hub ends with.</summary>
    public const string HubPath = "/hubs/workflow-instance";

    private const string QueryName = "access_token";

    /// <summary>The bearer token in the query of a request to the hub; null for any other request. A scheme that reads bearer tokens asks here before it looks for a header.</summary>
    public static string? FromQuery(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Path.Value?.TrimEnd('/').EndsWith(HubPath, StringComparison.OrdinalIgnoreCase) is true && request.Query[QueryName].ToString() is { Length: > 0 } token
            ? token
            : null;
    }
}
