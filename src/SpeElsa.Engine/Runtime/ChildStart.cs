using Elsa.Workflows;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>A run of another workflow that an activity asks for.</summary>
internal sealed record ChildStart(
    string InstanceId, string DefinitionId, string ParentInstanceId, string? ParentBookmarkId, string? CorrelationId, Dictionary<string, object?> Input, Hold? Hold = null)
{
    public const string OutboxKind = "start-workflow";

    /// <summary>The id of a child: it follows from the execution that asks for it, so that each is started once.</summary>
    /// <param name="executionId">The execution.</param>
    /// <param name="index">Which of its children it is, from 0.</param>
    public static string IdOf(string executionId, int index) => DerivedId.Of($"{executionId}/child", index);
}

/// <summary>Starts the workflows that activities ask for, once each. A child that can not be started is one that has faulted.</summary>
internal sealed class ChildStarter(StimulusInbox inbox, ChildEndedRelay relay) : IOutboxHandler
{
    public string Kind => ChildStart.OutboxKind;

    public async Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken)
    {
        var start = EngineJson.Read<ChildStart>(row.Payload)!;
        if (await StartAsync(start, cancellationToken) is { } error && start.ParentBookmarkId is { } bookmarkId)
        {
            await relay.TellAsync(
                new ChildEnded(start.ParentInstanceId, bookmarkId, start.InstanceId, WorkflowStatus.Finished, WorkflowSubStatus.Faulted, new Dictionary<string, object?>(), error),
                cancellationToken);
        }
    }

    /// <returns>Why it was not started, or null.</returns>
    private async Task<string?> StartAsync(ChildStart start, CancellationToken cancellationToken)
    {
        var properties = new Dictionary<string, object?>();
        if (start.ParentBookmarkId is not null)
        {
            properties[ChildEnded.ParentBookmarkKey] = start.ParentBookmarkId;
        }

        if (start.Hold is not null)
        {
            properties[Hold.PropertyKey] = start.Hold;
        }

        try
        {
            var result = await inbox.StartAsync(
                new StartRequest
                {
                    Key = $"child:{start.InstanceId}",
                    InstanceId = start.InstanceId,
                    DefinitionId = start.DefinitionId,
                    ParentInstanceId = start.ParentInstanceId,
                    CorrelationId = start.CorrelationId,
                    Input = start.Input,
                    Properties = properties,
                },
                cancellationToken);
            return result.Acceptance is Acceptance.NotAllowed ? $"The activation strategy of '{start.DefinitionId}' allows no further run now." : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Definitions.InvalidDefinitionException)
        {
            return exception.Message;
        }
    }
}
