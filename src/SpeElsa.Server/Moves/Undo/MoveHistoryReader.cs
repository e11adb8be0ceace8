using Elsa.Workflows.State;
using SpeElsa.Activities;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>Reads what a move and the workflows it started have done, and what undoes it.</summary>
internal sealed class MoveHistoryReader(IInstanceReader reader, DefinitionCatalog definitions)
{
    private const string BaselineOutput = "Baseline";
    private const int RowsPerRead = 10_000;
    private const int MostChildren = 1000;

    /// <summary>The plan of the undo as the journal stands now.</summary>
    public async Task<UndoPlan> PlanAsync(InstanceRecord move, CancellationToken cancellationToken)
    {
        var tree = await ReadTreeAsync(move, cancellationToken);
        var states = new Dictionary<string, WorkflowState>(StringComparer.Ordinal);
        foreach (var instance in tree)
        {
            if (await reader.ReadStateAsync(instance.Id, cancellationToken) is { } bytes)
            {
                states[instance.Id] = StateCodec.Decode(bytes);
            }
        }

        var own = states.GetValueOrDefault(move.Id);
        var baseline = states.Values.SelectMany(state => state.ActivityOutputs.Values).Select(outputs => outputs.TryGetValue(BaselineOutput, out var value) ? value : null)
            .FirstOrDefault(value => value is not null);
        var facts = new MoveFacts(move.Id, Text(own, "source"), Text(own, "target"), baseline);
        var history = new List<StepHistory>();
        foreach (var instance in tree)
        {
            var graph = await definitions.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken);
            history.AddRange(MoveHistory.Read(facts, graph, await ReadJournalAsync(instance.Id, cancellationToken)));
        }

        return UndoPlan.Of(facts, [.. history.OrderBy(step => step.Facts.StartedAt)]);
    }

    /// <summary>The move and every workflow that it started, and those that they started.</summary>
    public async Task<IReadOnlyList<InstanceRecord>> ReadTreeAsync(InstanceRecord move, CancellationToken cancellationToken)
    {
        var tree = new List<InstanceRecord> { move };
        var parents = new List<string> { move.Id };
        while (parents.Count > 0 && tree.Count < MostChildren)
        {
            var (children, _) = await reader.ListAsync(new InstanceFilter { ParentIds = parents }, InstanceOrder.NewestFirst, 0, MostChildren, cancellationToken);
            parents = [.. children.Select(child => child.Id)];
            tree.AddRange(children);
        }

        return tree;
    }

    private async Task<List<MoveJournalRow>> ReadJournalAsync(string instanceId, CancellationToken cancellationToken)
    {
        var rows = new List<MoveJournalRow>();
        IReadOnlyList<JournalRecord> page;
        do
        {
            page = await reader.ReadJournalAsync(instanceId, rows.Count, RowsPerRead, cancellationToken);
            rows.AddRange(page.Select(row => new MoveJournalRow(
                row.Timestamp,
                row.ActivityInstanceId,
                row.NodeId,
                row.EventName,
                row.Message,
                row.Payload,
                row.Role is JournalRole.Intent,
                row.Role is JournalRole.Result)));
        }
        while (page.Count == RowsPerRead);

        return rows;
    }

    private static string Text(WorkflowState? state, string name) => state?.Input.TryGetValue(name, out var value) == true ? value?.ToString() ?? "" : "";
}
