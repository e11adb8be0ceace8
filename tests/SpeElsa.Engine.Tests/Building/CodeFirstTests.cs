using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Building;

/// <summary>Workflows that are written in C#: built, stored as versions, run, and held to what their version was stored with.</summary>
public sealed class CodeFirstTests : IAsyncLifetime
{
    private readonly InMemoryStore _store = new();
    private readonly Edition _edition = new();
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_definition_is_named_after_the_class_unless_it_says_otherwise()
    {
        var record = (await BuildAsync<GreetingWorkflow>()).Record;

        Assert.Equal(
            ("GreetingWorkflow", 1, "Greeting Workflow", "Greets after a wait", "Clr"),
            (record.DefinitionId, record.Version, record.Name, record.Description, record.MaterializerName));
    }

    [Fact]
    public async Task Activities_without_an_id_get_one_from_their_place_and_the_same_in_every_build()
    {
        var once = await BuildAsync<GreetingWorkflow>();
        var twice = await BuildAsync<GreetingWorkflow>();

        Assert.Equal(["Workflow1", "Sequence1", "go", "SetVariableOfType1", "WriteLine1", "WriteLine2"], once.Graph.Nodes.Select(node => node.Activity.Id));
        Assert.Equal(once.Record.Json, twice.Record.Json);
        Assert.Equal(once.Record.ContentHash, twice.Record.ContentHash);
    }

    [Fact]
    public async Task Everything_a_builder_was_told_is_in_the_definition()
    {
        var workflow = await BuildWorkflowAsync(new FullWorkflow());

        Assert.Equal(("full", "full-1", "tenant", 1), (workflow.Identity.DefinitionId, workflow.Identity.Id, workflow.Identity.TenantId, workflow.Identity.Version));
        var json = JsonNode.Parse(_host.Services.GetRequiredService<DefinitionWriter>().Write(workflow))!;
        Assert.True((bool)json["isReadonly"]! && (bool)json["isSystem"]! && (bool)json["options"]!["usableAsActivity"]!);
        Assert.Equal("SingletonStrategy", (string)json["options"]!["activationStrategyType"]!);
        Assert.Equal("before", (string)json["customProperties"]!["Order"]!);
        Assert.Equal(["A", "B", "Result"], json["variables"]!.AsArray().Select(variable => (string)variable!["name"]!));
        Assert.Equal(("Int32", true, "[1,2]"), ((string)json["variables"]![1]!["typeName"]!, (bool)json["variables"]![1]!["isArray"]!, (string)json["variables"]![1]!["value"]!));
        Assert.Equal(("Count", "Int32", "singleline"), ((string)json["inputs"]![0]!["name"]!, (string)json["inputs"]![0]!["type"]!, (string)json["inputs"]![0]!["uiHint"]!));
        Assert.Equal("Verdict", (string)json["outputs"]![0]!["name"]!);
        Assert.Equal("Good", (string)json["outcomes"]![0]!);
        Assert.Equal(("FlowDecision1", "True"), ((string)json["root"]!["connections"]![1]!["source"]!["activity"]!, (string)json["root"]!["connections"]![1]!["source"]!["port"]!));
        Assert.Equal("""{"type":"Delegate"}""", json["root"]!["activities"]![1]!["condition"]!["expression"]!.ToJsonString());
    }

    [Fact]
    public async Task A_written_class_names_no_class_of_the_program()
    {
        var json = (await BuildAsync<FullWorkflow>()).Record.Json + (await BuildAsync<GreetingWorkflow>()).Record.Json;

        Assert.DoesNotContain("SpeElsa", json, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Elsa.Workflows", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_of_a_class_runs_its_code_also_after_a_restart()
    {
        await PublishAsync();
        var id = await StartInstanceAsync("GreetingWorkflow");
        await _host.WaitForBookmarkOfAsync(id, "go");
        await RestartAsync();

        await _host.SignalAsync(await _host.WaitForBookmarkOfAsync(id, "go"));

        Assert.Equal(WorkflowSubStatus.Finished, (await _host.WaitForFinishAsync(id)).SubStatus);
        Assert.Equal(["hello world", "hello"], await _host.LinesAsync(id));
    }

    [Fact]
    public async Task The_result_of_a_workflow_is_stored_with_its_instance()
    {
        await PublishAsync();
        var id = await StartInstanceAsync("full");
        await _host.WaitForFinishAsync(id);

        Assert.Equal(42L, (await _host.StateAsync(id)).ActivityOutputs["Workflow1"]["Result"]);
    }

    [Fact]
    public async Task Any_activity_may_be_the_root()
    {
        await PublishAsync();
        var id = await StartInstanceAsync("LineWorkflow");
        await _host.WaitForFinishAsync(id);

        Assert.Equal(["alone"], await _host.LinesAsync(id));
    }

    [Fact]
    public async Task Publishing_the_same_class_again_stores_nothing_and_new_content_becomes_the_next_version()
    {
        await PublishAsync();
        await RestartAsync();
        await PublishAsync();
        Assert.Equal(1, (await _store.FindPublishedAsync("GreetingWorkflow", default))!.Version);

        _edition.Greeting = "good evening";
        await RestartAsync();
        await PublishAsync();

        var published = (await _store.FindPublishedAsync("GreetingWorkflow", default))!;
        Assert.Equal(2, published.Version);
        Assert.Contains("good evening", published.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_is_set_aside_when_its_class_builds_something_else_and_goes_on_when_it_does_again()
    {
        await PublishAsync();
        var id = await StartInstanceAsync("GreetingWorkflow");
        await _host.WaitForBookmarkOfAsync(id, "go");
        _edition.Greeting = "good evening";
        await RestartAsync();
        await PublishAsync();

        await _host.SignalAsync(await _host.WaitForBookmarkOfAsync(id, "go"));
        var record = await _host.WaitForAsync(id, _ => false);
        Assert.Contains("GreetingWorkflow no longer builds what version 1 was stored with", record.SetAside, StringComparison.Ordinal);

        _edition.Greeting = "hello";
        await RestartAsync();
        Assert.True(await _host.Store.PutBackAsync(id, default));
        await Eventually.TrueAsync(async () => (await _host.Reader.FindAsync(id, default))!.Status is WorkflowStatus.Finished, "it finishes");
        Assert.Equal(["hello world", "hello"], await _host.LinesAsync(id));
    }

    [Fact]
    public async Task An_instance_of_a_class_that_is_gone_is_set_aside()
    {
        await PublishAsync();
        var id = await StartInstanceAsync("GreetingWorkflow");
        await _host.WaitForBookmarkOfAsync(id, "go");
        await RestartAsync(withWorkflows: false);

        await _host.SignalAsync(await _host.WaitForBookmarkOfAsync(id, "go"));

        Assert.Contains("a class that this program no longer has", (await _host.WaitForAsync(id, _ => false)).SetAside, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_can_not_be_built_is_left_out_and_stops_no_other()
    {
        var leftOut = await PublishAsync();

        Assert.Equal(["BrokenWorkflow", "TwiceWorkflow"], leftOut.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("not today", leftOut["BrokenWorkflow"], StringComparison.Ordinal);
        Assert.Contains("used at two places", leftOut["TwiceWorkflow"], StringComparison.Ordinal);
        Assert.NotNull(await _store.FindPublishedAsync("LineWorkflow", default));
    }

    [Fact]
    public async Task A_definition_of_a_person_under_the_same_id_is_not_overwritten()
    {
        var own = await _store.PublishAsync(A.Definition("LineWorkflow", A.Sequence("LineWorkflow").With(A.Line("mine")).ToJson()), default);

        var leftOut = await PublishAsync();

        Assert.Contains("not made by code", leftOut["LineWorkflow"], StringComparison.Ordinal);
        Assert.Equal(own.Id, (await _store.FindPublishedAsync("LineWorkflow", default))!.Id);
    }

    [Fact]
    public async Task A_version_that_was_retracted_stays_so_until_its_content_is_new()
    {
        await PublishAsync();
        await _store.RetractAsync("GreetingWorkflow", default);
        await PublishAsync();
        Assert.Null(await _store.FindPublishedAsync("GreetingWorkflow", default));

        _edition.Greeting = "good evening";
        await PublishAsync();

        Assert.Equal(2, (await _store.FindPublishedAsync("GreetingWorkflow", default))!.Version);
    }

    [Fact]
    public async Task What_is_stored_of_a_class_is_locked_for_the_designer()
    {
        await PublishAsync();

        var stored = (await _store.FindPublishedAsync("full", default))!;
        Assert.Equal((true, true, true, "Clr"), (stored.IsReadonly, stored.IsSystem, stored.UsableAsActivity, stored.MaterializerName));
    }

    [Fact]
    public async Task A_workflow_without_a_root_is_refused()
    {
        var builder = _host.Services.GetRequiredService<IWorkflowBuilderFactory>().CreateBuilder();

        var exception = await Assert.ThrowsAsync<InvalidDefinitionException>(() => builder.WithDefinitionId("empty").BuildWorkflowAsync());

        Assert.Contains("set builder.Root", exception.Message, StringComparison.Ordinal);
    }

    private Task<CodeFirstVersion> BuildAsync<T>() => _host.Services.GetRequiredService<CodeFirstWorkflows>().BuildAsync(typeof(T), default);

    private Task<Workflow> BuildWorkflowAsync(IWorkflow workflow) => _host.Services.GetRequiredService<IWorkflowBuilderFactory>().CreateBuilder().BuildWorkflowAsync(workflow);

    private Task<IReadOnlyDictionary<string, string>> PublishAsync() => _host.Services.GetRequiredService<CodeFirstPublisher>().PublishAsync(default);

    private async Task<string> StartInstanceAsync(string definitionId)
    {
        var id = Guid.NewGuid().ToString("N");
        await _host.Inbox.StartAsync(new StartRequest { Key = id, InstanceId = id, DefinitionId = definitionId, Input = new Dictionary<string, object?>() }, default);
        return id;
    }

    private async Task RestartAsync(bool withWorkflows = true)
    {
        await _host.DisposeAsync();
        _host = await StartAsync(withWorkflows);
    }

    private Task<TestHost> StartAsync(bool withWorkflows = true) => TestHost.StartInMemoryAsync(_store, services =>
    {
        services.AddSingleton(_edition);
        if (withWorkflows)
        {
            services.AddWorkflowsFrom(typeof(CodeFirstTests).Assembly);
        }
    });
}
