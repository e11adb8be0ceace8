using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

/// <summary>The management services on a store in memory, without workers.</summary>
public abstract class ManagementTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    protected ManagementTest()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IRuntimeStore>(Store);
        services.AddSingleton<IInstanceReader>(Store);
        services.AddSingleton<IDefinitionStore>(Store);
        services.AddSingleton<IDefinitionCheck>(Check);
        services.AddSingleton<ITriggerIndexer>(new EveryEvent());
        services.AddWorkflowEngine();
        _services = services.BuildServiceProvider();
    }

    protected InMemoryStore Store { get; } = new();

    protected FakeTimeProvider Clock { get; } = new(A.Moment);

    protected IDefinitionStore Definitions => Store;

    private protected Demand Check { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    protected static string Says(string definitionId, string word) => A.Sequence(definitionId).With(A.Line(word)).ToJson();

    protected Task<AcceptResult> StartAsync(InstanceRecord instance) => Store.AcceptAsync(A.Start($"start:{instance.Id}", instance.Id), instance, default);

    protected async Task FinishAsync(string instanceId, DateTimeOffset finishedAt)
    {
        var claim = (await Store.ClaimAsync(instanceId, "w", A.Moment, A.Moment.AddMinutes(1), default))!;
        var loaded = (await Store.LoadAsync(instanceId, default))!;
        await Store.CommitAsync(
            new Checkpoint
            {
                Claim = claim,
                ExpectedVersion = 0,
                Instance = loaded.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished, FinishedAt = finishedAt, StateVersion = 1 },
                State = StateCodec.Encode(new Elsa.Workflows.State.WorkflowState { Id = instanceId }),
                Stimuli = loaded.Stimuli.ToDictionary(stimulus => stimulus.Sequence, _ => StimulusState.Consumed),
                Release = true,
            },
            default);
    }

    /// <summary>Refuses a definition that has the text "bad", and doubts one that has the text "odd"; quoted, as a random id may hold the letters.</summary>
    private protected sealed class Demand : IDefinitionCheck
    {
        public Func<Task>? Meanwhile { get; set; }

        public async Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken)
        {
            if (Meanwhile is { } meanwhile)
            {
                Meanwhile = null;
                await meanwhile();
            }

            return json.Contains("\"bad\"", StringComparison.Ordinal) ? [new DefinitionFinding(DefinitionSeverity.Error, "bad", "bad", "It is bad")]
                : json.Contains("\"odd\"", StringComparison.Ordinal) ? [new DefinitionFinding(DefinitionSeverity.Warning, "odd", "odd", "It is odd")]
                : [];
        }
    }

    private sealed class EveryEvent : ITriggerIndexer
    {
        public Task<IReadOnlyList<TriggerRecord>> IndexAsync(WorkflowGraph graph, WorkflowIdentity identity, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<TriggerRecord>>(
            [
                .. graph.Nodes.Where(node => node.Activity.Type == "Elsa.Event").Select(node => new TriggerRecord
                {
                    Id = $"{identity.Id}:{node.NodeId}",
                    DefinitionId = identity.DefinitionId,
                    DefinitionVersionId = identity.Id,
                    DefinitionVersion = identity.Version,
                    ActivityId = node.Activity.Id,
                    Name = "Elsa.Event",
                    Hash = node.Activity.Id,
                }),
            ]);
    }
}
