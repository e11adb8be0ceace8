using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Server.Startup;

/// <summary>Turns what a handler threw into problem details: what happened, whether anything was lost, what to do. Nothing of the inside goes out.</summary>
internal sealed partial class ProblemAnswers(IProblemDetailsService problems, ILogger<ProblemAnswers> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "The request can not be read", Innermost(bad).Message),
            DbException or DbUpdateException => (
                StatusCodes.Status503ServiceUnavailable,
                "The database can not be used now",
                $"{Innermost(exception).Message} Nothing was stored. Check that the disk has space and the data directory can be written, then send the request again."),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong", "The server's log says more. Sending the request again with the same Idempotency-Key is harmless."),
        };
        if (status >= StatusCodes.Status500InternalServerError)
        {
            RequestFailed(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void RequestFailed(ILogger logger, Exception exception, string method, string path);
}
