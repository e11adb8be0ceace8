using Microsoft.Extensions.Logging;

namespace SpeElsa.Machines;

// Event ids of this room: 4000 to 4099.
internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Debug, Message = "Script {Script} ran on {Machine} in {ElapsedMilliseconds} ms")]
    public static partial void ScriptRan(this ILogger logger, string script, string machine, double elapsedMilliseconds);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "Script {Script} on {Machine}: {Line}")]
    public static partial void ScriptSaid(this ILogger logger, string script, string machine, string line);
}
