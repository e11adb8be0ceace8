using Microsoft.Extensions.Logging;

namespace SpeElsa.MailStore;

internal static partial class Log
{
    [LoggerMessage(EventId = 5101, Level = LogLevel.Debug,
        Message = "Management API call {Function} on {Server} ended as {StatusCode} after {ElapsedMilliseconds} ms")]
    public static partial void CallEnded(this ILogger logger, string function, string server, string statusCode, long elapsedMilliseconds);

    [LoggerMessage(EventId = 5102, Level = LogLevel.Information,
        Message = "Management API call {Function} on {Server} goes on in the background")]
    public static partial void CallRunsOn(this ILogger logger, string function, string server);

    [LoggerMessage(EventId = 5103, Level = LogLevel.Warning,
        Message = "Could not ask {Server} how {Function} is going, attempt {Attempt}: {Failure}")]
    public static partial void StatusUnreachable(
        this ILogger logger, string server, string function, int attempt, ManagementApiFailure failure);

    [LoggerMessage(EventId = 5104, Level = LogLevel.Information,
        Message = "{Server} refused a password of {UserName}, trying the other one")]
    public static partial void OtherPassword(this ILogger logger, string server, string userName);
}
