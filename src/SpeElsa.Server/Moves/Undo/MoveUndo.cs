using System.Text.Json;
using Elsa.Workflows;
using SpeElsa.Activities;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>Ends a move and starts its undo.</summary>
/// <remarks>
/// 1. The wish is stored: as an order to end the move, under a key that follows from the move. Nothing else has to be remembered.
/// 2. The move ends, and every workflow that it started. From then on nothing but the undo acts.
/// 3. The plan is made from the journal, which does not change any more, and stored as a definition.
/// 4. An instance of it is started, under an id that follows from the move.
/// After a stop in between, <see cref="UndoStarter"/> finds the wish and goes on. Each part may be repeated.
/// </remarks>
internal sealed class MoveUndo(
    IInstanceReader reader,
    IDefinitionStore definitions,
    DefinitionPublisher publisher,
    MoveHistoryReader histories,
    StimulusInbox inbox,
    EndingMoves ending,
    IFaultPoints faultPoints,
    TimeProvider timeProvider) : IDisposable
{
    /// <summary>How the keys of wishes begin; what follows is the move.</summary>
    public const string WishPrefix = "undo:";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Stores the wish to undo a move that has not ended.</summary>
    /// <returns>How the inbox answered; <see cref="Acceptance.Duplicate"/> when somebody else wished it before.</returns>
    public async Task<Acceptance> WishAsync(string moveId, UndoRequest request, CancellationToken cancellationToken)
    {
        var result = await EndAsync($"{WishPrefix}{moveId}", moveId, request, cancellationToken);
        faultPoints.Reach(UndoFaultPoint.WishStored, null);
        return result;
    }

    /// <summary>Who wished it and why; null when the stimulus is no wish.</summary>
    public static UndoRequest? ReadWish(StoredStimulus stored) => UndoRequest.Read(stored.Stimulus.Input);

    /// <summary>Starts the undo if the move has ended, and sees to it that what the move started ends.</summary>
    /// <returns>What was stored about the start, now or before; null when something has not ended yet.</returns>
    /// <exception cref="UndoRefusedException">There is nothing to undo, or nothing can be undone any more.</exception>
    public async Task<UndoReceipt?> BeginAsync(string moveId, UndoRequest request, CancellationToken cancellationToken)
    {
        // Two at once would each store the same definition; harmless, but there is no need for it.
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await FindReceiptAsync(moveId, cancellationToken) is { } known)
            {
                return known;
            }

            var move = await reader.FindAsync(moveId, cancellationToken) ?? throw new UndoRefusedException($"There is no move '{moveId}' any more.");
            return await HasEndedAsync(move, request, cancellationToken) ? await StartAsync(move, request, cancellationToken) : null;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What was stored when the undo of a move was started; null when it was not.</summary>
    public async Task<UndoReceipt?> FindReceiptAsync(string moveId, CancellationToken cancellationToken) =>
        await reader.FindStimulusAsync(StartKeyOf(moveId), cancellationToken) is { Stimulus.Receipt: { } receipt }
            ? JsonSerializer.Deserialize<UndoReceipt>(receipt, JsonSerializerOptions.Web)
            : null;

    public void Dispose() => _one.Dispose();

    private static string StartKeyOf(string moveId) => $"undo-start:{moveId}";

    private async Task<bool> HasEndedAsync(InstanceRecord move, UndoRequest request, CancellationToken cancellationToken)
    {
        var ended = true;
        foreach (var instance in (await histories.ReadTreeAsync(move, cancellationToken)).Where(instance => instance.Status is not WorkflowStatus.Finished))
        {
            ended = false;
            if (instance.Id != move.Id)
            {
                await EndAsync($"undo-part:{instance.Id}", instance.Id, request, cancellationToken);
            }
        }

        return ended;
    }

    private async Task<Acceptance> EndAsync(string key, string instanceId, UndoRequest request, CancellationToken cancellationToken)
    {
        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = key,
                Kind = StimulusKind.Cancel,
                InstanceId = instanceId,
                Input = EngineJson.Write(new Dictionary<string, object?> { ["requestedBy"] = request.RequestedBy, ["reason"] = request.Reason, ["undo"] = true }),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            cancellationToken);
        if (result.Acceptance is Acceptance.Accepted)
        {
            ending.Add(instanceId);
        }

        return result.Acceptance;
    }

    private async Task<UndoReceipt> StartAsync(InstanceRecord move, UndoRequest request, CancellationToken cancellationToken)
    {
        var plan = await histories.PlanAsync(move, cancellationToken);
        if (plan.Refusal is not null || plan.Steps.Count == 0)
        {
            throw new UndoRefusedException(plan.Refusal ?? "Nothing has to be undone.");
        }

        var name = $"Undo of {move.Name ?? move.Id}";
        await PublishAsync(plan, name, cancellationToken);
        faultPoints.Reach(UndoFaultPoint.DefinitionStored, null);
        var id = UndoWorkflow.InstanceIdOf(move.Id);
        var receipt = new UndoReceipt(id, move.Id, request.RequestedBy, request.Reason, timeProvider.GetUtcNow());
        var result = await inbox.StartAsync(
            new StartRequest
            {
                Key = StartKeyOf(move.Id),
                InstanceId = id,
                DefinitionId = UndoWorkflow.DefinitionIdOf(move.Id),
                Input = new Dictionary<string, object?> { ["source"] = plan.Move.Source, ["target"] = plan.Move.Target, ["move"] = move.Id },
                Variables = new Dictionary<string, object?> { [UndoWorkflow.BaselineVariable] = plan.Move.Baseline },
                CorrelationId = move.Id,
                Name = name,
                Receipt = JsonSerializer.Serialize(receipt, JsonSerializerOptions.Web),
            },
            cancellationToken);
        return JsonSerializer.Deserialize<UndoReceipt>(result.Stored!.Stimulus.Receipt!, JsonSerializerOptions.Web)!;
    }

    /// <summary>A definition that is there already was stored by a start that was cut off: the journal has not changed since.</summary>
    private async Task PublishAsync(UndoPlan plan, string name, CancellationToken cancellationToken)
    {
        var definitionId = UndoWorkflow.DefinitionIdOf(plan.Move.MoveId);
        if (await definitions.FindPublishedAsync(definitionId, cancellationToken) is not null)
        {
            return;
        }

        var draft = DefinitionJson.ToDraft(UndoWorkflow.Write(plan, name), definitionId, timeProvider.GetUtcNow());
        var saved = await definitions.SaveDraftAsync(draft, null, cancellationToken);
        var result = await publisher.PublishAsync(saved.Latest!, null, cancellationToken);
        if (!result.IsPublished)
        {
            throw new InvalidOperationException(
                $"The undo of {plan.Move.MoveId} can not be published: {string.Join(" ", result.Findings.Select(finding => finding.Message))}");
        }
    }
}

/// <summary>A move is not undone.</summary>
/// <param name="reason">Why.</param>
internal sealed class UndoRefusedException(string reason) : Exception(reason);

/// <summary>The places between which a kill must not lose an undo.</summary>
internal static class UndoFaultPoint
{
    public const string WishStored = "undo-wish-stored";
    public const string DefinitionStored = "undo-definition-stored";
}
