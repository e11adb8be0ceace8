using Elsa.Workflows;

namespace SpeElsa.Testing.Durability;

/// <summary>A run that must have the same effects wherever its process dies.</summary>
/// <param name="Definition">What runs.</param>
/// <param name="Effects">The effects it has in the world, each once; the order of parallel ones is open.</param>
/// <param name="DriveAsync">What the outside world does, from the start to the end of the run; does no harm when it is done again.</param>
public sealed record CrashScenario(DefinitionBuilder Definition, string[] Effects, Func<TestHost, string, Task> DriveAsync)
{
    private const string InstanceId = "crashing";

    public static CrashScenario Sequence => new(
        A.Sequence("sequence").With(Effect("one"), A.Line("line"), Effect("two"), Effect("three")),
        ["one", "two", "three"],
        (_, _) => Task.CompletedTask);

    public static CrashScenario ParallelBranches => new(
        A.Flowchart("branches").With(A.Line("start"), Effect("left1"), Effect("left2"), Effect("right1"), Effect("right2"), Effect("join"))
            .Connect("start -> left1", "start -> right1", "left1 -> left2", "right1 -> right2", "left2 -> join", "right2 -> join"),
        ["left1", "left2", "right1", "right2", "join"],
        (_, _) => Task.CompletedTask);

    public static CrashScenario LoopWithTimer => new(
        A.Flowchart("loop").Variable("N", "Int32", "0")
            .With(A.Set("count", "N", "getN() + 1", "Int32"), Effect("round"), A.Delay("pause", TimeSpan.FromMilliseconds(1)), A.Decision("more", "getN() < 3"), Effect("last"))
            .Connect("count -> round", "round -> pause", "pause -> more", "more:True -> count", "more:False -> last"),
        ["round", "round", "round", "last"],
        (_, _) => Task.CompletedTask);

    public static CrashScenario LoopWithSwitchAndJoin => new(
        A.Sequence("rounds").With(
            A.For("for", 1, 2, A.Chart(
                "round",
                [
                    A.Switch("switch", "MatchAny", [A.Case("odd", "getCurrentValue() % 2 == 1"), A.Case("any", "true")]),
                    Effect("left"),
                    Effect("right"),
                    A.Node("join", "Elsa.FlowJoin", ("mode", A.Text("WaitAllActive"))),
                    Effect("joined"),
                ],
                "switch:odd -> left",
                "switch:any -> right",
                "left -> join",
                "right -> join",
                "join -> joined"))),
        ["left", "right", "joined", "right", "joined"],
        (_, _) => Task.CompletedTask);

    public static CrashScenario Event => new(
        A.Sequence("event").With(Effect("before"), A.Event("wait", "go"), Effect("after")),
        ["before", "after"],
        async (host, id) =>
        {
            if ((await host.CompletedAsync(id)).Contains("wait"))
            {
                return;
            }

            var key = $"signal:{id}";
            if (await host.Reader.FindStimulusAsync(key, default) is null)
            {
                await host.SignalAsync(await host.WaitForBookmarkOfAsync(id, "wait"), key);
            }
        });

    /// <summary>The signal has been looked at before there is a wait for it, and the wait is stored by a step beside it, before the end of the burst.</summary>
    public static CrashScenario EarlySignal => new(
        A.Sequence("early").With(
            Effect("before"),
            A.Delay("pause", TimeSpan.FromMilliseconds(60)),
            A.Chart("both", [A.Line("fork"), A.Event("wait", "go"), Effect("beside"), A.Node("join", "Elsa.FlowJoin", ("mode", A.Text("WaitAll"))), Effect("after")],
                "fork -> wait", "fork -> beside", "wait -> join", "beside -> join", "join -> after")),
        ["before", "beside", "after"],
        (host, id) => host.Inbox.SendAsync(A.Signal($"early:{id}", id, hash: A.HashOfEvent("go")), default));

    /// <summary>Held while it waits, told while it is on hold, and let go.</summary>
    public static CrashScenario Held => new(
        A.Sequence("held").With(Effect("before"), A.Event("wait", "go"), Effect("after")),
        ["before", "after"],
        async (host, id) =>
        {
            if (await host.Reader.FindStimulusAsync($"told:{id}", default) is null)
            {
                await host.WaitForBookmarkOfAsync(id, "wait");
            }

            await host.Inbox.HoldAsync(id, $"hold:{id}", "j.doe", "crash", default);
            await Eventually.TrueAsync(
                async () => await host.Reader.FindStimulusAsync($"hold:{id}", default) is { State: Engine.Storage.StimulusState.Consumed }, "it is on hold");
            await host.Inbox.SendAsync(A.Signal($"told:{id}", id, hash: A.HashOfEvent("go")), default);
            await Eventually.TrueAsync(async () => (await host.CompletedAsync(id)).Contains("wait"), "the signal is taken");
            if (await host.Reader.FindStimulusAsync($"release:{id}", default) is null && (await host.JournalAsync(id)).Any(row => row.ActivityId == "after"))
            {
                throw new InvalidOperationException("It has begun something while it was on hold.");
            }

            await host.Inbox.ReleaseAsync(id, $"release:{id}", "j.doe", null, default);
        });

    public static CrashScenario PublishedEvent => new(
        A.Flowchart("published")
            .With(
                A.Line("start"),
                A.Event("wait", "go"),
                A.Node("publish", "Elsa.PublishEvent", ("eventName", A.Text("go")), ("isLocalEvent", A.Text(true))),
                Effect("published"),
                Effect("heard"))
            .Connect("start -> wait", "start -> publish", "publish -> published", "wait -> heard"),
        ["published", "heard"],
        (_, _) => Task.CompletedTask);

    /// <summary>Starts the run, which is started only once however often this is called, and sees it to its end.</summary>
    public async Task<string> RunAsync(TestHost host)
    {
        await host.StartWorkflowAsync(Definition.ToJson(), instanceId: InstanceId);
        await DriveAsync(host, InstanceId);
        var record = await host.WaitForFinishAsync(InstanceId);
        return record.SubStatus is WorkflowSubStatus.Finished
            ? InstanceId
            : throw new InvalidOperationException($"It is {record.SubStatus}, set aside: {record.SetAside ?? "no"}, incidents: {record.IncidentCount}");
    }

    private static System.Text.Json.Nodes.JsonObject Effect(string id) => A.Node(id, "Test.Effect");
}
