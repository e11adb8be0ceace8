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
}

/// <summary>Whom a stimulus has reached.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Started">Whether it was started by it.</param>
/// <param name="Result">How the inbox answered.</param>
internal sealed record Reached(string InstanceId, bool Started, AcceptResult Result);

/// <summary>Brings a stimulus to every workflow that it starts and every run that waits for it, once each.</summary>
internal sealed class StimulusDispatcher(StimulusInbox inbox, IDefinitionStore definitions, IInstanceReader reader, TimeProvider timeProvider)
{
    public async Task<IReadOnlyList<Reached>> SendAsync(Broadcast broadcast, CancellationToken cancellationToken)
    {
        var reached = new List<Reached>();
        if (broadcast is { Starts: true, InstanceId: null, ActivityInstanceId: null })
        {
            foreach (var trigger in await definitions.FindTriggersAsync(broadcast.Hash, cancellationToken))
            {
                reached.Add(await StartAsync(broadcast, trigger, cancellationToken));
            }
        }

        if (!broadcast.Resumes)
        {
            return reached;
        }

        foreach (var bookmark in await FindBookmarksAsync(broadcast, cancellationToken))
        {
            reached.Add(await ResumeAsync(broadcast, bookmark.InstanceId, bookmark.Id, null, cancellationToken));
        }

        if (reached.Count == 0 && broadcast.InstanceId is { } waiting)
        {
            // Too early: the inbox keeps it until the run comes to it.
            reached.Add(await ResumeAsync(broadcast, waiting, null, broadcast.ExecutionHash ?? broadcast.Hash, cancellationToken));
        }

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
