using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Identity;
using SpeElsa.Server.OperatorConsole;
using SpeElsa.Server.Storage;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Audit;

/// <summary>
/// Writes down who did what, when and from where: every request that is not only a look, whatever came of it. Neither bodies nor queries are kept, so no secret is.
/// What a move does is in its journal, which can not be changed; this is the rest.
/// </summary>
internal static partial class AuditTrail
{
    private const int LongestPath = 400;

    public static IApplicationBuilder UseAuditTrail(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!IsAct(context))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            var concerned = context.Items[typeof(AuditTrail)] as Account;
            await WriteAsync(context, context.User.Identity?.Name ?? concerned?.UserName, AccountOf(context.User) ?? concerned?.Id);
        }
    });

    /// <summary>Says whose account it is about where nobody has signed in yet.</summary>
    public static void Concerns(HttpContext context, Account account) => context.Items[typeof(AuditTrail)] = account;

    private static bool IsAct(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AuditedAct>() is not null || (
        !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method))
        && context.GetEndpoint() is { } endpoint
        && endpoint.Metadata.GetMetadata<NeededPermissions>()?.OnlyReads != true
        && !context.Request.Path.StartsWithSegments("/elsa/hubs")
        && !context.Request.Path.StartsWithSegments(ConsoleHosting.ConnectionPath));

    private static string? AccountOf(ClaimsPrincipal user) =>
        user.Identity?.AuthenticationType == WorkflowIdentity.ApiKeyScheme ? null : user.FindFirst(ClaimTypes.NameIdentifier)?.Value;

    private static async Task WriteAsync(HttpContext context, string? actor, string? account)
    {
        try
        {
            await using var database = await context.RequestServices.GetRequiredService<IDbContextFactory<ServerDbContext>>().CreateDbContextAsync(CancellationToken.None);
            database.Audit.Add(new AuditRow
            {
                At = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
                Actor = actor,
                Account = account,
                Address = context.Connection.RemoteIpAddress?.ToString(),
                Method = context.Request.Method,
                Path = PathOf(context.Request),
                Status = context.Response.StatusCode,
            });
            await database.SaveChangesAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // What was done is done and has been answered; that it could not be written down stands in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            NotWritten(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AuditTrail)), exception, context.Request.Method, PathOf(context.Request), actor);
        }
    }

    /// <summary>The code of a link is as good as a password.</summary>
    private static string PathOf(HttpRequest request)
    {
        var path = request.Path.StartsWithSegments(TaskLinks.Path) ? $"{TaskLinks.Path}/…" : request.Path.ToString();
        return path.Length > LongestPath ? path[..LongestPath] : path;
    }

    [LoggerMessage(EventId = 7601, Level = LogLevel.Error, Message = "{Method} {Path} by {Actor} could not be written to the audit trail")]
    private static partial void NotWritten(ILogger logger, Exception exception, string method, string path, string? actor);
}

/// <summary>Marks an endpoint that acts although it is asked like one that only shows, as a browser does that comes back from somewhere.</summary>
internal sealed class AuditedAct;
