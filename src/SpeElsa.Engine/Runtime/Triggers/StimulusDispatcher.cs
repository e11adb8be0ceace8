using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.Triggers;

/// <summary>A stimulus that is not addressed to one bookmark.</summary>
internal sealed record Broadcast
{
    /// <summary>Unique for ever; the same key starts and resumes nothing twice.</summary>
    public required string Key { get; init; }

    /// <summary>What it is: <see cref="StimulusHash"/> of its name and payload.</summary>
    public required string Hash { get; init; }

    /// <summary>What it is for one execution only: the hash with the execution's id, or null.</summary>
    public string? ExecutionHash { get; init; }

    /// <summary>Only for runs about this outside thing; a run that it starts is about it.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Only for this run, which keeps it where it does not wait for it yet.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Only for this execution.</summary>
    public string? ActivityInstanceId { get; init; }

    /// <summary>Whether it starts workflows too. Default true.</summary>
    public bool Starts { get; init; } = true;

    /// <summary>Whether it lets runs go on. Default true.</summary>
    public bool Resumes { get; init; } = true;

    /// <summary>Input for what it starts and resumes.</summary>
    public IReadOnlyDictionary<string, object?> Input { get; init; } = new Dictionary<string, object?>();

    /// <summary>Facts about the runs that it starts.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    /// <summary>The instance that starts what it starts, or null.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>A hash of the request behind it, or null: the same key with another request is a mistake of the caller.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Whether the caller may send it again under its key: then it reaches nobody who has begun to wait since it came first. Default false.</summary>
    public bool IsRepeatable { get; init; }
}

/// <summary>Whom a stimulus has reached.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Started">Whether it was started by it.</param>
/// <param name="Result">How the inbox answered.</param>
internal sealed record Reached(string InstanceId, bool Started, AcceptResult Result);

/// <summary>Brings a stimulus to every workflow that it starts and every run that waits for it, once each.</summary>
internal sealed class StimulusDispatcher(StimulusInbox inbox, IDefinitionStore definitions, IInstanceReader reader, TimeProvider timeProvider)
{
    private const int MostRepeated = 100_000;

    public async Task<IReadOnlyList<Reached>> SendAsync(Broadcast broadcast, CancellationToken cancellationToken)
    {
        var triggers = broadcast is { Starts: true, InstanceId: null, ActivityInstanceId: null } ? await definitions.FindTriggersAsync(broadcast.Hash, cancellationToken) : [];
        IReadOnlyList<BookmarkRecord> bookmarks = broadcast.Resumes ? await FindBookmarksAsync(broadcast, cancellationToken) : [];
        if (broadcast.IsRepeatable && await reader.FindStimuliAsync($"{broadcast.Key}:", MostRepeated, cancellationToken) is { Count: > 0 } earlier)
        {
            return await RepeatAsync(broadcast, earlier, triggers, bookmarks, cancellationToken);
        }

        var reached = await ReachAsync(broadcast, triggers, bookmarks, cancellationToken);
        if (reached.Count == 0 && broadcast is { Resumes: true, InstanceId: { } waiting })
        {
            // Too early: the inbox keeps it until the run comes to it.
            reached.Add(await ResumeAsync(broadcast, waiting, null, broadcast.ExecutionHash ?? broadcast.Hash, cancellationToken));
        }

        return reached;
    }

    private async Task<List<Reached>> ReachAsync(
        Broadcast broadcast, IEnumerable<TriggerRecord> triggers, IEnumerable<BookmarkRecord> bookmarks, CancellationToken cancellationToken)
    {
        var reached = new List<Reached>();
        foreach (var trigger in triggers)
        {
            reached.Add(await StartAsync(broadcast, trigger, cancellationToken));
        }

        foreach (var bookmark in bookmarks)
        {
            reached.Add(await ResumeAsync(broadcast, bookmark.InstanceId, bookmark.Id, null, cancellationToken));
        }

        return reached;
    }

    /// <summary>
    /// It came before. Whoever it reached then has it; a crash may have kept it from the others that waited then. The stimuli are looked at after the waits:
    /// a wait that this very event has led to is younger than what is found here.
    /// </summary>
    private async Task<IReadOnlyList<Reached>> RepeatAsync(
        Broadcast broadcast,
        IReadOnlyList<StoredStimulus> earlier,
        IReadOnlyList<TriggerRecord> triggers,
        IReadOnlyList<BookmarkRecord> bookmarks,
        CancellationToken cancellationToken)
    {
        if (earlier.Any(stored => stored.Stimulus.Fingerprint != broadcast.Fingerprint))
        {
            return [.. earlier.Select(stored => new Reached(stored.Stimulus.InstanceId, stored.Stimulus.Kind is StimulusKind.Start, new AcceptResult(Acceptance.KeyReused, stored)))];
        }

        var firstAt = earlier.Min(stored => stored.Stimulus.ReceivedAt);
        var known = earlier.Select(stored => stored.Stimulus.Key).ToHashSet(StringComparer.Ordinal);
        var started = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stored in earlier.Where(stored => stored.Stimulus.Kind is StimulusKind.Start))
        {
            started.Add((await reader.FindAsync(stored.Stimulus.InstanceId, cancellationToken))?.DefinitionId ?? "");
        }

        var reached = await ReachAsync(
            broadcast,
            earlier.Any(stored => stored.Stimulus.Kind is StimulusKind.Resume) ? [] : triggers.Where(trigger => !started.Contains(trigger.DefinitionId)),
            bookmarks.Where(bookmark => bookmark.CreatedAt <= firstAt && !known.Contains($"{broadcast.Key}:{bookmark.Id}")),
            cancellationToken);
        reached.AddRange(earlier.Select(stored => new Reached(stored.Stimulus.InstanceId, stored.Stimulus.Kind is StimulusKind.Start, new AcceptResult(Acceptance.Duplicate, stored))));
        return reached;
    }

    private async Task<Reached> StartAsync(Broadcast broadcast, TriggerRecord trigger, CancellationToken cancellationToken)
    {
        var key = $"{broadcast.Key}:{trigger.Id}";
        var instanceId = DerivedId.Of(key, 0);
        var result = await inbox.StartAsync(
            new StartRequest
            {
                Key = key,
                Fingerprint = broadcast.Fingerprint,
                InstanceId = instanceId,
                DefinitionId = trigger.DefinitionId,
                DefinitionVersionId = trigger.DefinitionVersionId,
                TriggerActivityId = trigger.ActivityId,
                CorrelationId = broadcast.CorrelationId,
                Input = broadcast.Input,
                Properties = broadcast.Properties,
                ParentInstanceId = broadcast.ParentInstanceId,
            },
            cancellationToken);
        return new Reached(instanceId, true, result);
    }

    private async Task<Reached> ResumeAsync(Broadcast broadcast, string instanceId, string? bookmarkId, string? hash, CancellationToken cancellationToken) => new(
        instanceId,
        false,
        await inbox.SendAsync(
            new Stimulus
            {
                Key = $"{broadcast.Key}:{bookmarkId ?? instanceId}",
                Kind = StimulusKind.Resume,
                InstanceId = instanceId,
                BookmarkId = bookmarkId,
                Hash = hash,
                Fingerprint = broadcast.Fingerprint,
                Input = EngineJson.Write(broadcast.Input),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            cancellationToken));

    private async Task<List<BookmarkRecord>> FindBookmarksAsync(Broadcast broadcast, CancellationToken cancellationToken)
    {
        var found = new List<BookmarkRecord>(await reader.FindBookmarksAsync(broadcast.Hash, cancellationToken));
        if (broadcast.ExecutionHash is not null)
        {
            found.AddRange(await reader.FindBookmarksAsync(broadcast.ExecutionHash, cancellationToken));
        }

        var meant = new List<BookmarkRecord>();
        foreach (var bookmark in found)
        {
            if (await IsMeantAsync(broadcast, bookmark, cancellationToken))
            {
                meant.Add(bookmark);
            }
        }

        return meant;
    }

    private async Task<bool> IsMeantAsync(Broadcast broadcast, BookmarkRecord bookmark, CancellationToken cancellationToken)
    {
        if ((broadcast.InstanceId is not null && broadcast.InstanceId != bookmark.InstanceId)
            || (broadcast.ActivityInstanceId is not null && broadcast.ActivityInstanceId != bookmark.ActivityInstanceId))
        {
            return false;
        }

        return string.IsNullOrEmpty(broadcast.CorrelationId)
            || (await reader.FindAsync(bookmark.InstanceId, cancellationToken))?.CorrelationId == broadcast.CorrelationId;
    }
}
