using Elsa.Workflows;
using Elsa.Workflows.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Durability;

/// <summary>What can not be run as it is stored is set aside with the reason; it stops nobody, and after the repair it goes on.</summary>
public sealed class SetAsideTests
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);

    public static TheoryData<string, string> Poisons => new()
    {
        { "damaged", "The state is damaged" },
        { "format", "State format 9 is not known here" },
        { "empty", "The state is empty" },
        { "node", "which its definition version does not have" },
        { "variable", "The stored value of the variable 'N' does not fit its type" },
        { "input", "The input of the stimulus 'signal' is not a JSON object" },
        { "missing", "This version is no longer stored" },
        { "syntax", "can not be read any more" },
        { "changed", "its content hash differs" },
    };

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task A_poisoned_instance_is_set_aside_others_run_on_and_a_repair_puts_it_back(string poison, string reason)
    {
        string id;
        BookmarkRecord wait;
        await using (var healthy = await StartAsync(_ => { }))
        {
            id = await healthy.StartWorkflowAsync(Waiting("poisoned"));
            wait = await healthy.WaitForBookmarkOfAsync(id, "wait");
        }

        await using (var host = await StartAsync(services => services
            .AddSingleton<IRuntimeStore>(new PoisonedRuns(_store, id, poison))
            .AddSingleton<IDefinitionStore>(new PoisonedDefinitions(_store, poison))))
        {
            await host.SignalAsync(wait, "signal");
            var record = await host.WaitForAsync(id, _ => false);
            Assert.Contains(reason, record.SetAside, StringComparison.Ordinal);
            Assert.Equal(WorkflowStatus.Running, record.Status);

            var other = await host.StartWorkflowAsync(A.Sequence("healthy").With(A.Line("line")).ToJson());
            Assert.Equal(WorkflowSubStatus.Finished, (await host.WaitForFinishAsync(other)).SubStatus);
        }

        await using var repaired = await StartAsync(_ => { });
        Assert.NotNull((await repaired.Reader.FindAsync(id, default))!.SetAside);
        Assert.True(await repaired.Store.PutBackAsync(id, default));
        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await repaired.Reader.FindAsync(id, default))!.Status is WorkflowStatus.Finished, "it finishes");
        Assert.Equal(["wait", "after"], await repaired.CompletedAsync(id));
    }

    [Fact]
    public async Task A_bookmark_id_that_another_instance_has_taken_sets_aside_after_some_tries()
    {
        await using var host = await StartAsync(_ => { });
        var json = A.Sequence("chosen").With(A.Node("wait", "Test.ChosenIdWait")).ToJson();
        var first = await host.StartWorkflowAsync(json);
        await host.WaitForBookmarkOfAsync(first, "wait", "Chosen");

        var second = await host.StartWorkflowAsync(json);
        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await host.Reader.FindAsync(second, default))!.SetAside is not null, "it is set aside", BetweenTries);

        Assert.Contains("'chosen' is waiting already", (await host.Reader.FindAsync(second, default))!.SetAside, StringComparison.Ordinal);
        Assert.Null((await host.Reader.FindAsync(first, default))!.SetAside);
    }

    [Fact]
    public async Task A_state_that_can_not_be_written_sets_aside_and_says_why()
    {
        await using var host = await StartAsync(_ => { });
        var id = await host.StartWorkflowAsync(A.Sequence("unstorable").With(A.Node("bad", "Test.UnstorableWait")).ToJson());

        await TestHost.PassAsync(_clock, TimeSpan.Zero, async () => (await host.Reader.FindAsync(id, default))!.SetAside is not null, "it is set aside", BetweenTries);

        Assert.NotEmpty((await host.Reader.FindAsync(id, default))!.SetAside!);
    }

    private static string Waiting(string definitionId) =>
        A.Sequence(definitionId).Variable("N", "Int32", "7").With(A.Event("wait", "go"), A.Say("after", "getN()")).ToJson();

    private Task<TestHost> StartAsync(Action<IServiceCollection> configure) =>
        TestHost.StartInMemoryAsync(_store, configure, _clock, typeof(SetAsideTests).Assembly);

    private sealed class PoisonedRuns(IRuntimeStore inner, string instanceId, string poison) : StoreDecorator(inner)
    {
        public override async Task<LoadedInstance?> LoadAsync(string id, CancellationToken cancellationToken)
        {
            var loaded = await base.LoadAsync(id, cancellationToken);
            return loaded is null || id != instanceId
                ? loaded
                : poison switch
                {
                    "damaged" => loaded with { State = [.. loaded.State![..(loaded.State!.Length / 2)]] },
                    "format" => loaded with { State = [9, 9, 9] },
                    "empty" => loaded with { State = [] },
                    "node" => Changed(loaded, state => state.ActivityExecutionContexts.Last().ScheduledActivityNodeId = "Workflow1:gone"),
                    "variable" => Changed(loaded, state => state.ActivityExecutionContexts.First().Properties["Variables"] = new Dictionary<string, object?> { ["var-N"] = "many" }),
                    "input" => loaded with { Stimuli = [.. loaded.Stimuli.Select(stored => stored with { Stimulus = stored.Stimulus with { Input = "[1" } })] },
                    _ => loaded,
                };
        }

        private static LoadedInstance Changed(LoadedInstance loaded, Action<WorkflowState> change)
        {
            var state = StateCodec.Decode(loaded.State!);
            change(state);
            return loaded with { State = StateCodec.Encode(state) };
        }
    }

    private sealed class PoisonedDefinitions(IDefinitionStore inner, string poison) : DefinitionStoreDecorator(inner)
    {
        public override async Task<DefinitionRecord?> FindAsync(string versionId, CancellationToken cancellationToken)
        {
            var record = await base.FindAsync(versionId, cancellationToken);
            return record?.DefinitionId != "poisoned"
                ? record
                : poison switch
                {
                    "missing" => null,
                    "syntax" => record with { Json = record.Json[..20] },
                    "changed" => record with { Json = Waiting("poisoned").Replace("getN()", "getN() + 1", StringComparison.Ordinal) },
                    _ => record,
                };
        }
    }
}
