using Elsa.Workflows;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class EventTests : EngineTest
{
    private static string HashOf(string eventName) => StimulusHash.Compute("Elsa.Event", new EventStimulus(eventName));

    [Fact]
    public async Task A_signal_that_comes_before_its_bookmark_is_kept_across_a_restart()
    {
        var id = await StartAsync(A.Sequence("early").With(A.Event("first", "first"), A.Event("second", "second")));
        var first = await Host.WaitForBookmarkOfAsync(id, "first");
        await Host.Inbox.SendAsync(A.Signal("early", id, hash: HashOf("second")), default);
        await Eventually.TrueAsync(async () => (await Host.Reader.FindStimulusAsync("early", default))!.State is StimulusState.Waiting, "it waits");
        await RestartAsync();

        await Host.SignalAsync(first);

        await FinishesAsync(id);
        Assert.Equal(["first", "second"], await Host.CompletedAsync(id));
        Assert.Equal(StimulusState.Consumed, (await Host.Reader.FindStimulusAsync("early", default))!.State);
    }

    [Fact]
    public async Task A_signal_that_nothing_waited_for_is_superseded_by_the_end()
    {
        var id = await StartAsync(A.Sequence("superseded").With(A.Event("first", "first")));
        var first = await Host.WaitForBookmarkOfAsync(id, "first");
        await Host.Inbox.SendAsync(A.Signal("other", id, hash: HashOf("other")), default);
        await Host.SignalAsync(first);

        await FinishesAsync(id);
        await Eventually.TrueAsync(async () => (await Host.Reader.FindStimulusAsync("other", default))!.State is StimulusState.Superseded, "it is superseded");
    }

    [Fact]
    public async Task Equal_signals_have_one_effect()
    {
        var id = await StartAsync(A.Sequence("equal").With(A.Event("go", "go"), A.Line("after"), A.Event("last", "last")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "go");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Host.SignalAsync(wait, number % 2 == 0 ? "same" : $"key{number}"))));

        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "last"));
        await FinishesAsync(id);
        Assert.Equal(["go", "after", "last"], await Host.CompletedAsync(id));
        Assert.Single(answers, answer => answer is { Acceptance: Acceptance.Accepted, Stored.Stimulus.Key: "same" });
    }

    [Fact]
    public async Task An_event_brings_its_payload()
    {
        var id = await StartAsync(A.Sequence("payload").Variable("P").With(
            A.Node("go", "Elsa.Event", ("eventName", A.Text("go")), ("result", A.Into("P"))),
            A.Say("line", "getP().who + ' ' + getP().list[1] + ' ' + getOutputFrom('go').who")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "go");

        await Host.SignalAsync(wait, payload: new { who = "Ada", list = new[] { 1, 2 } });

        await FinishesAsync(id);
        Assert.Equal(["Ada 2 Ada"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Events_addressed_by_hash_are_used_up_one_per_round()
    {
        var id = await StartAsync(A.Flowchart("rounds").Variable("N", "Int32", "0")
            .With(A.Event("wait", "go"), A.Set("add", "N", "getN() + 1", "Int32"), A.Decision("more", "getN() < 3"))
            .Connect("wait -> add", "add -> more", "more:True -> wait"));
        await Host.WaitForBookmarkOfAsync(id, "wait");

        foreach (var key in new[] { "k1", "k2", "k3", "k4" })
        {
            await Host.Inbox.SendAsync(A.Signal(key, id, hash: HashOf("go")), default);
        }

        await FinishesAsync(id);
        Assert.Equal(3, (await Host.CompletedAsync(id)).Count(activity => activity == "add"));
    }

    [Fact]
    public async Task A_published_event_reaches_those_who_wait_for_it_and_nobody_else()
    {
        var waiting = A.Sequence("waiting").With(A.Node("go", "Elsa.Event", ("eventName", A.Text("go"))), A.Say("line", "getOutputFrom('go')"));
        var one = await StartAsync(waiting);
        var two = await StartAsync(waiting);
        var other = await StartAsync(A.Sequence("other").With(A.Event("stop", "stop")));
        await Host.WaitForBookmarkOfAsync(one, "go");
        await Host.WaitForBookmarkOfAsync(two, "go");
        await Host.WaitForBookmarkOfAsync(other, "stop");

        await RunAsync(A.Sequence("publisher").With(A.Node("publish", "Elsa.PublishEvent", ("eventName", A.Text("go")), ("payload", A.JavaScript("'hello'")))));

        await FinishesAsync(one);
        await FinishesAsync(two);
        Assert.Equal(["hello"], await Host.LinesAsync(one));
        Assert.Equal(WorkflowStatus.Running, (await Host.Reader.FindAsync(other, default))!.Status);
        await Eventually.TrueAsync(async () => (await Host.Store.ReadOutboxAsync(10, default)).Count == 0, "the outbox is empty");
    }

    [Fact]
    public async Task A_published_event_reaches_only_its_correlation()
    {
        DefinitionBuilder Waiting(string correlation) => A.Sequence($"about-{correlation}").With(
            A.Node("about", "Elsa.Correlate", ("correlationId", A.Text(correlation))), A.Event("go", "go"));
        var mine = await StartAsync(Waiting("a"));
        var others = await StartAsync(Waiting("b"));
        await Host.WaitForBookmarkOfAsync(mine, "go");
        await Host.WaitForBookmarkOfAsync(others, "go");

        await RunAsync(A.Sequence("publisher").With(A.Node("publish", "Elsa.PublishEvent", ("eventName", A.Text("go")), ("correlationId", A.Text("a")))));

        await FinishesAsync(mine);
        Assert.Equal(WorkflowStatus.Running, (await Host.Reader.FindAsync(others, default))!.Status);
    }

    [Fact]
    public async Task A_workflow_can_publish_a_local_event_to_itself()
    {
        var bystander = await StartAsync(A.Sequence("bystander").With(A.Event("go", "go")));
        await Host.WaitForBookmarkOfAsync(bystander, "go");

        var id = await RunAsync(A.Flowchart("self")
            .With(
                A.Line("start"),
                A.Event("wait", "go"),
                A.Node("publish", "Elsa.PublishEvent", ("eventName", A.Text("go")), ("isLocalEvent", A.Text(true))),
                A.Line("join"))
            .Connect("start -> wait", "start -> publish", "wait -> join", "publish -> join"));

        Assert.Equal(["start", "publish", "wait", "join"], await Host.CompletedAsync(id));
        Assert.Equal(WorkflowStatus.Running, (await Host.Reader.FindAsync(bystander, default))!.Status);
    }

    [Fact]
    public async Task Two_signals_at_once_for_two_waits_of_one_activity_complete_it_once()
    {
        // A task that was answered in the moment its time ran out: both stimuli lie in the inbox when the instance is claimed.
        await Host.DisposeAsync();
        var quiet = Store;
        await using (var host = await StartHostAsync())
        {
            var id = await host.StartWorkflowAsync(A.Flowchart("either").With(A.Node("wait", "Test.EitherWait"), A.Say("after", "getLastResult()"), A.Event("last", "last"))
                .Connect("wait -> after", "after -> last").ToJson());
            var waits = await host.WaitForBookmarksAsync(id, 2, "Either");
            await host.DisposeAsync();
            foreach (var wait in waits)
            {
                await quiet.AcceptAsync(A.Signal($"s:{wait.Id}", id, wait.Id), null, default);
            }

            await RestartAsync();
            await Host.WaitForBookmarkOfAsync(id, "last");
            Assert.Equal(["wait", "after"], await Host.CompletedAsync(id));
            Assert.Equal(["one"], await Host.LinesAsync(id));
        }
    }

    [Fact]
    public async Task A_bookmark_that_is_not_burnt_takes_every_signal()
    {
        var id = await StartAsync(A.Sequence("count").With(A.Node("counter", "Test.Counter")));
        var wait = Assert.Single(await Host.WaitForBookmarksAsync(id, 1, "Count"));

        for (var number = 1; number <= 3; number++)
        {
            await Host.SignalAsync(wait, $"k{number}");
        }

        await Eventually.TrueAsync(async () => (await Host.StateAsync(id)).ActivityOutputs.TryGetValue("counter", out var outputs) && outputs["Result"] is 3L, "it counted 3");
    }
}
