namespace SpeElsa.Engine.Storage;

/// <summary>What the runtime keeps. Each call is atomic: it happened whole when it returns, or not at all when it throws.</summary>
public interface IRuntimeStore
{
    /// <summary>Stores a stimulus, with the instance it starts where it starts one. The caller may be told yes once this has returned.</summary>
    /// <param name="stimulus">What to store.</param>
    /// <param name="instance">The new instance of a start; null otherwise.</param>
    /// <param name="limit">How many instances may be unfinished beside the new one; looked at in the same transaction.</param>
    /// <param name="cancellationToken">Stops waiting; the stimulus may be stored all the same.</param>
    Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken);

    /// <summary>Turns timers that are due into stimuli, once each.</summary>
    /// <returns>How many.</returns>
    Task<int> RaiseDueTimersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>When the next timer or trigger is due, or null.</summary>
    Task<DateTimeOffset?> NextTimerAsync(CancellationToken cancellationToken);

    /// <summary>Triggers that are due, earliest first.</summary>
    Task<IReadOnlyList<TriggerRecord>> FindDueTriggersAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Starts an instance for a trigger that is due and sets when it is due next, in one transaction: once, whoever raises it.</summary>
    /// <param name="triggerId">The trigger.</param>
    /// <param name="expectedDueAt">When it was due.</param>
    /// <param name="nextDueAt">When it is due next; null: never again.</param>
    /// <param name="start">What to store.</param>
    /// <param name="instance">The new instance.</param>
    /// <param name="limit">How many instances may be unfinished beside the new one. A start that it forbids is left out; the trigger moves on.</param>
    /// <param name="cancellationToken">Stops waiting; the start may be stored all the same.</param>
    /// <returns>The inbox's answer; null when the trigger is gone or is no longer due then: somebody else has raised it.</returns>
    Task<AcceptResult?> FireTriggerAsync(
        string triggerId,
        DateTimeOffset expectedDueAt,
        DateTimeOffset? nextDueAt,
        Stimulus start,
        InstanceRecord instance,
        ActivationLimit limit,
        CancellationToken cancellationToken);

    /// <summary>Instances that have something to do and no living owner; who has had it for longest is first, whenever it was changed last.</summary>
    Task<IReadOnlyList<string>> FindReadyAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an instance, with a higher epoch than anybody had before.</summary>
    /// <returns>Null when it has a living owner, has nothing to do, or is set aside.</returns>
    Task<Claim?> ClaimAsync(string instanceId, string worker, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Lengthens the leases of a worker.</summary>
    /// <returns>The instances it still holds.</returns>
    Task<IReadOnlyList<string>> RenewAsync(string worker, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>Ends all leases of other workers. Only for a caller that knows them to be dead.</summary>
    /// <returns>How many instances they held.</returns>
    Task<int> EvictAsync(string survivingWorker, CancellationToken cancellationToken);

    /// <summary>Ends a claim without changing the instance.</summary>
    Task ReleaseAsync(Claim claim, CancellationToken cancellationToken);

    /// <summary>Takes an instance out of the run, with the reason. It stays readable and can be put back.</summary>
    Task SetAsideAsync(Claim claim, string reason, CancellationToken cancellationToken);

    /// <summary>Puts an instance that was set aside back into the run.</summary>
    /// <returns>Whether it was set aside.</returns>
    Task<bool> PutBackAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Loads an instance with its state and stimuli.</summary>
    Task<LoadedInstance?> LoadAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Stores what a burst changed, if the caller still holds the instance.</summary>
    /// <param name="checkpoint">What to store.</param>
    /// <param name="cancellationToken">Stops waiting; never leaves half a checkpoint.</param>
    Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Things to do after commits, oldest first.</summary>
    Task<IReadOnlyList<OutboxRecord>> ReadOutboxAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Marks things as done.</summary>
    Task CompleteOutboxAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes instances that have ended, with state, journal and bookmarks. Their stimuli stay: the same key gets the same answer for ever.
    /// What is still to be done after their commits stays too.
    /// </summary>
    Task<InstanceDeletion> DeleteInstancesAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);
}

/// <summary>What others read of instances. Lists never read states.</summary>
public interface IInstanceReader
{
    /// <summary>Finds an instance.</summary>
    Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Whether nothing goes on in an instance: its burst has ended and nothing it was sent is left to handle, or it is set aside or is not there.</summary>
    Task<bool> IsIdleAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Lists instances.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="order">In what order.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        InstanceFilter filter, InstanceOrder order, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Counts instances.</summary>
    Task<int> CountAsync(InstanceFilter filter, CancellationToken cancellationToken);

    /// <summary>Reads the state of an instance, or null before its first commit.</summary>
    Task<byte[]?> ReadStateAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>Reads journal rows in order.</summary>
    Task<IReadOnlyList<JournalRecord>> ReadJournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancellationToken);

    /// <summary>Lists journal rows that match, in order.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="filter">Which rows.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<(IReadOnlyList<JournalRecord> Items, int Total)> ListJournalAsync(
        string instanceId, JournalFilter filter, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Finds the instance that an execution of an activity belongs to; null where none has begun under that id.</summary>
    Task<string?> FindInstanceOfExecutionAsync(string executionId, CancellationToken cancellationToken);

    /// <summary>Lists bookmarks by kind of stimulus, oldest first.</summary>
    /// <param name="name">The kind of stimulus.</param>
    /// <param name="instanceId">Only of this instance; null means all.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<(IReadOnlyList<BookmarkRecord> Items, int Total)> ListBookmarksAsync(
        string name, string? instanceId, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Reads which bookmarks of a name there are, all of them and nothing else of them, in no order: for whoever compares them with what he knows.</summary>
    IAsyncEnumerable<WaitingBookmark> ReadWaitingAsync(string name, CancellationToken cancellationToken);

    /// <summary>Finds bookmarks by what they wait for.</summary>
    Task<IReadOnlyList<BookmarkRecord>> FindBookmarksAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Finds a bookmark.</summary>
    Task<BookmarkRecord?> FindBookmarkAsync(string bookmarkId, CancellationToken cancellationToken);

    /// <summary>Finds a stimulus by its key.</summary>
    Task<StoredStimulus?> FindStimulusAsync(string key, CancellationToken cancellationToken);

    /// <summary>Finds stimuli whose keys begin alike, in order of arrival.</summary>
    /// <param name="prefix">What the keys begin with; letter case matters.</param>
    /// <param name="take">How many to return at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<StoredStimulus>> FindStimuliAsync(string prefix, int take, CancellationToken cancellationToken);

    /// <summary>Finds the stimulus that took a target.</summary>
    Task<StoredStimulus?> FindStimulusByTargetAsync(string target, CancellationToken cancellationToken);
}
