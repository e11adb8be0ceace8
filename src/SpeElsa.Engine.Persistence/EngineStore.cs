using Elsa.Workflows;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>The engine's store on EF Core.</summary>
internal sealed class EngineStore(GroupCommitWriter writer, ReadConnections connections, IDbContextFactory<EngineDbContext> contexts) : IRuntimeStore
{
    private const int ConstraintViolated = 19;

    public Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(statements => Accept(statements, stimulus, instance, limit), cancellationToken);

    public Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>

        // Looked at outside the writer, so that a tick without due timers costs no commit.
        connections.Read(statements => statements.Any(EngineStatements.IsTimerDue, now))
            ? writer.ExecuteAsync(
                statements =>
                {
                    var due = statements.All(
                        EngineStatements.DueTimers, row => new TimerRecord(row.GetString(0), row.GetString(1), row.Instant(2)), now, limit);
                    foreach (var timer in due)
                    {
                        statements.Execute(EngineStatements.RemoveTimer, timer.BookmarkId);
                        Accept(statements, TimerStimulus.For(timer, now), null, ActivationLimit.None);
                    }

                    return due.Count;
                },
                cancellationToken)
            : Task.FromResult(0);

    public Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.NextDue, row => row.InstantOrNone(0))));

    public async Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        if (!connections.Read(statements => statements.Any(EngineStatements.IsTriggerDue, now)))
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Triggers.AsNoTracking()
            .Where(row => row.DueAt != null && row.DueAt <= now)
            .OrderBy(row => row.DueAt)
            .ThenBy(row => row.Id)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    public Task<AcceptResult?> FireTriggerAsync(
        string triggerId,
        DateTimeOffset expectedDueAt,
        DateTimeOffset? nextDueAt,
        Stimulus start,
        InstanceRecord instance,
        ActivationLimit limit,
        CancellationToken cancellationToken) => writer.ExecuteAsync(
            statements => statements.Execute(EngineStatements.MoveTrigger, triggerId, expectedDueAt, nextDueAt) == 0
                ? null
                : Accept(statements, start, instance, limit),
            cancellationToken);

    public Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(
            connections.Read(statements => statements.All(EngineStatements.Ready, row => row.GetString(0), now, now + Lease.Longest, limit)));

    public Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(
            statements => statements.First(
                EngineStatements.Claim, row => new Claim(instanceId, worker, row.GetInt64(0)), instanceId, worker, leaseUntil, now, now + Lease.Longest),
            cancellationToken);

    public Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        writer.WriteAsync<IReadOnlyList<string>>(
            async context =>
            {
                await context.Instances.Where(row => row.Owner == worker)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, leaseUntil), CancellationToken.None);
                return await context.Instances.Where(row => row.Owner == worker).Select(row => row.Id).ToListAsync(CancellationToken.None);
            },
            cancellationToken);

    public Task<int> EvictAsync(string survivingWorker, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            context => context.Instances.Where(row => row.Owner != null && row.Owner != survivingWorker)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, (string?)null), CancellationToken.None),
            cancellationToken);

    public Task ReleaseAsync(Claim claim, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            context => Held(context, claim).ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, (string?)null), CancellationToken.None),
            cancellationToken);

    public Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            context => Held(context, claim).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Owner, (string?)null).SetProperty(row => row.SetAside, reason),
                CancellationToken.None),
            cancellationToken);

    public Task<bool> PutBackAsync(string instanceId, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async context => await context.Instances.Where(row => row.Id == instanceId && row.SetAside != null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.SetAside, (string?)null), CancellationToken.None) > 0,
            cancellationToken);

    public Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(connections.ReadMoment(statements => statements.First(EngineStatements.Instance, InstanceColumns.Read, instanceId) is { } instance
            ? new LoadedInstance(
                instance,
                statements.First(EngineStatements.State, row => row.GetFieldValue<byte[]>(0), instanceId),
                statements.All(EngineStatements.OpenStimuli, StimulusColumns.Read, instanceId))
            : null));

    public Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(statements => Commit(statements, checkpoint), cancellationToken);

    public Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OutboxRecord>>(connections.Read(statements => statements.All(
            EngineStatements.NextOutbox, row => new OutboxRecord(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4)), limit)));

    public Task CompleteOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => context.Outbox.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None), cancellationToken);

    public Task<InstanceDeletion> DeleteInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async context =>
            {
                var rows = (await context.Instances.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.Status, row.Owner }).ToListAsync(CancellationToken.None))
                    .ToLookup(row => row is { Status: WorkflowStatus.Finished, Owner: null }, row => row.Id);
                string[] ended = [.. rows[true]];
                await context.Timers.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                await context.Bookmarks.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                foreach (var instanceId in ended)
                {
                    var executions = ExecutionsOf(instanceId);
                    await context.Executions.Where(row => executions.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None);
                }

                await context.JournalPages.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                await context.States.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                await context.Instances.Where(row => ended.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None);
                return new InstanceDeletion(ended.Length, [.. rows[false]]);
            },
            cancellationToken);

    private HashSet<string> ExecutionsOf(string instanceId)
    {
        try
        {
            return [.. connections.ReadMoment(statements => JournalReader.Read(statements, instanceId, 0).Select(row => row.ActivityInstanceId).ToList())];
        }
        catch (InvalidDataException)
        {
            // A damaged journal can be deleted, too. What leads from its executions to it leads to nothing then.
            return [];
        }
    }

    private static IQueryable<InstanceRow> Held(EngineDbContext context, Claim claim) =>
        context.Instances.Where(row => row.Id == claim.InstanceId && row.Owner == claim.Worker && row.Epoch == claim.Epoch);

    private static AcceptResult Accept(Statements statements, Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit)
    {
        if (statements.First(EngineStatements.StimulusOfKey, StimulusColumns.Read, stimulus.Key) is { } known)
        {
            return new AcceptResult(known.Stimulus.Fingerprint == stimulus.Fingerprint ? Acceptance.Duplicate : Acceptance.KeyReused, known);
        }

        if (stimulus.Target is not null && statements.First(EngineStatements.StimulusOfTarget, StimulusColumns.Read, stimulus.Target) is { } taken)
        {
            return new AcceptResult(Acceptance.TargetTaken, taken);
        }

        if (instance is not null)
        {
            // A draft may be saved between the look at it and its start; an instance that is bound to what is gone could never run.
            if (statements.Any(EngineStatements.DefinitionDiffers, instance.DefinitionVersionId, instance.DefinitionHash))
            {
                return new AcceptResult(Acceptance.DefinitionChanged, null);
            }

            if (IsInTheWay(statements, instance, limit))
            {
                return new AcceptResult(Acceptance.NotAllowed, null);
            }

            InstanceColumns.Add(statements, instance);
        }

        if (statements.First(EngineStatements.Standing, row => new Standing(row.Name<WorkflowStatus>(0), row.Name<WorkflowSubStatus>(1)), stimulus.InstanceId) is not { } found)
        {
            return new AcceptResult(Acceptance.UnknownInstance, null);
        }

        var answer = InboxRules.AnswerTo(found.Status, found.SubStatus, stimulus.Kind);
        if (answer is InboxAnswer.Refuse)
        {
            return new AcceptResult(Acceptance.InstanceFinished, null);
        }

        var sequence = StimulusColumns.Add(statements, stimulus);
        if (answer is InboxAnswer.Wake)
        {
            statements.Execute(EngineStatements.Wake, stimulus.InstanceId, stimulus.ReceivedAt);
        }

        return new AcceptResult(Acceptance.Accepted, new StoredStimulus(sequence, stimulus, StimulusState.Pending));
    }

    private static bool IsInTheWay(Statements statements, InstanceRecord instance, ActivationLimit limit) => limit switch
    {
        ActivationLimit.OnePerDefinition => statements.Any(EngineStatements.RunsOfDefinition, instance.DefinitionId),
        ActivationLimit.OnePerDefinitionAndCorrelation => instance.CorrelationId is not null
            && statements.Any(EngineStatements.RunsOfDefinitionAndCorrelation, instance.DefinitionId, instance.CorrelationId),
        ActivationLimit.OnePerCorrelation => instance.CorrelationId is not null && statements.Any(EngineStatements.RunsOfCorrelation, instance.CorrelationId),
        _ => false,
    };

    /// <summary>The fence comes first: if the conditional update finds no row, nothing else is written.</summary>
    private static CommitOutcome Commit(Statements statements, Checkpoint checkpoint)
    {
        var instance = checkpoint.Instance;
        if (InstanceColumns.Update(statements, checkpoint) == 0)
        {
            return CommitOutcome.Superseded;
        }

        statements.Execute(EngineStatements.KeepState, instance.Id, checkpoint.State);
        foreach (var id in checkpoint.RemovedBookmarks)
        {
            statements.Execute(EngineStatements.RemoveBookmark, id);
            statements.Execute(EngineStatements.RemoveTimer, id);
        }

        foreach (var (sequence, state) in checkpoint.Stimuli)
        {
            statements.Execute(EngineStatements.MarkStimulus, sequence, state);
        }

        try
        {
            AddRows(statements, checkpoint);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is ConstraintViolated)
        {
            // What the database refuses for what it is, is the checkpoint's fault and set aside some day; everything else is the database's and passes.
            throw new InvalidOperationException($"The checkpoint of '{instance.Id}' can not be stored: {exception.Message}", exception);
        }

        // Stimuli that came while the burst ran are not in its list: the instance stays ready for them.
        var ready = checkpoint.HasWork || statements.Any(EngineStatements.HasPending, instance.Id);
        statements.Execute(EngineStatements.SetReady, instance.Id, ready, ready ? instance.UpdatedAt : null);
        return CommitOutcome.Committed;
    }

    private static void AddRows(Statements statements, Checkpoint checkpoint)
    {
        foreach (var row in checkpoint.AddedBookmarks)
        {
            var isAdded = statements.Execute(
                EngineStatements.AddBookmark,
                row.Id, row.InstanceId, row.Name, row.Hash, row.ActivityId, row.ActivityNodeId, row.ActivityInstanceId, row.Payload, row.CreatedAt);
            if (isAdded == 0)
            {
                throw new InvalidOperationException($"A bookmark with the id '{row.Id}' is waiting already; choose another id.");
            }
        }

        foreach (var row in checkpoint.Timers)
        {
            statements.Execute(EngineStatements.AddTimer, row.BookmarkId, row.InstanceId, row.DueAt);
        }

        if (checkpoint.Journal is [var first, ..] journal)
        {
            statements.Execute(EngineStatements.AddJournalPage, first.InstanceId, first.Sequence, journal.Count, journal[^1].Hash, JournalPages.Encode(journal));
            foreach (var row in journal.Where(row => row.EventName is "Started" or "Faulted"))
            {
                statements.Execute(EngineStatements.AddExecution, row.ActivityInstanceId, row.InstanceId);
            }
        }

        foreach (var row in checkpoint.Outbox)
        {
            statements.Execute(EngineStatements.AddOutbox, row.Id, row.InstanceId, row.Kind, row.Payload, row.CreatedAt);
        }
    }

    /// <summary>How an instance stands, as far as the inbox asks.</summary>
    private sealed record Standing(WorkflowStatus Status, WorkflowSubStatus SubStatus);
}
