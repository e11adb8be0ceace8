using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>A start of an instance.</summary>
public sealed record StartRequest
{
    /// <summary>Unique for ever; the same key starts one instance.</summary>
    public required string Key { get; init; }

    /// <summary>The new instance; follows from the key where the caller has no reason to choose.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The definition; the instance is bound to its published version.</summary>
    public required string DefinitionId { get; init; }

    /// <summary>A version of it to be bound to instead; it need not be published.</summary>
    public string? DefinitionVersionId { get; init; }

    /// <summary>The activity whose stimulus starts the run, or null.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Values for variables of the workflow, by name.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    /// <summary>Facts about the run.</summary>
    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    /// <summary>Whether the instance is only made; a second start lets it run. Default false.</summary>
    public bool Created { get; init; }

    /// <summary>The instance that starts it, or null.</summary>
    public string? ParentInstanceId { get; init; }

    /// <summary>Input of the run.</summary>
    public IReadOnlyDictionary<string, object?> Input { get; init; } = new Dictionary<string, object?>();

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>What outside thing it is about.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>A hash of the request.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What to tell the caller, now and when the key comes again.</summary>
    public string? Receipt { get; init; }
}

/// <summary>The one door in. Whoever is told yes here is heard, whatever happens to this process.</summary>
public sealed class StimulusInbox(
    IRuntimeStore store, IDefinitionStore definitions, DefinitionCatalog catalog, HoldOrders holds, TimeProvider timeProvider, Bell bell, IFaultPoints faultPoints)
{
    /// <summary>Starts an instance, where the definition's activation strategy allows one more.</summary>
    /// <exception cref="InvalidOperationException">The definition has no published version, or not the one that was named.</exception>
    public async Task<AcceptResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var start = await PrepareAsync(request, cancellationToken);
        return await AcceptAsync(start.Stimulus, start.Instance, start.Limit, cancellationToken);
    }

    /// <summary>Sends a signal to an instance.</summary>
    public Task<AcceptResult> SendAsync(Stimulus stimulus, CancellationToken cancellationToken) => AcceptAsync(stimulus, null, ActivationLimit.None, cancellationToken);

    /// <summary>Lets faulted activities of an instance go on where they failed.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="key">Unique for ever; the same key retries once.</param>
    /// <param name="activities">Ids of activities or executions; empty means all that have faulted.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<AcceptResult> RetryAsync(string instanceId, string key, IReadOnlyCollection<string> activities, CancellationToken cancellationToken) => SendAsync(
        new Stimulus
        {
            Key = key,
            Kind = StimulusKind.Retry,
            InstanceId = instanceId,
            Input = EngineJson.Write(new Dictionary<string, object?> { [RetryInput.Key] = activities }),
            ReceivedAt = timeProvider.GetUtcNow(),
        },
        cancellationToken);

    /// <summary>
    /// Holds an instance, and the runs of other workflows that it has started: what has begun goes on to its end and signals are taken, but no further activity begins, until
    /// <see cref="ReleaseAsync"/>. Holding what is held changes nothing. A burst of another process learns of it when it ends.
    /// </summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="key">Unique for ever; the same key holds once.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<AcceptResult> HoldAsync(string instanceId, string key, string? by, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HoldChange.ToStimulus(StimulusKind.Hold, instanceId, key, by, reason, timeProvider.GetUtcNow()), cancellationToken);

    /// <summary>Lets an instance go on that is on hold, and the runs that it has started.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="key">Unique for ever; the same key releases once.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<AcceptResult> ReleaseAsync(string instanceId, string key, string? by, string? reason, CancellationToken cancellationToken) =>
        SendAsync(HoldChange.ToStimulus(StimulusKind.Release, instanceId, key, by, reason, timeProvider.GetUtcNow()), cancellationToken);

    /// <summary>What a start would store.</summary>
    internal async Task<(Stimulus Stimulus, InstanceRecord Instance, ActivationLimit Limit)> PrepareAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var definition = await FindAsync(request, cancellationToken);
        var graph = await catalog.GetAsync(definition.Id, definition.ContentHash, cancellationToken);
        var now = timeProvider.GetUtcNow();
        var instance = new InstanceRecord
        {
            Id = request.InstanceId,
            DefinitionId = definition.DefinitionId,
            DefinitionVersionId = definition.Id,
            DefinitionVersion = definition.Version,
            DefinitionHash = definition.ContentHash,
            Name = request.Name,
            CorrelationId = request.CorrelationId,
            ParentInstanceId = request.ParentInstanceId,
            IsSystem = definition.IsSystem,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var options = new StartOptions
        {
            Created = request.Created,
            TriggerActivityId = request.TriggerActivityId,
            Variables = new Dictionary<string, object?>(request.Variables),
            Properties = new Dictionary<string, object?>(request.Properties),
        };
        var stimulus = new Stimulus
        {
            Key = request.Key,
            Kind = StimulusKind.Start,
            InstanceId = request.InstanceId,
            Fingerprint = request.Fingerprint,
            Input = EngineJson.Write(options.AddTo(request.Input)),
            Receipt = request.Receipt,
            ReceivedAt = now,
        };
        return (stimulus, instance, ActivationStrategies.LimitOf(graph.Workflow.Options));
    }

    internal void Announce(string? bookmarkId)
    {
        faultPoints.Reach(FaultPoint.StimulusStored, bookmarkId);
        bell.Ring();
    }

    private async Task<DefinitionRecord> FindAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (request.DefinitionVersionId is { } versionId)
        {
            return await definitions.FindAsync(versionId, cancellationToken) ?? throw new InvalidOperationException($"There is no workflow version '{versionId}'.");
        }

        return await definitions.FindPublishedAsync(request.DefinitionId, cancellationToken)
            ?? throw new InvalidOperationException($"There is no published workflow '{request.DefinitionId}'.");
    }

    private async Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, ActivationLimit limit, CancellationToken cancellationToken)
    {
        var result = stimulus.Kind is StimulusKind.Hold
            ? await AcceptHoldAsync(stimulus, cancellationToken)
            : await store.AcceptAsync(stimulus, instance, limit, cancellationToken);
        Announce(stimulus.BookmarkId);
        return result;
    }

    /// <summary>The order is given before it is stored: the burst that reads it from the store is done with it then, whenever that is.</summary>
    private async Task<AcceptResult> AcceptHoldAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        holds.Order(stimulus.InstanceId);
        var isStored = false;
        try
        {
            var result = await store.AcceptAsync(stimulus, null, ActivationLimit.None, cancellationToken);
            isStored = result.Acceptance is Acceptance.Accepted;
            return result;
        }
        finally
        {
            if (!isStored)
            {
                holds.Done(stimulus.InstanceId);
            }
        }
    }
}
