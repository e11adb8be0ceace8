using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace SpeElsa.Server.Telemetry;

/// <summary>Says in the span of a request what it was: method, route and status. Its path does not stand there: it may hold the token of a link.</summary>
internal sealed class RequestSpans : IStartupFilter
{
    /// <summary>What ASP.NET Core would say by itself has the path.</summary>
    private const string BareSwitch = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    private const int ServerError = StatusCodes.Status500InternalServerError;

    public static void KeepBare() => AppContext.SetSwitch(BareSwitch, true);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext http, RequestDelegate rest) =>
        {
            await rest(http);
            if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
            {
                Describe(span, http);
            }
        });
        next(app);
    };

    private static void Describe(Activity span, HttpContext http)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? $"/{pattern.TrimStart('/')}" : null;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= ServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
