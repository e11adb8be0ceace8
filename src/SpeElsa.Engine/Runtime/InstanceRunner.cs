using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;
using Span = System.Diagnostics.Activity;

namespace SpeElsa.Engine.Runtime;

/// <summary>Runs one claimed instance until only waits are left.</summary>
/// <remarks>
/// 1. Load state, stimuli and the definition version the instance is bound to. 2. Put scheduled work back: what a stop had cut off goes on first.
/// 3. Match one stimulus to a bookmark; what matches nothing waits. 4. Run the burst. 5. Match the next against the new bookmarks, and repeat.
/// 6. Commit and let go.
/// </remarks>
internal sealed class InstanceRunner(
    IRuntimeStore store,
    DefinitionCatalog definitions,
    InputEvaluator inputs,
    HoldOrders holds,
    MigrationRunner migrations,
    IServiceProvider services,
    OutboxBell outboxBell,
    CommitObservers observers,
    TimeProvider timeProvider,
    IFaultPoints faultPoints,
    EngineMeter meter,
    ILogger<Burst> logger)
{
    /// <exception cref="InvalidDefinitionException">The instance's definition can not be read.</exception>
    /// <exception cref="InvalidDataException">The instance's state can not be read.</exception>
    /// <exception cref="CommitLostException">Somebody else has the instance.</exception>
    public async Task RunAsync(Claim claim, CancellationToken cancellationToken)
    {
        using var span = EngineTraces.StartBurst(claim.InstanceId);
        try
        {
            await RunAsync(claim, span, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            span.Fail();
            throw;
        }
    }

    private async Task RunAsync(Claim claim, Span? span, CancellationToken cancellationToken)
    {
        var loaded = await store.LoadAsync(claim.InstanceId, cancellationToken);
        if (loaded is null)
        {
            return;
        }

        span.Describe(loaded.Instance);
        var graph = await definitions.GetAsync(loaded.Instance.DefinitionVersionId, loaded.Instance.DefinitionHash, cancellationToken);
        var open = loaded.Stimuli.ToList();
        var migrated = await migrations.ApplyAsync(loaded, graph, open, cancellationToken);
        var boundTo = loaded.Instance.DefinitionVersionId;
        loaded = migrated.Loaded;
        var workflow = Restore(loaded, migrated.Graph, cancellationToken);
        var session = new InstanceSession(store, outboxBell, observers, meter, faultPoints, claim, loaded, workflow, boundTo);
        foreach (var outcome in migrated.Outcomes)
        {
            session.Mark(outcome.Stimulus, StimulusState.Consumed);
            if (workflow.Root is { } root)
            {
                workflow.Log(root, outcome.EventName, outcome.Message, payload: outcome.Payload);
            }
        }

        var burst = new Burst(inputs, session, logger, holds);
        if (workflow.Status is WorkflowStatus.Running && workflow.HasScheduledWork)
        {
            await burst.RunAsync(workflow);
        }

        while (MatchNext(workflow, session, open))
        {
            if (workflow.SubStatus is not WorkflowSubStatus.Pending || workflow.HasScheduledWork)
            {
                await burst.RunAsync(workflow);
            }
        }

        foreach (var stimulus in open)
        {
            session.Mark(stimulus, workflow.SubStatus is WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled ? StimulusState.Superseded : StimulusState.Waiting);
        }

        if (workflow.Hold is not null || workflow.Status is WorkflowStatus.Finished)
        {
            holds.Done(workflow.Id);
        }

        await session.CloseAsync(cancellationToken);
        span.Stored(workflow.SubStatus);
    }

    private WorkflowExecutionContext Restore(LoadedInstance loaded, WorkflowGraph graph, CancellationToken cancellationToken)
    {
        var workflow = new WorkflowExecutionContext(services, graph, loaded.Instance.Id, timeProvider, cancellationToken)
        {
            CreatedAt = loaded.Instance.CreatedAt,
            Name = loaded.Instance.Name,
            CorrelationId = loaded.Instance.CorrelationId,
            ParentWorkflowInstanceId = loaded.Instance.ParentInstanceId,
        };
        if (loaded.State is not null)
        {
            StateMapper.Apply(StateCodec.Decode(loaded.State), workflow);
        }

        return workflow;
    }

    /// <summary>
    /// Takes one out of the open stimuli that the workflow can handle now: an order to end before all others, then one to hold, else the oldest. One at a time,
    /// because what one stimulus does may end the wait that the next is for.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    private static bool MatchNext(WorkflowExecutionContext workflow, InstanceSession session, List<StoredStimulus> open)
    {
        var next = open.Where(stored => workflow.Status is WorkflowStatus.Running || stored.Stimulus.Kind is StimulusKind.Retry)
            .OrderByDescending(stored => stored.Stimulus.Kind is StimulusKind.Cancel)
            .ThenByDescending(stored => stored.Stimulus.Kind is StimulusKind.Hold or StimulusKind.Release)
            .FirstOrDefault(stored => TryApply(workflow, stored.Stimulus));
        if (next is null)
        {
            return false;
        }

        // Who asked twice meant the same fault, not the next one.
        StoredStimulus[] handled = next.Stimulus.Kind is StimulusKind.Retry
            ? [next, .. open.Where(other => other != next && other.Stimulus.Kind is StimulusKind.Retry && TryApply(workflow, other.Stimulus))]
            : [next];
        foreach (var stimulus in handled)
        {
            open.Remove(stimulus);
            session.Mark(stimulus, StimulusState.Consumed);
        }

        return true;
    }

    private static bool TryApply(WorkflowExecutionContext workflow, Stimulus stimulus)
    {
        switch (stimulus.Kind)
        {
            case StimulusKind.Start:
                if (workflow.SubStatus is WorkflowSubStatus.Pending && !workflow.HasScheduledWork)
                {
                    Begin(workflow, ReadInput(stimulus));
                }

                return true;
            case StimulusKind.Retry:
                Retry.Apply(workflow, RetryInput.Of(ReadInput(stimulus)));
                return true;
            case StimulusKind.Change:
                return VariableChange.Apply(workflow, ReadInput(stimulus));
            case StimulusKind.Hold:
            case StimulusKind.Release:
                HoldChange.Apply(workflow, stimulus, ReadInput(stimulus));
                return true;
            case StimulusKind.Cancel:
                if (workflow.Root is { } root)
                {
                    workflow.Log(root, "CancelRequested", payload: ReadInput(stimulus));
                }

                WorkflowEnd.Finish(workflow, WorkflowSubStatus.Cancelled);
                return true;
            default:
                return TryResume(workflow, stimulus);
        }
    }

    private static void Begin(WorkflowExecutionContext workflow, Dictionary<string, object?> input)
    {
        var options = StartOptions.TakeFrom(input);
        foreach (var (key, value) in input)
        {
            workflow.RunInput[key] = value;
        }

        AddProperties(workflow, options);
        if (options.Created)
        {
            return;
        }

        workflow.TriggerActivityId = options.TriggerActivityId;
        workflow.InitialVariables = options.Variables;
        workflow.Schedule(workflow.WorkflowGraph.Root, null, null);
    }

    private static void AddProperties(WorkflowExecutionContext workflow, StartOptions options)
    {
        foreach (var (key, value) in options.Properties)
        {
            workflow.Properties[key] = value;
        }
    }

    private static bool TryResume(WorkflowExecutionContext workflow, Stimulus stimulus)
    {
        var bookmark = workflow.Bookmarks.FirstOrDefault(candidate => stimulus.BookmarkId is null
            ? candidate.Hash == stimulus.Hash
            : candidate.Id == stimulus.BookmarkId);
        if (bookmark is null || workflow.FindContext(bookmark.ActivityInstanceId) is not { } context)
        {
            return false;
        }

        var input = ReadInput(stimulus);
        AddProperties(workflow, StartOptions.TakeFrom(input));
        workflow.Resume(bookmark, context, input);
        return true;
    }

    private static Dictionary<string, object?> ReadInput(Stimulus stimulus)
    {
        try
        {
            return new(stimulus.Input is null ? [] : EngineJson.Read<Dictionary<string, object?>>(stimulus.Input)!, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentNullException)
        {
            throw new InvalidDataException($"The input of the stimulus '{stimulus.Key}' is not a JSON object: {exception.Message}", exception);
        }
    }
}
