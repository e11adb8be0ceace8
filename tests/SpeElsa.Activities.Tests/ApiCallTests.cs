using System.Text.Json.Nodes;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Activities.Tests;

/// <summary>What the Management API can not do a person does; what takes it long survives it.</summary>
public sealed class ApiCallTests
{
    private const string StopEffect = "api:StopInstances";

    [Fact]
    public async Task What_this_version_can_not_be_asked_for_becomes_a_persons_task()
    {
        await using var bench = await LabBench.OpenAsync(missingFunctions: ["StopInstances"]);
        await using var host = await bench.StartHostAsync();
        var (baseline, evidence) = await BaselineAsync(host);
        Assert.Contains("no function StopInstances", evidence, StringComparison.Ordinal);

        var id = await host.RunAsync("SpeElsa.StopInstances", Inputs(baseline));
        var (bookmark, task) = await host.WaitForTaskAsync(id);

        Assert.Contains("These instances run: acme, globex, initech.", task.Finding, StringComparison.Ordinal);
        Assert.Contains("has no function StopInstances. Stop these instances in the Management Console.", task.Finding, StringComparison.Ordinal);
        Assert.Equal(0, bench.Effects(LabBench.Old, StopEffect));

        // The person does it; the step looks whether it is done.
        bench.Server(LabBench.Old).StopService(Service(bench, "MailStoreInstanceHost"));
        await host.AnswerAsync(id, bookmark.Id, "Retry");
        await host.WaitForFinishAsync(id);
        Assert.Equal(0, bench.Effects(LabBench.Old, StopEffect));
    }

    [Fact]
    public async Task A_baseline_of_a_version_that_can_all_leaves_nothing_to_a_person()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var host = await bench.StartHostAsync();

        Assert.Contains("\"byHand\":[]", (await BaselineAsync(host)).Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_call_is_kept_by_its_token_and_asked_for_until_it_ends()
    {
        await using var bench = await LabBench.OpenAsync(slowStep: TimeSpan.FromMilliseconds(150));
        await using var host = await bench.StartHostAsync();
        var (baseline, _) = await BaselineAsync(host);

        var id = await host.RunAsync("SpeElsa.StopInstances", Inputs(baseline));
        await host.WaitForFinishAsync(id);

        var journal = await host.Host.JournalAsync(id);
        Assert.Equal(3, journal.Count(row => row.EventName == "CallRunsOn"));
        Assert.Equal(3, journal.Count(row => row.EventName == "CallEnded"));
        Assert.Equal(3, bench.Effects(LabBench.Old, StopEffect));
    }

    [Fact]
    public async Task A_token_that_the_server_forgot_is_resolved_by_looking_and_nothing_is_done_twice()
    {
        await using var bench = await LabBench.OpenAsync(slowStep: TimeSpan.FromMinutes(10));
        await using var host = await bench.StartHostAsync();
        var (baseline, _) = await BaselineAsync(host);
        var id = await host.RunAsync("SpeElsa.StopInstances", Inputs(baseline));
        await Rows(host, id, rows => rows.Count(row => row.EventName == "CallRunsOn") == 3);

        bench.Options.SlowStep = TimeSpan.Zero;
        var manager = Service(bench, "MailStoreManagementServer");
        bench.Server(LabBench.Old).StopService(manager);
        bench.Server(LabBench.Old).StartService(manager);

        // While it was away a decision may have been asked for; that is one more look, not a repeated call.
        await Rows(host, id, rows => rows.Any(row => row.EventName is "DecisionRequested" or "Completed"));
        if ((await host.Host.JournalAsync(id)).Any(row => row.EventName == "DecisionRequested"))
        {
            await host.AnswerAsync(id, (await host.WaitForTaskAsync(id)).Bookmark.Id, "Retry");
        }

        await host.WaitForFinishAsync(id);
        Assert.Contains(await host.Host.JournalAsync(id), row => row.EventName == "CallLost");
        Assert.Equal(3, bench.Effects(LabBench.Old, StopEffect));
    }

    private static JsonObject Inputs(JsonObject baseline) => new() { ["machine"] = LabBench.Old, ["baseline"] = baseline.DeepClone() };

    private static string Service(LabBench bench, string stem) =>
        bench.Server(LabBench.Old).Services.Single(service => service.Name.StartsWith(stem, StringComparison.Ordinal)).Name;

    private static async Task<(JsonObject Baseline, string Evidence)> BaselineAsync(StepHost host)
    {
        var finished = await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.TakeBaseline", new JsonObject { ["source"] = LabBench.Old }, null, "baseline"));
        return (Engine.Serialization.EngineJson.ToNode(finished.State.ActivityOutputs["step"]["Baseline"])!.AsObject(), finished.Evidence.GetRawText());
    }

    private static Task<IReadOnlyList<JournalRecord>> Rows(StepHost host, string id, Func<IReadOnlyList<JournalRecord>, bool> until) =>
        Testing.Eventually.GetAsync(() => host.Host.JournalAsync(id), rows => until([.. rows]));
}
