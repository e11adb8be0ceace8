using System.Globalization;
using System.Threading.RateLimiting;
using Elsa.Http.Options;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Identity;

/// <summary>
/// Slows down who tries passwords, codes or set-up codes: so many for each address and minute. Accounts lock out beside that. What wakes workflows up, answers and
/// signals, has a limit of its own, far above what people and healthy programs send: a program that has gone mad fills no disk.
/// </summary>
internal static class RequestLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly PathString[] Paths =
    [
        SignInPaths.SignIn, SetUp.Path, SignInPaths.Account, TaskLinks.Path, $"/{WorkflowsApi.DefaultPrefix}/identity/login", $"/{WorkflowsApi.DefaultPrefix}/identity/refresh-token",
    ];

    private static readonly PathString[] SignalPaths =
    [
        "/api/tasks", $"/{WorkflowsApi.DefaultPrefix}/events", $"/{WorkflowsApi.DefaultPrefix}/bookmarks", $"/{WorkflowsApi.DefaultPrefix}/tasks",
    ];

    public static IServiceCollection AddRequestLimits(this IServiceCollection services, SignInSettings settings) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RefuseAsync;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsSignIn(context.Request)
            ? RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.AttemptsPerMinute, Window = Window })
            : IsSignal(context.Request) ? RateLimitPartition.GetFixedWindowLimiter(
                $"signals {context.Connection.RemoteIpAddress}",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.SignalsPerMinute, Window = Window })
            : RateLimitPartition.GetNoLimiter("any"));
    });

    private static bool IsSignIn(HttpRequest request) => HttpMethods.IsPost(request.Method) && Array.Exists(Paths, path => request.Path.StartsWithSegments(path));

    private static bool IsSignal(HttpRequest request) =>
        (!HttpMethods.IsGet(request.Method) && Array.Exists(SignalPaths, path => request.Path.StartsWithSegments(path)))
        || request.Path.StartsWithSegments(request.HttpContext.RequestServices.GetRequiredService<IOptions<HttpActivityOptions>>().Value.BasePath.TrimEnd('/'));

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        context.RequestServices.GetRequiredService<ILogger<SetUp>>().TooManySignIns(context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress);
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Results.Problem(
            statusCode: StatusCodes.Status429TooManyRequests,
            title: "Too many attempts",
            detail: "Nothing was done. Wait a minute, then try again: the header Retry-After says how long. SignIn:AttemptsPerMinute and SignIn:SignalsPerMinute are the limits.")
            .ExecuteAsync(context);
    }
}
