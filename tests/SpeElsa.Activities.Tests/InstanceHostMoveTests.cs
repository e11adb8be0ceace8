using Elsa.Workflows;
using SpeElsa.Activities.Tests.Undo;
using SpeElsa.Engine.Storage;
using SpeElsa.Lab;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>The Instance Host of a farm moves with its instances, and back; and instances move between hosts that stay.</summary>
public sealed class InstanceHostMoveTests
{
    private const string Manager = "spe-mgmt";
    private const string Old = "spe-ih1";
    private const string New = "spe-ih-new";
    private const string Other = "spe-ih2";

    private static readonly string[] Ids = ["hooli", "umbrella", "vandelay"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every task is said to be done before it is. A file of two instances is in use: each waits for a person, and the third moves meanwhile, though
    /// only one may be on its way at once. The engine is restarted while they wait.
    /// </summary>
    [Fact]
    public async Task Whole_move_with_two_instances_that_fail()
    {
        await using var bench = await LabBench.OpenMultiAsync(16 * 1024);
        var (data, store) = (Files(bench, Old), new InMemoryStore());
        string id;
        LabFileLock[] held;
        await using (var host = await bench.StartHostAsync(store))
        {
            id = await StartAsync(host, "move-instance-host");
            await host.DoAsync(id, "install", null);
            Assert.Contains("no installation", (await host.DoAsync(id, "install", () => bench.Product.InstallProgramsAsync(New, null, Token))).Finding, StringComparison.Ordinal);
            await host.DoAsync(id, "add-role", null);
            await host.DoAsync(id, "add-role", () => bench.Product.AddRoleAsync(New, ProductRole.InstanceHost, null, Token));
            Assert.Contains("knows no Instance Host spe-ih-new", (await host.DoAsync(id, "pair", null)).Finding, StringComparison.Ordinal);
            held = [Hold(bench, "hooli"), Hold(bench, "umbrella")];
            await host.DoAsync(id, "pair", () => bench.Product.PairAsync(New, ProductRole.InstanceHost, Manager, null, Token));
            await RunAsync(bench, New, "vandelay");
            await Eventually.TrueAsync(async () => (await DecisionsAsync(host, id)).Length == 2, "two wait");
            Assert.Equal(["Decide: Verify data (hooli)", "Decide: Verify data (umbrella)"], (await DecisionsAsync(host, id)).Order(StringComparer.Ordinal));
        }

        Array.ForEach(held, file => file.Dispose());
        await using (var host = await bench.StartHostAsync(store))
        {
            await host.DoAsync(id, "decide-verifyData", null, HumanTasks.RetryOutcome);
            await host.DoAsync(id, "decide-verifyData", null, HumanTasks.RetryOutcome);
            var sign = await host.DoAsync(id, "sign-off", async () =>
            {
                await RunAsync(bench, New, Ids);
                Assert.All(Ids, instance => Assert.Equal((instance, 1), (instance, bench.Server(Manager).Effects.Count(effect => effect.Kind == "api:SetInstanceConfiguration" && effect.Target == instance))));
                Assert.True(bench.Server(Old).Services.Single().IsRunning);
                Assert.Empty(Removals(bench));
                Assert.Equal(data, Files(bench, Old));
            });
            Assert.Matches(@"hooli: spe-ih1 -> spe-ih-new, C:\\Mail\\hooli; running -> running; messages (\d+) -> \1", sign.Instructions);
            await host.DoAsync(id, "remove-role", null);
            Assert.Contains("Stopped", (await host.DoAsync(id, "remove-role", () => bench.Product.RemoveRoleAsync(Old, ProductRole.InstanceHost, Token))).Finding, StringComparison.Ordinal);
            var finished = await host.WaitForFinishAsync(id);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);

            // Each instance has a clock of its own, from its stop to when it runs again; one that failed in between has one, too.
            Assert.All(Ids, instance => Assert.Equal(
                [Downtime.StoppedEvent, Downtime.AnsweredEvent],
                finished.Journal.Where(row => row.EventName is Downtime.StoppedEvent or Downtime.AnsweredEvent && row.Payload == $$"""{"instance":"{{instance}}"}""").Select(row => row.EventName)));
        }

        using var api = await bench.Fleet.ManagementApiAsync(Manager, Token);
        Assert.Equal([New, Other], (await api.GetInstanceHostsAsync(null, Token)).Select(host => host.ServerName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(Manager, Token), message => message.IsError);
        Assert.Equal(data, Files(bench, Old));
        Assert.Empty(bench.Product.Violations);
    }

    [Fact]
    public async Task Undo_after_the_first_instances_have_moved_brings_the_old_host_back_as_it_was()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        var before = await bench.FingerprintsAsync(Old, Manager);
        MoveStory story;
        await using (var host = await bench.StartHostAsync())
        {
            var id = await StartAsync(host, "move-instance-host");
            await host.DoAsync(id, "install", () => bench.Product.InstallProgramsAsync(New, null, Token));
            await host.DoAsync(id, "add-role", () => bench.Product.AddRoleAsync(New, ProductRole.InstanceHost, null, Token));
            using (Hold(bench, "hooli"))
            {
                await host.DoAsync(id, "pair", () => bench.Product.PairAsync(New, ProductRole.InstanceHost, Manager, null, Token));
                await host.WaitForTaskAsync(id);
                await RunAsync(bench, New, "umbrella", "vandelay");
                await Eventually.TrueAsync(
                    async () => (await host.Host.JournalAsync(id)).Count(row => row.ActivityId == "instanceDone" && row.EventName == "Completed") == 2, "two have moved");
            }

            story = await MoveStory.ReadAsync(host, id) with { Source = Old, Target = New };
        }

        await using (var host = await bench.StartHostAsync())
        {
            var undo = await story.UndoAsync(host);
            var finished = await host.WaitForFinishAsync(undo);
            Assert.True(finished.State.SubStatus is WorkflowSubStatus.Finished, string.Join("; ", finished.State.Incidents.Select(incident => incident.Message)));
            Assert.DoesNotContain(finished.Journal, row => row.EventName is "DecisionRequested" or "TaskOpened");
        }

        Assert.Equal(before, await bench.FingerprintsAsync(Old, Manager));
        Assert.Empty(bench.Product.Violations);
        Assert.All(bench.Server(New).Services, service => Assert.Equal((false, "Disabled"), (service.IsRunning, service.StartMode)));
    }

    /// <summary>The sub-workflow alone: one instance of a host that stays goes to another that serves already. Undone, both serve what they did.</summary>
    [Fact]
    public async Task One_instance_moves_between_hosts_that_stay_and_a_difference_is_found_by_its_hash()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        var before = await bench.FingerprintsAsync(Old, Manager);
        await using var host = await bench.StartHostAsync();
        bench.Farm.Faults.Set(bench.Server(Other), new LabFault(LabFaultKind.BitFlip, "Copy-Directory", 1));
        var id = await StartAsync(host, "move-instances", Other, "vandelay");
        var difference = await host.DoAsync(id, "data-differs-vandelay", () => DeleteAsync(bench.Server(Other).ToLocalPath(@"C:\Mail\vandelay")), "CopyAgain");
        Assert.Contains(@"C:\Mail\vandelay differs from C:\Archive\vandelay", difference.Finding, StringComparison.Ordinal);
        await host.WaitForTaskAsync(id, "sign-off");
        await RunAsync(bench, Other, "vandelay");
        Assert.Equal(1, bench.Effects(Manager, "api:SetInstanceConfiguration"));
        var story = await MoveStory.ReadAsync(host, id) with { Source = Old, Target = Other };
        Assert.Equal(WorkflowSubStatus.Finished, (await host.WaitForFinishAsync(await story.UndoAsync(host))).State.SubStatus);
        Assert.Equal(before, await bench.FingerprintsAsync(Old, Manager));
        Assert.All([Old, Other], server => Assert.Equal((server, true, 0), (server, bench.Server(server).Services.Single().IsRunning, bench.Effects(server, "service-stop"))));
        Assert.Empty(bench.Product.Violations);
    }

    private static async Task<string> StartAsync(StepHost host, string definition, string target = New, string instances = "") => await host.Host.StartWorkflowAsync(
        await File.ReadAllTextAsync(DefinitionFile.Of(definition), Token),
        new Dictionary<string, object?>
        {
            ["managementServer"] = Manager,
            ["source"] = Old,
            ["target"] = target,
            ["dataDirectory"] = @"C:\Mail",
            ["instances"] = instances,
            ["parallelCopies"] = 1,
        });

    private static Task DeleteAsync(string directory)
    {
        Directory.Delete(directory, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Somebody has a file of an instance open.</summary>
    private static LabFileLock Hold(LabBench bench, string instance)
    {
        var directory = $@"C:\MailStoreData\{instance}";
        var root = bench.Server(Old).ToLocalPath(directory);
        var file = Directory.EnumerateFiles(root, "*.dat", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        return bench.Server(Old).LockFile($@"{directory}\{Path.GetRelativePath(root, file).Replace('/', '\\')}", "backup.exe");
    }

    private static async Task RunAsync(LabBench bench, string target, params string[] ids)
    {
        using var api = await bench.Fleet.ManagementApiAsync(Manager, Token);
        await Eventually.TrueAsync(
            async () => (await api.GetInstancesAsync("*", Token)).Count(instance => ids.Contains(instance.InstanceId) && instance.InstanceHost == target && instance.IsRunning) == ids.Length,
            $"{string.Join(", ", ids)} run on {target}");
    }

    private static async Task<string[]> DecisionsAsync(StepHost host, string id) =>
        [.. (await host.Host.StateAsync(id)).Bookmarks.Where(bookmark => bookmark.Name == HumanTasks.BookmarkName).Select(bookmark => HumanTasks.ReadStimulus(bookmark.Payload)!.Title)];

    private static IEnumerable<string> Removals(LabBench bench) =>
        bench.AllEffects().Where(effect => effect.Contains("api:Delete", StringComparison.Ordinal) || effect.StartsWith($"{Old} file-remove", StringComparison.Ordinal));

    private static string[] Files(LabBench bench, string server) =>
    [
        .. new[] { @"C:\MailStoreData", @"C:\Archive", @"C:\MoreStores" }
            .SelectMany(directory => Directory.EnumerateFiles(
                bench.Server(server).ToLocalPath(directory), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}
