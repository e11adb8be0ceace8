using Elsa.Workflows;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>The engine's store on EF Core.</summary>
internal sealed class EngineStore(GroupCommitWriter writer, IDbContextFactory<EngineDbContext> contexts) : IRuntimeStore
{
    private const int ConstraintViolated = 19;

    public Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => AcceptAsync(context, stimulus, instance, limit), cancellationToken);

    public Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        RaiseAsync(now, limit, cancellationToken);

    public async Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var timer = await context.Timers.OrderBy(row => row.DueAt).Select(row => (DateTimeOffset?)row.DueAt).FirstOrDefaultAsync(cancellationToken);
        var trigger = await context.Triggers.Where(row => row.DueAt != null).OrderBy(row => row.DueAt).Select(row => row.DueAt).FirstOrDefaultAsync(cancellationToken);
        return timer is null || trigger < timer ? trigger : timer;
    }

    public async Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
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
        CancellationToken cancellationToken) => writer.WriteAsync<AcceptResult?>(
            async context => await context.Triggers.Where(row => row.Id == triggerId && row.DueAt == expectedDueAt)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, nextDueAt), CancellationToken.None) == 0
                    ? null
                    : await AcceptAsync(context, start, instance, limit),
            cancellationToken);

    public async Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Free(context, now)
            .OrderBy(row => row.UpdatedAt)
            .Take(limit)
            .Select(row => row.Id)
            .ToListAsync(cancellationToken);
    }

    public Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        writer.WriteAsync<Claim?>(
            async context =>
            {
                var taken = await Free(context, now)
                    .Where(row => row.Id == instanceId)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.Owner, worker).SetProperty(row => row.LeaseUntil, leaseUntil).SetProperty(row => row.Epoch, row => row.Epoch + 1),
                        CancellationToken.None);
                return taken == 0
                    ? null
                    : new Claim(instanceId, worker, await context.Instances.Where(row => row.Id == instanceId).Select(row => row.Epoch).SingleAsync(CancellationToken.None));
            },
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

    public async Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // One read transaction: state and stimuli are of the same moment.
        await using var snapshot = await context.Database.BeginReadAsync(cancellationToken);
        var row = await context.Instances.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == instanceId, cancellationToken);
        if (row is null)
        {
            return null;
        }

        var state = await context.States.AsNoTracking().Where(candidate => candidate.InstanceId == instanceId).Select(candidate => candidate.State).FirstOrDefaultAsync(cancellationToken);
        var stimuli = await context.Stimuli.AsNoTracking()
            .Where(stimulus => stimulus.InstanceId == instanceId && (stimulus.State == StimulusState.Pending || stimulus.State == StimulusState.Waiting))
            .OrderBy(stimulus => stimulus.Sequence)
            .ToListAsync(cancellationToken);
        return new LoadedInstance(row.ToRecord(), state, [.. stimuli.Select(stimulus => stimulus.ToStored())]);
    }

    public Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => CommitAsync(context, checkpoint), cancellationToken);

    public async Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Outbox.AsNoTracking().OrderBy(row => row.Sequence).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new OutboxRecord(row.Id, row.InstanceId, row.Kind, row.Payload, row.CreatedAt))];
    }

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
                await context.Journal.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                await context.States.Where(row => ended.Contains(row.InstanceId)).ExecuteDeleteAsync(CancellationToken.None);
                await context.Instances.Where(row => ended.Contains(row.Id)).ExecuteDeleteAsync(CancellationToken.None);
                return new InstanceDeletion(ended.Length, [.. rows[false]]);
            },
            cancellationToken);

    private static IQueryable<InstanceRow> Held(EngineDbContext context, Claim claim) =>
        context.Instances.Where(row => row.Id == claim.InstanceId && row.Owner == claim.Worker && row.Epoch == claim.Epoch);

    private static IQueryable<InstanceRow> Free(EngineDbContext context, DateTimeOffset now)
    {
        var longest = now + Lease.Longest;
        return context.Instances.Where(row => row.Ready && row.SetAside == null && (row.Owner == null || row.LeaseUntil <= now || row.LeaseUntil > longest));
    }

    private static async Task<AcceptResult> AcceptAsync(EngineDbContext context, Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit)
    {
        if (await context.Stimuli.AsNoTracking().FirstOrDefaultAsync(row => row.Key == stimulus.Key) is { } known)
        {
            return new AcceptResult(known.Fingerprint == stimulus.Fingerprint ? Acceptance.Duplicate : Acceptance.KeyReused, known.ToStored());
        }

        if (stimulus.Target is not null && await context.Stimuli.AsNoTracking().FirstOrDefaultAsync(row => row.Target == stimulus.Target) is { } taken)
        {
            return new AcceptResult(Acceptance.TargetTaken, taken.ToStored());
        }

        if (instance is not null)
        {
            // A draft may be saved between the look at it and its start; an instance that is bound to what is gone could never run.
            if (await context.Definitions.AnyAsync(row => row.Id == instance.DefinitionVersionId && row.ContentHash != instance.DefinitionHash))
            {
                return new AcceptResult(Acceptance.DefinitionChanged, null);
            }

            if (await IsInTheWayAsync(context, instance, limit))
            {
                return new AcceptResult(Acceptance.NotAllowed, null);
            }

            context.Instances.Add(InstanceRow.From(instance));
            await context.SaveChangesAsync();
        }

        var found = await context.Instances.Where(row => row.Id == stimulus.InstanceId).Select(row => new { row.Status, row.SubStatus }).FirstOrDefaultAsync();
        if (found is null)
        {
            return new AcceptResult(Acceptance.UnknownInstance, null);
        }

        var answer = InboxRules.AnswerTo(found.Status, found.SubStatus, stimulus.Kind);
        if (answer is InboxAnswer.Refuse)
        {
            return new AcceptResult(Acceptance.InstanceFinished, null);
        }

        var stored = StimulusRow.From(stimulus);
        context.Stimuli.Add(stored);
        await context.SaveChangesAsync();
        if (answer is InboxAnswer.Wake)
        {
            await context.Instances.Where(row => row.Id == stimulus.InstanceId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Ready, true));
        }

        return new AcceptResult(Acceptance.Accepted, stored.ToStored());
    }

    private static async Task<bool> IsInTheWayAsync(EngineDbContext context, InstanceRecord instance, ActivationLimit limit)
    {
        var others = context.Instances.Where(row => row.Status == WorkflowStatus.Running);
        var inTheWay = limit switch
        {
            ActivationLimit.OnePerDefinition => others.Where(row => row.DefinitionId == instance.DefinitionId),
            ActivationLimit.OnePerDefinitionAndCorrelation => others.Where(row => row.DefinitionId == instance.DefinitionId && row.CorrelationId == instance.CorrelationId),
            ActivationLimit.OnePerCorrelation => others.Where(row => row.CorrelationId == instance.CorrelationId),
            _ => null,
        };
        return inTheWay is not null && (limit is ActivationLimit.OnePerDefinition || instance.CorrelationId is not null) && await inTheWay.AnyAsync();
    }

    private async Task<int> RaiseAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            // Looked at outside the writer, so that a tick without due timers costs no commit.
            if (!await context.Timers.AnyAsync(timer => timer.DueAt <= now, cancellationToken))
            {
                return 0;
            }
        }

        return await writer.WriteAsync(
            async context =>
            {
                var due = await context.Timers.AsNoTracking().Where(timer => timer.DueAt <= now).OrderBy(timer => timer.DueAt).Take(limit).ToListAsync();
                foreach (var timer in due)
                {
                    await context.Timers.Where(row => row.BookmarkId == timer.BookmarkId).ExecuteDeleteAsync();
                    await AcceptAsync(context, TimerStimulus.For(timer, now), null, ActivationLimit.None);
                    context.ChangeTracker.Clear();
                }

                return due.Count;
            },
            cancellationToken);
    }

    /// <summary>The fence comes first: if the conditional update finds no row, nothing else is written.</summary>
    private static async Task<CommitOutcome> CommitAsync(EngineDbContext context, Checkpoint checkpoint)
    {
        var instance = checkpoint.Instance;
        var owner = checkpoint.Release ? null : checkpoint.Claim.Worker;
        var held = await Held(context, checkpoint.Claim).Where(row => row.StateVersion == checkpoint.ExpectedVersion).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.DefinitionVersionId, instance.DefinitionVersionId)
            .SetProperty(row => row.DefinitionVersion, instance.DefinitionVersion)
            .SetProperty(row => row.DefinitionHash, instance.DefinitionHash)
            .SetProperty(row => row.Status, instance.Status)
            .SetProperty(row => row.SubStatus, instance.SubStatus)
            .SetProperty(row => row.CorrelationId, instance.CorrelationId)
            .SetProperty(row => row.Name, instance.Name)
            .SetProperty(row => row.IncidentCount, instance.IncidentCount)
            .SetProperty(row => row.UpdatedAt, instance.UpdatedAt)
            .SetProperty(row => row.FinishedAt, instance.FinishedAt)
            .SetProperty(row => row.StateVersion, instance.StateVersion)
            .SetProperty(row => row.JournalSequence, instance.JournalSequence)
            .SetProperty(row => row.JournalHash, instance.JournalHash)
            .SetProperty(row => row.Owner, owner));
        if (held == 0)
        {
            return CommitOutcome.Superseded;
        }

        await WriteStateAsync(context, checkpoint);
        if (checkpoint.RemovedBookmarks.Count > 0)
        {
            await context.Bookmarks.Where(row => checkpoint.RemovedBookmarks.Contains(row.Id)).ExecuteDeleteAsync();
            await context.Timers.Where(row => checkpoint.RemovedBookmarks.Contains(row.BookmarkId)).ExecuteDeleteAsync();
        }

        foreach (var group in checkpoint.Stimuli.GroupBy(pair => pair.Value, pair => pair.Key))
        {
            await context.Stimuli.Where(row => group.Contains(row.Sequence)).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, group.Key));
        }

        context.Bookmarks.AddRange(checkpoint.AddedBookmarks);
        context.Timers.AddRange(checkpoint.Timers);
        context.Journal.AddRange(checkpoint.Journal);
        context.Outbox.AddRange(checkpoint.Outbox.Select(row => new OutboxRow
        {
            Id = row.Id,
            InstanceId = row.InstanceId,
            Kind = row.Kind,
            Payload = row.Payload,
            CreatedAt = row.CreatedAt,
        }));
        await SaveAsync(context, checkpoint);

        // Stimuli that came while the burst ran are not in its list: the instance stays ready for them.
        var ready = checkpoint.HasWork
            || await context.Stimuli.AnyAsync(row => row.InstanceId == instance.Id && row.State == StimulusState.Pending);
        await context.Instances.Where(row => row.Id == instance.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Ready, ready));
        return CommitOutcome.Committed;
    }

    /// <summary>What the database refuses for what it is, is the checkpoint's fault; everything else is the database's and passes.</summary>
    private static async Task SaveAsync(EngineDbContext context, Checkpoint checkpoint)
    {
        try
        {
            await context.SaveChangesAsync();
        }
        catch (DbUpdateException exception) when (exception.InnerException is SqliteException { SqliteErrorCode: ConstraintViolated })
        {
            var ids = checkpoint.AddedBookmarks.Select(bookmark => bookmark.Id).ToArray();
            var taken = await context.Bookmarks.Where(row => ids.Contains(row.Id)).Select(row => row.Id).FirstOrDefaultAsync();
            throw new InvalidOperationException(
                taken is null
                    ? $"The checkpoint of '{checkpoint.Instance.Id}' can not be stored: {exception.InnerException.Message}"
                    : $"A bookmark with the id '{taken}' is waiting already; choose another id.",
                exception);
        }
    }

    private static async Task WriteStateAsync(EngineDbContext context, Checkpoint checkpoint)
    {
        var updated = await context.States.Where(row => row.InstanceId == checkpoint.Instance.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, checkpoint.State));
        if (updated == 0)
        {
            context.States.Add(new InstanceStateRow { InstanceId = checkpoint.Instance.Id, State = checkpoint.State });
        }
    }
}
