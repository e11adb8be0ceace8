using System.Security.Cryptography;
using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves;

/// <summary>Checks what is to be moved, and starts it.</summary>
internal sealed class MoveStarter(IDefinitionStore definitions, DefinitionCatalog catalog, IFleet fleet, StimulusInbox inbox, MoveWindows windows, TimeProvider timeProvider)
{
    /// <summary>Looks whether a move could be started as it is asked for. Nothing is changed.</summary>
    /// <returns>The procedure, and what is wrong by field; it is null only when something is wrong.</returns>
    public async Task<(DefinitionRecord? Definition, Dictionary<string, string[]> Errors)> CheckAsync(StartMoveRequest request, CancellationToken cancellationToken)
    {
        var definition = request.Scenario is { Length: > 0 } scenario ? await definitions.FindPublishedAsync(scenario, cancellationToken) : null;
        if (definition is not { IsSystem: false })
        {
            var published = (await definitions.ListLatestAsync(cancellationToken)).Where(candidate => !candidate.IsSystem).Select(candidate => candidate.DefinitionId);
            return (null, new() { ["scenario"] = [$"There is no procedure '{request.Scenario}'; there are {string.Join(", ", published)}."] });
        }

        var graph = await catalog.GetAsync(definition.Id, definition.ContentHash, cancellationToken);
        var errors = PlanCheck.Check(graph, request.Plan ?? new Dictionary<string, JsonElement>(), fleet);
        foreach (var (field, texts) in WindowRequest.Check(request.Window, timeProvider.GetUtcNow()))
        {
            errors[field] = texts;
        }

        return (definition, errors);
    }

    /// <summary>Starts a move, once for each key.</summary>
    /// <param name="definition">What <see cref="CheckAsync"/> gave.</param>
    /// <param name="request">What it has found nothing wrong with.</param>
    /// <param name="key">The same key gets the same answer again; null: a new move whatever was started before.</param>
    /// <param name="who">Who starts it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The receipt, or null where another request had the key.</returns>
    public async Task<MoveReceipt?> StartAsync(DefinitionRecord definition, StartMoveRequest request, string? key, string who, CancellationToken cancellationToken)
    {
        var plan = request.Plan ?? new Dictionary<string, JsonElement>();
        var id = key is null ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)) : IdOf(key);
        var name = string.IsNullOrWhiteSpace(request.Name) ? NameOf(definition, plan) : request.Name;
        var receipt = new MoveReceipt(id, definition.DefinitionId, definition.Version, name, timeProvider.GetUtcNow());

        // Before the start, so that a move that runs never lacks its window. Without a start nobody looks at it.
        await windows.OpenAsync(id, request.Window, who, cancellationToken);
        var result = await inbox.StartAsync(
            new StartRequest
            {
                Key = $"move:{key ?? id}",
                InstanceId = id,
                DefinitionId = definition.DefinitionId,
                Input = plan.ToDictionary(pair => pair.Key, pair => (object?)pair.Value),
                Name = name,
                Fingerprint = Idempotency.Fingerprint(request),
                Receipt = JsonSerializer.Serialize(receipt, JsonSerializerOptions.Web),
            },
            cancellationToken);
        return result.Acceptance is Acceptance.KeyReused ? null : JsonSerializer.Deserialize<MoveReceipt>(result.Stored!.Stimulus.Receipt!, JsonSerializerOptions.Web)!;
    }

    /// <summary>The move that is started with a key.</summary>
    public static string IdOf(string key) => Idempotency.Hash($"move:{key}")[..12];

    private static string NameOf(DefinitionRecord definition, IReadOnlyDictionary<string, JsonElement> plan) =>
        plan.TryGetValue("source", out var source) && (plan.TryGetValue("target", out var target) || plan.TryGetValue("newName", out target)) ? $"{definition.Name}: {source} to {target}" : definition.Name;
}
