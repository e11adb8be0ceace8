using System.Text.Json;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.Migration;

/// <summary>An instance after the orders to migrate that were waiting.</summary>
internal sealed record MigratedInstance(LoadedInstance Loaded, WorkflowGraph Graph, IReadOnlyList<MigrationOutcome> Outcomes);

/// <summary>What became of an order to migrate.</summary>
internal sealed record MigrationOutcome(StoredStimulus Stimulus, string EventName, string Message, object Payload);

/// <summary>Carries out orders to migrate, before anything else runs. An order that can not be carried out is refused in the journal and changes nothing.</summary>
internal sealed class MigrationRunner(IDefinitionStore definitions, DefinitionCatalog catalog)
{
    /// <summary>Takes the orders out of the open stimuli.</summary>
    public async Task<MigratedInstance> ApplyAsync(LoadedInstance loaded, WorkflowGraph graph, List<StoredStimulus> open, CancellationToken cancellationToken)
    {
        var current = new MigratedInstance(loaded, graph, []);
        foreach (var stimulus in open.Where(stored => stored.Stimulus.Kind is StimulusKind.Migrate).ToArray())
        {
            open.Remove(stimulus);
            current = await ApplyAsync(current, stimulus, cancellationToken);
        }

        return current;
    }

    private static MigrationOrder ReadOrder(Stimulus stimulus)
    {
        try
        {
            return EngineJson.Read<MigrationOrder>(stimulus.Input ?? "{}")!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The input of the stimulus '{stimulus.Key}' is not an order to migrate: {exception.Message}", exception);
        }
    }

    private async Task<MigratedInstance> ApplyAsync(MigratedInstance current, StoredStimulus stimulus, CancellationToken cancellationToken)
    {
        var order = ReadOrder(stimulus.Stimulus);
        var instance = current.Loaded.Instance;
        var target = await definitions.FindAsync(order.TargetVersionId, cancellationToken);
        if (target is null || target.DefinitionId != instance.DefinitionId || current.Loaded.State is null)
        {
            return Refuse(current, stimulus, order, $"There is no version '{order.TargetVersionId}' of '{instance.DefinitionId}', or the instance has not begun.");
        }

        WorkflowGraph graph;
        try
        {
            graph = await catalog.GetAsync(target.Id, target.ContentHash, cancellationToken);
        }
        catch (InvalidDefinitionException exception)
        {
            return Refuse(current, stimulus, order, exception.Message);
        }

        var map = new MigrationMap(current.Graph, graph, order.Activities ?? []);
        var state = StateCodec.Decode(current.Loaded.State);
        new StateMigration(map).Apply(state, new WorkflowIdentity(target.DefinitionId, target.Version, target.Id));
        if (map.Findings.Any(finding => finding.IsBlocking))
        {
            return Refuse(current, stimulus, order, string.Join(" ", map.Findings.Where(finding => finding.IsBlocking).Select(finding => finding.Message)));
        }

        var moved = instance with { DefinitionVersionId = target.Id, DefinitionVersion = target.Version, DefinitionHash = target.ContentHash };
        var outcome = new MigrationOutcome(
            stimulus,
            "Migrated",
            $"From version {instance.DefinitionVersion} to version {target.Version}",
            new Dictionary<string, object?>
            {
                ["FromVersion"] = instance.DefinitionVersion,
                ["FromHash"] = instance.DefinitionHash,
                ["ToVersion"] = target.Version,
                ["ToHash"] = target.ContentHash,
                ["Activities"] = order.Activities,
                ["Warnings"] = map.Findings.Select(finding => finding.Message).ToArray(),
            });
        return new MigratedInstance(current.Loaded with { Instance = moved, State = StateCodec.Encode(state) }, graph, [.. current.Outcomes, outcome]);
    }

    private static MigratedInstance Refuse(MigratedInstance current, StoredStimulus stimulus, MigrationOrder order, string reason) => current with
    {
        Outcomes =
        [
            .. current.Outcomes,
            new MigrationOutcome(stimulus, "MigrationRefused", reason, new Dictionary<string, object?> { ["TargetVersionId"] = order.TargetVersionId }),
        ],
    };
}
