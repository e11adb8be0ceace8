using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;
using SpeElsa.Server.Telemetry;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Telemetry;

/// <summary>What is measured of moves, on an engine in memory with a clock of the test's.</summary>
public sealed class MoveMetricsTests
{
    private const string InstanceHost = "instance-host";
    private readonly InMemoryStore _store = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);

    [Fact]
    public async Task Moves_are_counted_when_they_begin_and_end_and_each_role_is_timed_from_its_stop_to_its_answer()
    {
        await using var host = await StartAsync();
        using var readings = new Readings(host.Services.GetRequiredService<EngineMeter>().Meter);
        var id = await host.StartWorkflowAsync(Downs("moves").ToJson());
        var wait = await host.WaitForBookmarkOfAsync(id, "wait");
        await Eventually.TrueAsync(() => Task.FromResult(readings.Now("speelsa.moves.running scenario=moves") == 1), "it runs");

        _clock.Advance(TimeSpan.FromSeconds(90));
        await host.SignalAsync(wait);

        await Eventually.TrueAsync(() => Task.FromResult(readings.Of("speelsa.moves.ended scenario=moves outcome=finished").Length == 1), "it has ended");
        Assert.Equal([1], readings.Of("speelsa.moves.started scenario=moves"));
        Assert.Equal(0, readings.Now("speelsa.moves.running scenario=moves"));
        Assert.Equal([90], readings.Of("speelsa.downtime role=instance-host"));
        Assert.Single(readings.All, one => one.What.StartsWith("speelsa.downtime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_move_that_ran_before_the_server_did_is_known_and_its_downtime_counts_from_the_stop()
    {
        string id;
        BookmarkRecord wait;
        await using (var first = await StartAsync())
        {
            id = await first.StartWorkflowAsync(Downs("restarted").ToJson());
            wait = await first.WaitForBookmarkOfAsync(id, "wait");
        }

        await using var host = await StartAsync();
        using var readings = new Readings(host.Services.GetRequiredService<EngineMeter>().Meter);
        await host.Services.GetRequiredService<MoveMetrics>().StartingAsync(default);
        Assert.Equal(1, readings.Now("speelsa.moves.running scenario=restarted"));

        _clock.Advance(TimeSpan.FromMinutes(5));
        await host.SignalAsync(wait);

        await Eventually.TrueAsync(() => Task.FromResult(readings.Of("speelsa.moves.ended scenario=restarted outcome=finished").Length == 1), "it has ended");
        Assert.Empty(readings.Of("speelsa.moves.started scenario=restarted"));
        Assert.Equal([300], readings.Of("speelsa.downtime role=instance-host"));
    }

    [Theory]
    [InlineData("cancelled", "aborted")]
    [InlineData("aborted", "aborted")]
    [InlineData("failed", "failed")]
    public async Task How_a_move_ended_is_told_from_how_it_could_have(string how, string outcome)
    {
        await using var host = await StartAsync();
        using var readings = new Readings(host.Services.GetRequiredService<EngineMeter>().Meter);
        var id = await host.StartWorkflowAsync(A.Sequence(how).With(A.Event("wait", "go"), A.Node("end", "Test.Ends", ("how", A.Text(how)))).ToJson());
        var wait = await host.WaitForBookmarkOfAsync(id, "wait");
        await (how == "cancelled" ? host.Inbox.SendAsync(A.Cancel("cancel", id), default) : host.SignalAsync(wait));

        await Eventually.TrueAsync(() => Task.FromResult(readings.Of($"speelsa.moves.ended scenario={how} outcome={outcome}").Length == 1), "it has ended");
    }

    [Fact]
    public async Task Rehearsals_and_workflows_of_other_workflows_are_no_moves()
    {
        await using var host = await StartAsync();
        using var readings = new Readings(host.Services.GetRequiredService<EngineMeter>().Meter);
        var rehearsal = await host.StartWorkflowAsync(Downs("moves").ToJson(), instanceId: "rehearsal0123456789abn1");
        await host.SignalAsync(await host.WaitForBookmarkOfAsync(rehearsal, "wait"));
        await host.WaitForFinishAsync(rehearsal);
        await host.StartWorkflowAsync(A.Sequence("child").With(A.Line("line")).ToJson());
        await host.StartWorkflowAsync(A.Sequence("parent").With(A.Node("call", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text("child")), ("waitForCompletion", A.Text(true)))).ToJson());

        await Eventually.TrueAsync(() => Task.FromResult(readings.Of("speelsa.moves.ended scenario=parent outcome=finished").Length == 1), "it has ended");
        Assert.Equal([1], readings.Of("speelsa.moves.started scenario=child"));
        Assert.Empty(readings.Of("speelsa.moves.started scenario=moves"));
        Assert.DoesNotContain(readings.All, one => one.What.StartsWith("speelsa.downtime", StringComparison.Ordinal));
    }

    /// <summary>One role is stopped, stopped again and answers twice; one answers that was never stopped.</summary>
    private static DefinitionBuilder Downs(string definitionId) => A.Sequence(definitionId).With(
        Clock("down", Downtime.StoppedEvent, InstanceHost), Clock("again", Downtime.StoppedEvent, InstanceHost), A.Event("wait", "go"),
        Clock("up", Downtime.AnsweredEvent, InstanceHost), Clock("still", Downtime.AnsweredEvent, InstanceHost), Clock("other", Downtime.AnsweredEvent, "management-server"));

    private static System.Text.Json.Nodes.JsonObject Clock(string id, string what, string role) => A.Node(id, "Test.Clocks", ("what", A.Text(what)), ("role", A.Text(role)));

    private Task<TestHost> StartAsync() => TestHost.StartInMemoryAsync(
        _store,
        services =>
        {
            services.AddSingleton<MoveMetrics>();
            services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<MoveMetrics>());
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MoveMetrics>());
        },
        _clock,
        typeof(MoveMetricsTests).Assembly);
}

/// <summary>Writes a row that a clock is read from.</summary>
[Activity("Test", "Test", "Writes a row of a clock")]
public sealed class Clocks : CodeActivity
{
    [Input]
    public Input<string> What { get; set; } = null!;

    [Input]
    public Input<string> Role { get; set; } = null!;

    protected override void Execute(ActivityExecutionContext context) =>
        context.AddExecutionLogEntry(context.Get(What)!, null, null, new Dictionary<string, object?> { ["role"] = context.Get(Role) });
}

/// <summary>Ends its workflow badly.</summary>
[Activity("Test", "Test", "Ends badly")]
public sealed class Ends : CodeActivity
{
    [Input]
    public Input<string> How { get; set; } = null!;

    protected override void Execute(ActivityExecutionContext context) => throw (context.Get(How) == "aborted" ? new MoveAbortedException(context.Activity.Id, "ann", "it takes too long") : new InvalidOperationException("it broke"));
}
