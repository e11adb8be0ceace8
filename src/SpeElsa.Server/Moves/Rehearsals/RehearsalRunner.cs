using System.Collections.Concurrent;
using System.Text.Json;
using Elsa.Workflows;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Moves.Plans;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>
/// Brings rehearsals forward: looks at the machines, makes the copies, starts the move on them, has its tasks answered, and removes the copies when they are of no
/// use. Everything it does is found in the stores, so it begins anew after a start.
/// </summary>
internal sealed partial class RehearsalRunner(
    RehearsalStore store,
    RehearsalCopies copies,
    StandIn standIn,
    PlanStore plans,
    IFleet fleet,
    IInstanceReader reader,
    StimulusInbox inbox,
    EndingMoves ending,
    ServerOptions options,
    TimeProvider timeProvider,
    ILogger<RehearsalRunner> logger) : BackgroundService, ICommitObserver
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _rung = new(1, 1);
    private readonly Dictionary<string, Task> _working = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);

    /// <summary>Something has changed: look now.</summary>
    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been woken already.
        }
    }

    /// <inheritdoc />
    public void Committed(InstanceRecord instance)
    {
        if (RehearsalId.PlanOf(instance.Id) is { } planId)
        {
            _changed[planId] = true;
            Ring();
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _rung.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var rehearsal in store.All.Where(rehearsal => !rehearsal.HasEnded || rehearsal.HasCopies))
            {
                if (!_working.TryGetValue(rehearsal.PlanId, out var work) || work.IsCompleted)
                {
                    // Side by side, since a machine that does not answer holds up only its own rehearsal.
                    _working[rehearsal.PlanId] = LookAsync(rehearsal.PlanId, stoppingToken);
                }
            }

            try
            {
                await _rung.WaitAsync(LookEvery, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(_working.Values);
    }

    private async Task LookAsync(string planId, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                _changed.TryRemove(planId, out _);
                await GoOnAsync(store.Find(planId)!, cancellationToken);
            }
            while (_changed.ContainsKey(planId));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops; the next start finds where it was.
        }
#pragma warning disable CA1031 // The edge of the work: what can not be done now is tried again by the next look.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LookFailed(logger, planId, exception);
        }
    }

    private async Task GoOnAsync(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        var plan = await plans.FindAsync(rehearsal.PlanId, cancellationToken);
        var isOver = plan is null or { State: PlanState.Starting or PlanState.Started or PlanState.Cancelled };
        var move = await reader.FindAsync(rehearsal.Id, cancellationToken);
        if (!rehearsal.HasEnded)
        {
            await (rehearsal.Stage is RehearsalStage.Preparing ? PrepareAsync(rehearsal, isOver, cancellationToken)
                : move is null ? StartAsync(rehearsal, cancellationToken)
                : move is { Status: WorkflowStatus.Finished } or { SetAside: not null } ? EndAsync(rehearsal)
                : isOver ? CancelAsync(rehearsal, "Its plan was started or called off.", cancellationToken)
                : PlayAsync(rehearsal, cancellationToken));
        }
        else if (move is { Status: not WorkflowStatus.Finished, SetAside: null })
        {
            await CancelAsync(rehearsal, "Its copies are gone.", cancellationToken);
        }
        else if (isOver && await reader.FindAsync(UndoWorkflow.InstanceIdOf(rehearsal.Id), cancellationToken) is null or { Status: WorkflowStatus.Finished })
        {
            await RemoveCopiesAsync(rehearsal);
            Removed(logger, rehearsal.Id);
        }
    }

    /// <summary>Looks at the real machines, and makes the copies. Cut off, all of it is done again.</summary>
    private async Task PrepareAsync(Rehearsal rehearsal, bool isOver, CancellationToken cancellationToken)
    {
        try
        {
            // Those of the last rehearsal, or those that a stop has left half made.
            await RemoveCopiesAsync(rehearsal);
            if (isOver)
            {
                throw new RehearsalRefusedException("The plan was started or called off before the copies were made.");
            }

            var machines = rehearsal.Inputs.Where(input => input.Key != "newName").Select(input => input.Value.ValueKind is JsonValueKind.String ? input.Value.GetString()! : "")
                .Select(value => fleet.Names.FirstOrDefault(name => string.Equals(name, value, StringComparison.OrdinalIgnoreCase))).OfType<string>().ToArray();
            var manager = fleet.Settings(Text(rehearsal, "managementServer") ?? Text(rehearsal, "source") ?? throw new RehearsalRefusedException("The plan names no machine with a Management Server."));
            var accessName = Text(rehearsal, "clientAccessName");
            var found = await new FleetDiscovery(fleet, timeProvider).RunAsync(manager.Name, machines, accessName, cancellationToken);
            var planner = new CopyPlanner(found, rehearsal.PlanId, options.Plans.RehearsalBytes);
            var order = planner.Order(manager, accessName);
            var inputs = planner.Inputs(rehearsal.Inputs);
            var prepared = store.Change(rehearsal.PlanId, last => last with { Machines = planner.Machines, CopyInputs = inputs, Notes = planner.Notes, HasCopies = true });
            await copies.MakeAsync(prepared, order, cancellationToken);
            await StartAsync(store.Change(rehearsal.PlanId, last => last with { Stage = RehearsalStage.Running }), cancellationToken);
        }
#pragma warning disable CA1031 // Whatever keeps a rehearsal from its copies is its outcome, and stands in the plan.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            await RemoveCopiesAsync(rehearsal);
            store.Change(rehearsal.PlanId, last => last.Note($"It could not be prepared: {exception.Message}") with { Stage = RehearsalStage.Failed, EndedAt = timeProvider.GetUtcNow() });
            NotPrepared(logger, rehearsal.Id, exception);
        }
    }

    private async Task RemoveCopiesAsync(Rehearsal rehearsal)
    {
        await copies.RemoveAsync(rehearsal.PlanId);
        store.Change(rehearsal.PlanId, last => last with { HasCopies = false });
    }

    /// <summary>The key makes a repeat harmless.</summary>
    private async Task StartAsync(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        if (RehearsalFaults.Set(rehearsal, copies.Find(rehearsal.PlanId)) is { Count: > 0 } faults)
        {
            store.Change(rehearsal.PlanId, last => last.Note($"These faults were set; a restart of the server forgets those that have not happened: {string.Join(", ", faults)}."));
        }

        await inbox.StartAsync(
            new StartRequest
            {
                Key = $"rehearsal:{rehearsal.Id}",
                InstanceId = rehearsal.Id,
                DefinitionId = rehearsal.Scenario,
                Input = rehearsal.CopyInputs.ToDictionary(input => input.Key, input => (object?)input.Value),
                CorrelationId = rehearsal.PlanId,
                Name = $"Rehearsal: {rehearsal.Name}",
            },
            cancellationToken);
        Started(logger, rehearsal.Id, rehearsal.Name);
    }

    private async Task PlayAsync(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        if (rehearsal.AnswerTasks && await standIn.AnswerAsync(rehearsal, cancellationToken) is { } why)
        {
            store.Change(rehearsal.PlanId, last => last.Note($"The stand-in gave up: {why}"));
            await CancelAsync(rehearsal, why, cancellationToken);
        }
    }

    private async Task CancelAsync(Rehearsal rehearsal, string reason, CancellationToken cancellationToken)
    {
        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = $"cancel:{rehearsal.Id}",
                Kind = StimulusKind.Cancel,
                InstanceId = rehearsal.Id,
                Input = JsonSerializer.Serialize(new CancelMoveRequest(StandIn.Name, reason), JsonSerializerOptions.Web),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            cancellationToken);
        if (result.Acceptance is Acceptance.Accepted)
        {
            ending.Add(rehearsal.Id);
        }
    }

    private Task EndAsync(Rehearsal rehearsal)
    {
        store.Change(rehearsal.PlanId, last => last with { Stage = RehearsalStage.Ended, EndedAt = timeProvider.GetUtcNow() });
        Ended(logger, rehearsal.Id);
        return Task.CompletedTask;
    }

    private static string? Text(Rehearsal rehearsal, string input) =>
        rehearsal.Inputs.TryGetValue(input, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    [LoggerMessage(EventId = 7611, Level = LogLevel.Information, Message = "The rehearsal {RehearsalId} ({Name}) runs on its copies")]
    private static partial void Started(ILogger logger, string rehearsalId, string name);

    [LoggerMessage(EventId = 7612, Level = LogLevel.Information, Message = "The rehearsal {RehearsalId} has ended")]
    private static partial void Ended(ILogger logger, string rehearsalId);

    [LoggerMessage(EventId = 7613, Level = LogLevel.Information, Message = "The copies of the rehearsal {RehearsalId} are removed")]
    private static partial void Removed(ILogger logger, string rehearsalId);

    [LoggerMessage(EventId = 7614, Level = LogLevel.Warning, Message = "The rehearsal {RehearsalId} could not be prepared")]
    private static partial void NotPrepared(ILogger logger, string rehearsalId, Exception exception);

    [LoggerMessage(EventId = 7615, Level = LogLevel.Error, Message = "The rehearsal of the plan {PlanId} could not be brought forward; it is tried again")]
    private static partial void LookFailed(ILogger logger, string planId, Exception exception);
}
