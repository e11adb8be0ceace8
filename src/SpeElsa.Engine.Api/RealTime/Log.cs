using Microsoft.Extensions.Logging;

namespace SpeElsa.Engine.Api.RealTime;

internal static partial class Log
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Error, Message = "Telling observers of {WorkflowInstanceId} failed; they see it late")]
    public static partial void UpdateFailed(this ILogger logger, Exception exception, string workflowInstanceId);
}
