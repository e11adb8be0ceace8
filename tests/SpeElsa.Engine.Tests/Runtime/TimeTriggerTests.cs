using System.Globalization;
using Elsa.Workflows;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>Workflows that time starts, on a clock of the test's own.</summary>
public sealed class TimeTriggerTests : RuntimeTest
{
    protected override bool HasFakeClock => true;

    [Fact]
    public async Task A_timer_starts_an_instance_each_time_and_keeps_its_rhythm()
    {
        await PublishAsync(A.Sequence("timer").With(Starting(A.Node("when", "Elsa.Timer", ("interval", A.Text("01:00:00")))), A.Line("ran")));

        await PassUntilAsync("timer", TimeSpan.FromMinutes(60), 1);
        await PassUntilAsync("timer", TimeSpan.FromMinutes(60), 2);

        Assert.All(await InstancesAsync("timer"), instance => Assert.Equal(WorkflowSubStatus.Finished, instance.SubStatus));
    }

    [Fact]
    public async Task What_was_missed_while_nobody_ran_starts_one_instance_with_its_lateness()
    {
        await PublishAsync(A.Sequence("missed").With(Starting(A.Node("when", "Elsa.Timer", ("interval", A.Text("01:00:00")))), A.Say("late", "getInput('TimerLatenessMilliseconds') > 86400000 * 6")));
        await Host.DisposeAsync();
        Clock.Advance(TimeSpan.FromDays(7));
        await RestartAsync();

        var instance = Assert.Single(await EndedAsync("missed", 1));
        Assert.Equal(["true"], (await Host.LinesAsync(instance.Id)).Select(line => line.ToLowerInvariant()));

        await PassUntilAsync("missed", TimeSpan.FromHours(1), 2);
    }

    [Fact]
    public async Task A_cron_expression_starts_at_its_times_in_UTC()
    {
        await PublishAsync(A.Sequence("cron").With(Starting(A.Node("when", "Elsa.Cron", ("cronExpression", A.Text("30 9 * * *"))))));
        Assert.Equal(A.Moment.AddMinutes(90), (await Get<IDefinitionStore>().ListTriggersAsync("cron", default)).Single().DueAt);

        await PassUntilAsync("cron", TimeSpan.FromMinutes(90), 1);

        Assert.Equal(A.Moment.AddMinutes(90).AddDays(1), (await Get<IDefinitionStore>().ListTriggersAsync("cron", default)).Single().DueAt);
    }

    [Fact]
    public async Task A_cron_expression_may_count_in_seconds()
    {
        await PublishAsync(A.Sequence("seconds").With(Starting(A.Node("when", "Elsa.Cron", ("cronExpression", A.Text("*/10 * * * * *"))))));

        Assert.Equal(A.Moment.AddSeconds(10), (await Get<IDefinitionStore>().ListTriggersAsync("seconds", default)).Single().DueAt);
    }

    [Fact]
    public async Task A_time_starts_one_instance_and_never_again()
    {
        var time = A.Moment.AddHours(2).ToString("O", CultureInfo.InvariantCulture);
        await PublishAsync(A.Sequence("once").With(Starting(A.Node("when", "Elsa.StartAt", ("dateTime", A.Text(time))))));

        await PassUntilAsync("once", TimeSpan.FromHours(2), 1);

        Assert.Null((await Get<IDefinitionStore>().ListTriggersAsync("once", default)).Single().DueAt);
    }

    [Theory]
    [InlineData("Elsa.Timer", "interval", "03:00:00")]
    [InlineData("Elsa.Cron", "cronExpression", "0 11 * * *")]
    [InlineData("Elsa.StartAt", "dateTime", "2026-03-01T11:00:00+00:00")]
    public async Task In_the_middle_of_a_workflow_a_time_is_a_wait(string type, string input, string value)
    {
        await PublishAsync(A.Sequence("middle").With(A.Line("before"), A.Node("when", type, (input, A.Text(value))), A.Line("after")));
        var run = await RunAsync("middle");
        Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
        await RestartAsync();

        await PassUntilAsync("middle", TimeSpan.FromHours(3), 1);

        Assert.Equal(["before", "when", "after"], await Host.CompletedAsync(run.WorkflowInstanceId));
    }

    private Task PassUntilAsync(string definitionId, TimeSpan span, int count) => TestHost.PassAsync(
        Clock,
        span,
        async () => (await InstancesAsync(definitionId)).Count(instance => instance.Status is WorkflowStatus.Finished) == count,
        $"{count} instances have ended");
}
