using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Torture;

/// <summary>How an engine is broken on purpose, to see that a run notices.</summary>
internal enum Sabotage
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Starts are answered, and some are never stored (D1).</summary>
    ForgetStarts,

    /// <summary>Signals are answered, and some are never stored (D1).</summary>
    ForgetSignals,

    /// <summary>A signal that comes before its bookmark is thrown away (D2).</summary>
    DropEarlySignals,

    /// <summary>Activities act without a stored intent (D3).</summary>
    SkipIntents,

    /// <summary>An activity that was cut off is not told so (D4).</summary>
    HideAttempts,

    /// <summary>The journal is stored with a row changed (D5).</summary>
    ForgeJournal,

    /// <summary>The state is stored, and what it was told stays in the inbox (D6).</summary>
    KeepInbox,

    /// <summary>Timers that are due wake nobody (D7).</summary>
    ForgetTimers,

    /// <summary>What can not be read is not set aside (D8).</summary>
    KeepPoison,

    /// <summary>An instance runs on the newest version of its definition (D9).</summary>
    FollowLatest,

    /// <summary>A retry is answered and never stored (D10).</summary>
    ForgetRetries,
}

/// <summary>A store that tells what it sets aside, and breaks one promise when it is to.</summary>
internal sealed class TortureStore(IRuntimeStore inner, IDefinitionStore definitions, Sabotage sabotage, Action<string> tellSetAside) : StoreDecorator(inner)
{
    private int _count;

    public override Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        var forgets = (sabotage, stimulus.Kind) is (Sabotage.ForgetSignals, StimulusKind.Resume) or (Sabotage.ForgetStarts, StimulusKind.Start) or (Sabotage.ForgetRetries, StimulusKind.Retry);
        return forgets && (sabotage is Sabotage.ForgetRetries || Interlocked.Increment(ref _count) % 3 == 0)
            ? Task.FromResult(new AcceptResult(Acceptance.Accepted, new StoredStimulus(0, stimulus, StimulusState.Pending)))
            : base.AcceptAsync(stimulus, instance, limit, cancellationToken);
    }

    public override Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        sabotage is Sabotage.ForgetTimers ? Task.FromResult(0) : base.RaiseDueTimersAsync(now, limit, cancellationToken);

    public override async Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        if (sabotage is Sabotage.KeepPoison)
        {
            await ReleaseAsync(claim, cancellationToken);
            return;
        }

        await base.SetAsideAsync(claim, reason, cancellationToken);
        tellSetAside(claim.InstanceId);
    }

    public override async Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var loaded = await base.LoadAsync(instanceId, cancellationToken);
        return sabotage is Sabotage.FollowLatest && loaded is not null && await definitions.FindPublishedAsync(loaded.Instance.DefinitionId, cancellationToken) is { } latest
            ? loaded with { Instance = loaded.Instance with { DefinitionVersionId = latest.Id, DefinitionVersion = latest.Version, DefinitionHash = latest.ContentHash } }
            : loaded;
    }

    public override Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return base.CommitAsync(
            sabotage switch
            {
                Sabotage.DropEarlySignals => checkpoint with
                {
                    Stimuli = checkpoint.Stimuli.ToDictionary(pair => pair.Key, pair => pair.Value is StimulusState.Waiting ? StimulusState.Superseded : pair.Value),
                },
                Sabotage.SkipIntents => checkpoint with { Journal = [.. checkpoint.Journal.Where(row => row.Role is not JournalRole.Intent)] },
                Sabotage.ForgeJournal => checkpoint with
                {
                    Journal = [.. checkpoint.Journal.Select((row, index) => index == 1 ? row with { ActivityId = $"{row.ActivityId}!" } : row)],
                },
                Sabotage.KeepInbox => checkpoint with { Stimuli = checkpoint.Stimuli.ToDictionary(pair => pair.Key, _ => StimulusState.Waiting) },
                _ => checkpoint,
            },
            cancellationToken);
    }
}
