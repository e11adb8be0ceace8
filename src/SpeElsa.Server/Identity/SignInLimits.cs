using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Identity;

/// <summary>Slows down who tries passwords, codes or set-up codes: so many for each address and minute. Accounts lock out beside that.</summary>
internal static class SignInLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly PathString[] Paths =
    [
        SignInPaths.SignIn, SetUp.Path, SignInPaths.Account, TaskLinks.Path, $"/{WorkflowsApi.DefaultPrefix}/identity/login", $"/{WorkflowsApi.DefaultPrefix}/identity/refresh-token",
    ];

    public static IServiceCollection AddSignInLimits(this IServiceCollection services, SignInSettings settings) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = RefuseAsync;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsSignIn(context.Request)
            ? RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = settings.AttemptsPerMinute, Window = Window })
            : RateLimitPartition.GetNoLimiter("any"));
    });

    private static bool IsSignIn(HttpRequest request) => HttpMethods.IsPost(request.Method) && Array.Exists(Paths, path => request.Path.StartsWithSegments(path));

    private static async ValueTask RefuseAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var context = rejected.HttpContext;
        context.RequestServices.GetRequiredService<ILogger<SetUp>>().TooManySignIns(context.Request.Method, context.Request.Path, context.Connection.RemoteIpAddress);
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Results.Problem(
            statusCode: StatusCodes.Status429TooManyRequests,
            title: "Too many attempts",
            detail: "Wait a minute, then try again.")
            .ExecuteAsync(context);
    }
}
