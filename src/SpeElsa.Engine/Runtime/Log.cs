using Microsoft.Extensions.Logging;

namespace SpeElsa.Engine.Runtime;

internal static partial class Log
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "The database did not answer; trying again")]
    public static partial void StoreFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Discarded a burst of {WorkflowInstanceId}: epoch {Epoch} no longer holds it")]
    public static partial void CommitSuperseded(this ILogger logger, string workflowInstanceId, long epoch);

    [LoggerMessage(EventId = 2103, Level = LogLevel.Error, Message = "Set {WorkflowInstanceId} aside: it can not be run as it is stored")]
    public static partial void InstanceSetAside(this ILogger logger, Exception exception, string workflowInstanceId);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Error, Message = "Running {WorkflowInstanceId} failed for the {Count}. time; trying again in {Pause}")]
    public static partial void InstanceFailed(this ILogger logger, Exception exception, string workflowInstanceId, int count, TimeSpan pause);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Error, Message = "Relaying outbox row {OutboxId} ({Kind}) failed; trying again in {Pause}")]
    public static partial void RelayFailed(this ILogger logger, Exception exception, string outboxId, string kind, TimeSpan pause);

    [LoggerMessage(EventId = 2106, Level = LogLevel.Information, Message = "Took over {Count} instances from workers that are no longer alive")]
    public static partial void Evicted(this ILogger logger, int count);

    [LoggerMessage(EventId = 2107, Level = LogLevel.Information, Message = "Published {DefinitionId} version {Version} from {File}")]
    public static partial void DefinitionPublished(this ILogger logger, string definitionId, int version, string file);

    [LoggerMessage(EventId = 2108, Level = LogLevel.Error, Message = "Left out the workflow file {File}")]
    public static partial void DefinitionLeftOut(this ILogger logger, Exception exception, string file);

    [LoggerMessage(EventId = 2109, Level = LogLevel.Error, Message = "The trigger {TriggerId} of {DefinitionId} did not start it; trying again in {Pause}")]
    public static partial void TriggerFailed(this ILogger logger, Exception exception, string triggerId, string definitionId, TimeSpan pause);

    [LoggerMessage(EventId = 2110, Level = LogLevel.Error, Message = "An observer failed to hear of a commit of {WorkflowInstanceId}; the commit stands")]
    public static partial void ObserverFailed(this ILogger logger, Exception exception, string workflowInstanceId);
}
