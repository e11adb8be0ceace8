using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>One move over the lab; a copy of the farm after each of its steps; from every copy the way back.</summary>
public sealed class UndoTests
{
    /// <summary>The steps of the move that change something, and the tasks in which a person does.</summary>
    private static readonly string[] Changing =
    [
        "seedCopy", "mfa-off", "stopInstances", "stopOldClientAccess", "stopOldInstanceHost", "stopOldManagement", "disableOld", "transfer-licence", "install",
        "stopNewClientAccess", "stopNewInstanceHost", "stopNewManagement", "certificatesAside", "transferCertificates", "replaceConfig", "finalCopy", "rename-server",
        "startManagement", "setBaseDirectories", "startInstanceHost", "startClientAccess", "startInstances", "mfa-on", "setSmtpPassword",
    ];

    /// <summary>The process dies when these have acted: the effect is there, its record is not.</summary>
    private static readonly string[] CutOff = ["stopInstances", "stopOldManagement", "disableOld", "certificatesAside", "replaceConfig", "startInstanceHost"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_after_every_step_and_from_the_middle_of_some_the_old_server_comes_back_as_it_was()
    {
        var cuts = new ConcurrentDictionary<string, (long Sequence, string Farm)>(StringComparer.Ordinal);
        MoveStory story;
        IReadOnlyList<string> before;
        await using (var bench = await LabBench.OpenAsync(archiveBytes: 8 * 1024))
        {
            before = await ServerFingerprint.TakeAsync(bench, Token);
            story = await MoveAsync(bench, cuts);
        }

        foreach (var (step, cut) in cuts.OrderBy(cut => cut.Value.Sequence))
        {
            await using var bench = await LabBench.OpenCopyAsync(cut.Farm);
            await using var host = await bench.StartHostAsync();
            var id = await story.UpTo(cut.Sequence).UndoAsync(host);
            await PlayAsync(bench, host, id);
            var state = await host.Host.StateAsync(id);
            Assert.True(state.SubStatus is WorkflowSubStatus.Finished, $"{step}: {state.SubStatus} {string.Join("; ", state.Incidents.Select(incident => incident.Message))}");
            Assert.Equal(before.Prepend(step), (await ServerFingerprint.TakeAsync(bench, Token)).Prepend(step));
            Assert.Empty(bench.Product.Violations);
            Assert.All(bench.Server(LabBench.New).Services, service => Assert.Equal((step, false, "Disabled"), (step, service.IsRunning, service.StartMode)));
        }

        Assert.Superset(Changing.ToHashSet(), cuts.Keys.ToHashSet());
        AssertAfterSignOff(story);
    }

    private static void AssertAfterSignOff(MoveStory story)
    {
        var plan = story.Plan();
        Assert.Empty(plan.Steps);
        Assert.Contains("was ended (Sign off, by ann)", plan.Refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(plan.Undone, step => step.Kind is UndoKind.Steps);
        Assert.Contains(plan.Undone, step => step.ActivityId == "startInstanceHost" && step.Why.Contains("is on no other server", StringComparison.Ordinal));
    }

    private static async Task<MoveStory> MoveAsync(LabBench bench, ConcurrentDictionary<string, (long Sequence, string Farm)> cuts)
    {
        var store = new InMemoryStore();
        var moveId = "0123456789ab";
        void Cut(string step)
        {
            bench.Product.SettleAsync(Token).GetAwaiter().GetResult();
            var sequence = ((IInstanceReader)store).FindAsync(moveId, Token).GetAwaiter().GetResult()!.JournalSequence;
            var farm = bench.Copy();
            cuts.AddOrUpdate(step, (sequence, farm), (_, earlier) =>
            {
                Directory.Delete(earlier.Farm, recursive: true);
                return (sequence, farm);
            });
        }

        await using var host = await bench.StartHostAsync(store, new AtResults(Cut));
        await host.Host.StartWorkflowAsync(
            await File.ReadAllTextAsync(DefinitionFile.Path, Token),
            new Dictionary<string, object?> { ["source"] = LabBench.Old, ["target"] = LabBench.New, ["hostNameChanges"] = true, ["dataDirectory"] = @"C:\Mail" },
            moveId);
        var reference = await bench.Secrets.PutAsync("smtp", LabBench.SmtpPassword, Token);
        while (true)
        {
            var (bookmark, task) = await host.WaitForTaskAsync(moveId);
            await DoAsync(bench, task);
            Cut(task.TaskName);
            await host.AnswerAsync(moveId, bookmark.Id, task.Outcomes[0], task.TaskName == "smtp-password" ? new JsonObject { ["password"] = reference } : null);
            if (task.TaskName == "sign-off")
            {
                await host.WaitForFinishAsync(moveId);
                return await MoveStory.ReadAsync(host, moveId);
            }
        }
    }

    /// <summary>Does what the tasks of an undo ask for.</summary>
    private static async Task PlayAsync(LabBench bench, StepHost host, string id)
    {
        while (true)
        {
            var (task, bookmark) = await Testing.Eventually.GetAsync(
                async () => await NextAsync(host, id), found => found.Finished || found.Task is not null, _ => "the undo neither asks nor ends") is { Finished: false } found
                ? (found.Task!, found.Id)
                : (null, "");
            if (task is null)
            {
                return;
            }

            Assert.True(task.Kind == HumanTasks.TaskKind, $"{task.Title}: {task.Finding}");
            await DoAsync(bench, task);
            await host.AnswerAsync(id, bookmark, task.Outcomes[0]);
            await Testing.Eventually.TrueAsync(async () => (await host.Host.StateAsync(id)).Bookmarks.All(open => open.Id != bookmark), $"{task.TaskName} is taken");
        }
    }

    private static async Task<(bool Finished, HumanTaskStimulus? Task, string Id)> NextAsync(StepHost host, string id)
    {
        var record = await host.Host.Reader.FindAsync(id, Token);
        Assert.True(record?.SetAside is null, record?.SetAside);
        var state = record?.StateVersion > 0 ? await host.Host.StateAsync(id) : null;
        var open = state?.Bookmarks.FirstOrDefault(bookmark => bookmark.Name == HumanTasks.BookmarkName);
        return (state?.Status is WorkflowStatus.Finished, open is null ? null : HumanTasks.ReadStimulus(open.Payload), open?.Id ?? "");
    }

    private static async Task DoAsync(LabBench bench, HumanTaskStimulus task)
    {
        switch (task.TaskName)
        {
            case "mfa-off":
                await SetMfaAsync(bench, LabBench.Old, false);
                break;
            case "transfer-licence":
                await bench.Product.TransferLicenceAsync(LabBench.New, Token);
                break;
            case "install":
                await bench.Product.InstallAsync(LabBench.New, null, null, Token);
                break;
            case "mfa-on":
                await SetMfaAsync(bench, LabBench.New, true);
                break;
            case "undo-transfer-licence":
                await bench.Product.TransferLicenceAsync(LabBench.Old, Token);
                break;
            case "undo-mfa-off":
                await SetMfaAsync(bench, LabBench.Old, true);
                break;
            default:
                Assert.True(task.TaskName is "rename-server" or "smtp-password" or "sign-off", $"{task.TaskName}: {task.Finding}");
                break;
        }
    }

    private static async Task SetMfaAsync(LabBench bench, string server, bool enabled)
    {
        await bench.Product.SetMfaAsync(server, "admin", enabled, Token);
        await bench.Product.SetMfaAsync(server, "m.berger", enabled, Token);
    }

    private sealed class AtResults(Action<string> look) : IFaultPoints
    {
        public void Reach(string point, string? activityId)
        {
            if (point == FaultPoint.ResultCommitted)
            {
                look(activityId!);
            }
            else if (point == FaultPoint.BeforeResult && CutOff.Contains(activityId))
            {
                look($"cut off in {activityId}");
            }
        }
    }
}
