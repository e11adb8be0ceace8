using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

// Event ids of the Windows side of this room: 7000 to 7049.
internal static partial class Log
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning,
        Message = "A script on lab server {Machine} ended by an error of its own: {Reason}")]
    public static partial void ScriptDied(this ILogger logger, string machine, string reason);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "A script on lab server {Machine} did not stop within {Seconds} s")]
    public static partial void ScriptDoesNotStop(this ILogger logger, string machine, double seconds);
}
