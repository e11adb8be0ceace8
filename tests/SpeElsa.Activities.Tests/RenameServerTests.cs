using Elsa.Workflows;
using SpeElsa.Activities.Tests.Undo;
using SpeElsa.Lab;

namespace SpeElsa.Activities.Tests;

/// <summary>A server that has all three roles gets another name, and its old one back.</summary>
public sealed class RenameServerTests
{
    private const string Server = LabBench.Old;
    private const string NewName = "spe-alpha";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every task is said to be done before it is.</summary>
    [Fact]
    public async Task Whole_rename_with_a_person_who_says_done_too_early()
    {
        await using var bench = await LabBench.OpenAsync(8 * 1024);
        await using var host = await bench.StartHostAsync();
        var id = await StartAsync(host);
        await host.DoAsync(id, "rename-computer", null);
        Assert.Contains("Windows on spe-old is called SPE-OLD, not spe-alpha", (await host.DoAsync(id, "rename-computer", () => Do(bench, "rename-computer", NewName))).Finding, StringComparison.Ordinal);
        await host.DoAsync(id, "transfer-licence", null);
        await host.DoAsync(id, "rename-management", null);
        Assert.Contains("licensed machine name 'spe-old'", (await host.DoAsync(id, "transfer-licence", () => Do(bench, "transfer-licence", NewName))).Finding, StringComparison.Ordinal);
        Assert.Contains("set up with the server name 'spe-old'", (await host.DoAsync(id, "rename-management", () => Do(bench, "rename-management", NewName))).Finding, StringComparison.Ordinal);
        Assert.Contains("Other servers that belong to this Management Server: none.", (await host.DoAsync(id, "rename-roles", null)).Instructions, StringComparison.Ordinal);
        Assert.Contains("knows no Instance Host spe-alpha", (await host.DoAsync(id, "rename-roles", () => RenameAsync(bench, ProductRole.InstanceHost, NewName))).Finding, StringComparison.Ordinal);
        Assert.Contains("knows no Client Access Server spe-alpha", (await host.DoAsync(id, "rename-roles", () => RenameAsync(bench, ProductRole.ClientAccessServer, NewName))).Finding, StringComparison.Ordinal);
        await host.DoAsync(id, "sign-off", null);
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
        Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
        Assert.Equal(["stopClientAccess", "startClientAccess"], finished.Journal.Where(row => row.EventName.StartsWith("Downtime", StringComparison.Ordinal)).Select(row => row.ActivityId));

        using var api = await bench.Fleet.ManagementApiAsync(Server, Token);
        Assert.All(await api.GetInstancesAsync("*", Token), instance => Assert.Equal((NewName, true), (instance.InstanceHost, instance.IsRunning)));
        Assert.Equal([NewName], (await api.GetInstanceHostsAsync(null, Token)).Select(entry => entry.ServerName));
        Assert.Equal([NewName], (await api.GetClientAccessServersAsync(null, false, Token)).Select(entry => entry.ServerName));
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(Server, Token), message => message.Type != "information");
        Assert.All(bench.Server(Server).Services, service => Assert.True(service.IsRunning));
        Assert.Empty(bench.Product.Violations);
    }

    /// <summary>From where Windows is to be renamed, from the middle of the roles, from where everything has the new name.</summary>
    [Theory]
    [InlineData("rename-computer", "")]
    [InlineData("rename-roles", "undo-rename-management undo-transfer-licence undo-rename-computer undo-rename-roles")]
    [InlineData("sign-off", "undo-rename-management undo-transfer-licence undo-rename-computer undo-rename-roles")]
    public async Task Undo_brings_the_old_name_back(string from, string asks)
    {
        await using var bench = await LabBench.OpenAsync(8 * 1024);
        var before = await bench.FingerprintsAsync(Server);
        MoveStory story;
        await using (var host = await bench.StartHostAsync())
        {
            var id = await StartAsync(host);
            while (await host.WaitForTaskAsync(id) is var (bookmark, task) && task.TaskName != from)
            {
                await Do(bench, task.TaskName, NewName);
                await host.AnswerAsync(id, bookmark.Id, HumanTasks.DoneOutcome);
            }

            // Somebody had begun with the roles, but did not say so.
            await (from == "rename-roles" ? RenameAsync(bench, ProductRole.InstanceHost, NewName) : Task.CompletedTask);
            story = await MoveStory.ReadAsync(host, id) with { Source = Server, Target = "" };
        }

        await using (var host = await bench.StartHostAsync())
        {
            var undo = await story.UndoAsync(host);
            foreach (var name in asks.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                await host.DoAsync(undo, name, async () =>
                {
                    await Do(bench, name["undo-".Length..], Server);
                    await (name == "undo-rename-roles" && from == "rename-roles" ? RemoveNewEntryAsync(bench) : Task.CompletedTask);
                });
            }

            var finished = await host.WaitForFinishAsync(undo);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
            Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
        }

        Assert.Equal(before, await bench.FingerprintsAsync(Server));
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(Server, Token), message => message.Type != "information");
        Assert.Empty(bench.Product.Violations);
    }

    private static async Task<string> StartAsync(StepHost host) => await host.Host.StartWorkflowAsync(
        await File.ReadAllTextAsync(DefinitionFile.Of("rename-server"), Token), new Dictionary<string, object?> { ["source"] = Server, ["newName"] = NewName });

    /// <summary>Does what a task asks for, under one name or the other.</summary>
    private static async Task Do(LabBench bench, string task, string name)
    {
        switch (task)
        {
            case "rename-computer":
                await bench.Product.RenameComputerAsync(Server, name, Token);
                break;
            case "transfer-licence":
                await bench.Product.TransferLicenceAsync(name, Token);
                break;
            case "rename-management":
                await bench.Product.RenameServerAsync(Server, ProductRole.ManagementServer, name, Token);
                break;
            default:
                await RenameAsync(bench, ProductRole.InstanceHost, name);
                await RenameAsync(bench, ProductRole.ClientAccessServer, name);
                break;
        }
    }

    private static async Task RenameAsync(LabBench bench, ProductRole role, string name)
    {
        await bench.Product.RenameServerAsync(Server, role, name, Token);
        await bench.Product.PairAsync(Server, role, "localhost", null, Token);
    }

    private static async Task RemoveNewEntryAsync(LabBench bench)
    {
        using var api = await bench.Fleet.ManagementApiAsync(Server, Token);
        await api.InvokeAsync("DeleteInstanceHost", new Dictionary<string, string?> { ["serverName"] = NewName }, Token);
    }
}
