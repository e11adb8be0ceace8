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
public sealed class StimulusInbox(IRuntimeStore store, IDefinitionStore definitions, TimeProvider timeProvider, Bell bell, IFaultPoints faultPoints)
{
    /// <summary>Starts an instance of the definition's published version.</summary>
    /// <exception cref="InvalidOperationException">The definition has no published version.</exception>
    public async Task<AcceptResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var definition = await definitions.FindPublishedAsync(request.DefinitionId, cancellationToken)
            ?? throw new InvalidOperationException($"There is no published workflow '{request.DefinitionId}'.");
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
            CreatedAt = now,
            UpdatedAt = now,
        };
        var stimulus = new Stimulus
        {
            Key = request.Key,
            Kind = StimulusKind.Start,
            InstanceId = request.InstanceId,
            Fingerprint = request.Fingerprint,
            Input = EngineJson.Write(request.Input),
            Receipt = request.Receipt,
            ReceivedAt = now,
        };
        return await AcceptAsync(stimulus, instance, cancellationToken);
    }

    /// <summary>Sends a signal to an instance.</summary>
    public Task<AcceptResult> SendAsync(Stimulus stimulus, CancellationToken cancellationToken) => AcceptAsync(stimulus, null, cancellationToken);

    private async Task<AcceptResult> AcceptAsync(Stimulus stimulus, InstanceRecord? instance, CancellationToken cancellationToken)
    {
        var result = await store.AcceptAsync(stimulus, instance, cancellationToken);
        faultPoints.Reach(FaultPoint.StimulusStored, stimulus.BookmarkId);
        bell.Ring();
        return result;
    }
}
