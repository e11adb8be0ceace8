using System.Data.Common;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace SpeElsa.Server.Startup;

/// <summary>Turns what a handler threw into problem details: what happened, whether anything was lost, what to do. Nothing of the inside goes out.</summary>
internal sealed partial class ProblemAnswers(IProblemDetailsService problems, ILogger<ProblemAnswers> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "5";
    private const string WhatThereIs = "GET /openapi/v1.json lists what there is and how it is used.";

    /// <summary>Says what to do where nobody else has: in refusals of the server itself.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var (request, problem) = (context.HttpContext.Request, context.ProblemDetails);
        if (string.IsNullOrWhiteSpace(problem.Detail) && problem is not HttpValidationProblemDetails)
        {
            problem.Detail = problem.Status switch
            {
                StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. {WhatThereIs}",
                StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not known here, only {context.HttpContext.Response.Headers.Allow}. {WhatThereIs}",
                StatusCodes.Status415UnsupportedMediaType => "Send the body as JSON, with the header 'Content-Type: application/json'.",
                _ => $"The request is not as it should be. {WhatThereIs}",
            };
        }
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, title, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "The request can not be read", Innermost(bad).Message),
            AntiforgeryValidationException => (
                StatusCodes.Status400BadRequest, "The form can not be read", "Send it as the page does: application/x-www-form-urlencoded, or multipart/form-data with its boundary. Nothing was changed."),
            _ when UnknownCharset(httpContext.Request) is { } charset => (
                StatusCodes.Status415UnsupportedMediaType, "The request can not be read", $"Nobody knows the charset '{charset}'. Send JSON as UTF-8, with the header 'Content-Type: application/json'."),
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

    /// <summary>The charset of a body, where there is none of that name.</summary>
    private static string? UnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type is { Charset: { HasValue: true } charset, Encoding: null } ? charset.ToString() : null;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner ? Innermost(inner) : exception;

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void RequestFailed(ILogger logger, Exception exception, string method, string path);
}

/// <summary>Writes problem details for whoever says that he takes neither them nor JSON: an answer that says nothing helps nobody.</summary>
internal sealed class PlainProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        ProblemAnswers.Complete(context);
        await context.HttpContext.Response.WriteAsJsonAsync(context.ProblemDetails, context.ProblemDetails.GetType(), options: null, contentType: "application/problem+json");
    }
}
