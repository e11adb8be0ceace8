using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>A move as its journal tells it, up to a row, so that its undo can be made from there.</summary>
internal sealed record MoveStory(string MoveId, WorkflowGraph Graph, object? Baseline, IReadOnlyList<JournalRecord> Journal)
{
    public string Source { get; init; } = LabBench.Old;

    public string Target { get; init; } = LabBench.New;

    public static async Task<MoveStory> ReadAsync(StepHost host, string moveId)
    {
        var instance = (await host.Host.Reader.FindAsync(moveId, default))!;
        var graph = await host.Host.Services.GetRequiredService<DefinitionCatalog>().GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, default);
        var state = await host.Host.StateAsync(moveId);
        return new MoveStory(moveId, graph, state.ActivityOutputs.TryGetValue("baseline", out var outputs) ? outputs["Baseline"] : null, await host.Host.JournalAsync(moveId));
    }

    public MoveStory UpTo(long sequence) => this with { Journal = [.. Journal.TakeWhile(row => row.Sequence <= sequence)] };

    public UndoPlan Plan()
    {
        var facts = new MoveFacts(MoveId, Source, Target, Baseline);
        return UndoPlan.Of(facts, MoveHistory.Read(facts, Graph, Journal.Select(row => new MoveJournalRow(
            row.Timestamp, row.ActivityInstanceId, row.NodeId, row.EventName, row.Message, row.Payload, row.Role is JournalRole.Intent, row.Role is JournalRole.Result))));
    }

    /// <summary>Starts the undo as a workflow of its own.</summary>
    public async Task<string> UndoAsync(StepHost host)
    {
        var json = UndoWorkflow.Write(Plan(), "Undo").ToJsonString();
        var (definitions, id) = (host.Host.Services.GetRequiredService<IDefinitionStore>(), UndoWorkflow.InstanceIdOf(MoveId));
        await definitions.PublishAsync(
            new DefinitionRecord
            {
                Id = "",
                DefinitionId = UndoWorkflow.DefinitionIdOf(MoveId),
                Version = 0,
                Name = "Undo",
                ContentHash = Engine.Definitions.DefinitionReader.ContentHash(json),
                Json = json,
                CreatedAt = default,
            },
            default);
        await host.Host.Inbox.StartAsync(
            new StartRequest
            {
                Key = id,
                InstanceId = id,
                DefinitionId = UndoWorkflow.DefinitionIdOf(MoveId),
                Input = new Dictionary<string, object?> { ["source"] = Source, ["target"] = Target, ["move"] = MoveId },
                Variables = new Dictionary<string, object?> { [UndoWorkflow.BaselineVariable] = Baseline },
            },
            default);
        return id;
    }
}
