using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Activities.Tests.Undo;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Lab;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>The Client Access Server of a farm moves, and end users see the same certificates; and back.</summary>
public sealed class ClientAccessMoveTests
{
    private const string Manager = "spe-mgmt";
    private const string Old = "spe-cas";
    private const string New = "spe-cas-new";
    private const string Name = "archive.lab.example";
    private const ProductRole Role = ProductRole.ClientAccessServer;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every task is said to be done before it is, and the engine is restarted when the old server is out of service.</summary>
    [Fact]
    public async Task Whole_move_with_a_person_who_says_done_too_early()
    {
        await using var bench = await OpenAsync();
        var store = new InMemoryStore();
        var (before, (http, imap, tcp)) = (await ShownAsync(bench, Old), Certificates(bench, Old));
        Assert.Equal((http, imap), before);
        string id;
        await using (var host = await bench.StartHostAsync(store))
        {
            id = await StartAsync(host);
            await host.DoAsync(id, "install", null);
            Assert.Contains("no installation", (await host.DoAsync(id, "install", () => bench.Product.InstallProgramsAsync(New, null, Token))).Finding, StringComparison.Ordinal);
            await host.DoAsync(id, "add-role", null);
            await host.DoAsync(id, "add-role", () => bench.Product.AddRoleAsync(New, Role, null, Token));
            Assert.Contains("knows no Client Access Server spe-cas-new", (await host.DoAsync(id, "pair", null)).Finding, StringComparison.Ordinal);
            await host.DoAsync(id, "pair", () => bench.Product.PairAsync(New, Role, Manager, null, Token));
            var choose = await host.DoAsync(id, "choose-certificates", async () =>
            {
                Assert.True(bench.Server(Old).Services.Single().IsRunning);
                Assert.Equal(before, await ShownAsync(bench, Old));
            });
            Assert.Contains($"- HTTPS: {http} (MailStoreClientAccessServerHttp)\n- IMAP: {imap}", choose.Instructions, StringComparison.Ordinal);
            Assert.Contains($"wanted is {http}", (await host.DoAsync(id, "choose-certificates", () => bench.Product.ChooseCertificatesAsync(New, http, null, Token))).Finding, StringComparison.Ordinal);
            var again = await host.WaitForTaskAsync(id, "choose-certificates");
            Assert.StartsWith("IMAP: spe-cas-new shows ", again.Task.Finding, StringComparison.Ordinal);
            Assert.DoesNotContain("HTTPS", again.Task.Finding, StringComparison.Ordinal);
        }

        await using (var host = await bench.StartHostAsync(store))
        {
            await host.DoAsync(id, "choose-certificates", () => bench.Product.ChooseCertificatesAsync(New, null, imap, Token));
            await host.DoAsync(id, "switch-name", null);
            Assert.Contains("that is the old server", (await host.DoAsync(id, "switch-name", () => LeadAsync(bench, New))).Finding, StringComparison.Ordinal);
            await host.DoAsync(id, "sign-off", async () =>
            {
                Assert.Equal(("Stopped", "Disabled"), (bench.Server(Old).Services.Single().State, bench.Server(Old).Services.Single().StartMode));
                Assert.Equal([Old, New], await EntriesAsync(bench));
            });
            await host.DoAsync(id, "remove-role", null);
            Assert.Contains("Stopped", (await host.DoAsync(id, "remove-role", () => bench.Product.RemoveRoleAsync(Old, Role, Token))).Finding, StringComparison.Ordinal);
            var finished = await host.WaitForFinishAsync(id);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
            Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
            Assert.Equal(
                ["transferCertificates", "chooseCertificates", "stopOldAccess", "startNewAccess", "switchName", "checkName", "signOff", "removeOldEntry"],
                finished.Journal.Where(row => row.EventName == "Completed").Select(row => row.ActivityId).Distinct()
                    .Where(step => step is "transferCertificates" or "chooseCertificates" or "stopOldAccess" or "startNewAccess" or "switchName" or "checkName" or "signOff" or "removeOldEntry"));
            Assert.Equal(
                [
                    "install-1 Refuted checkInstalled", "install-2 Confirmed checkInstalled",
                    "add-role-1 Refuted checkNewRole", "add-role-2 Confirmed checkNewRole",
                    "pair-1 Refuted checkPaired", "pair-2 Confirmed checkPaired",
                    "choose-certificates-1 Refuted checkCertificates", "choose-certificates-2 Refuted checkCertificates", "choose-certificates-3 Confirmed checkCertificates",
                    "switch-name-1 Refuted checkName", "switch-name-2 Confirmed checkName",
                    "remove-role-1 Refuted checkOldRole", "remove-role-2 Confirmed checkOldRole",
                ],
                finished.Proofs);
            Assert.True(finished.Payload("Completed", "checkName").GetProperty("Evidence").GetProperty("confirmed").GetBoolean());
            Assert.Equal(["stopOldAccess", "checkName"], finished.Journal.Where(row => row.EventName.StartsWith("Downtime", StringComparison.Ordinal)).Select(row => row.ActivityId));
        }

        Assert.Equal([New], await EntriesAsync(bench));
        Assert.Equal(before, await ShownAsync(bench, New));
        Assert.Equal(new[] { http, imap }.Order(), bench.Server(New).Certificates().Where(certificate => certificate.HasPrivateKey).Select(certificate => certificate.Thumbprint).Intersect([http, imap, tcp]).Order());
        Assert.Equal(2, bench.Effects(Old, LabEffectKinds.CertificateExport));
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(Manager, Token), message => message.IsError);
        Assert.Empty(bench.Product.Violations);
    }

    /// <summary>From where only things are prepared, from where users are without service, and from where they are led over.</summary>
    [Theory]
    [InlineData("choose-certificates", 1, "undo-pair")]
    [InlineData("choose-certificates", 2, null)]
    [InlineData("sign-off", 1, "undo-switch-name")]
    public async Task Undo_brings_the_old_server_back_as_it_was(string from, int round, string? asks)
    {
        await using var bench = await OpenAsync();
        var (before, shown, (http, imap, _)) = (await bench.FingerprintsAsync(Old, Manager), await ShownAsync(bench, Old), Certificates(bench, Old));
        MoveStory story;
        await using (var host = await bench.StartHostAsync())
        {
            var id = await StartAsync(host);
            while (await host.WaitForTaskAsync(id) is var (bookmark, task) && (task.TaskName, task.Round) != (from, round))
            {
                await (task.TaskName switch
                {
                    "install" => bench.Product.InstallProgramsAsync(New, null, Token),
                    "add-role" => bench.Product.AddRoleAsync(New, Role, null, Token),
                    "pair" => bench.Product.PairAsync(New, Role, Manager, null, Token),
                    "choose-certificates" when from != task.TaskName => bench.Product.ChooseCertificatesAsync(New, http, imap, Token),
                    "switch-name" => LeadAsync(bench, New),
                    _ => Task.CompletedTask,
                });
                await host.AnswerAsync(id, bookmark.Id, HumanTasks.DoneOutcome);
            }

            story = await MoveStory.ReadAsync(host, id) with { Source = Old, Target = New };
        }

        await using (var host = await bench.StartHostAsync())
        {
            var undo = await story.UndoAsync(host);
            if (asks is not null)
            {
                await host.DoAsync(undo, asks, asks == "undo-pair" ? () => DeleteEntryAsync(bench) : () => LeadAsync(bench, Old));
            }

            var finished = await host.WaitForFinishAsync(undo);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
            Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
        }

        Assert.Equal(before, await bench.FingerprintsAsync(Old, Manager));
        Assert.Equal(shown, await ShownAsync(bench, Old));
        Assert.DoesNotContain(bench.Server(New).Services, service => service.IsRunning);
        Assert.Empty(bench.Product.Violations);
    }

    /// <summary>Where the old server does not answer, the product's names tell which certificates end users see; the one between servers is never among them.</summary>
    [Fact]
    public async Task The_baseline_knows_the_certificates_of_end_users_and_refuses_the_one_between_servers()
    {
        await using var bench = await OpenAsync();
        await using var host = await bench.StartHostAsync();
        var (http, imap, tcp) = Certificates(bench, Old);
        var service = bench.Server(Old).Services.Single().Name;
        var inputs = new JsonObject { ["source"] = Old, ["managementServer"] = Manager, ["role"] = "clientAccessServer" };
        bench.Server(Old).StopService(service);
        await bench.Product.SettleAsync(Token);
        Assert.Equal([(http, false), (imap, false)], Seen(await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.TakeBaseline", inputs.DeepClone().AsObject()))));

        bench.Server(Old).StartService(service);
        await bench.Product.ChooseCertificatesAsync(Old, tcp, null, Token);
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("SpeElsa.TakeBaseline", inputs));
        Assert.Contains("That one never moves", task.Finding, StringComparison.Ordinal);
    }

    /// <summary>A closed IMAP port was closed before; a certificate of the wrong kind on the one that is open is still found.</summary>
    [Fact]
    public async Task What_was_not_shown_before_need_not_be_shown()
    {
        await using var bench = await OpenAsync();
        await using var host = await bench.StartHostAsync();
        var (http, imap, tcp) = Certificates(bench, Old);
        bench.Fleet.Adjust = settings => settings with { ImapPort = 1 };
        var inputs = new JsonObject { ["source"] = Old, ["managementServer"] = Manager, ["role"] = "clientAccessServer" };
        var taken = await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.TakeBaseline", inputs, null, "baseline"));
        Assert.Equal([(http, true), (imap, false)], Seen(taken));
        var check = new JsonObject { ["machine"] = Old, ["baseline"] = EngineJson.ToNode(taken.State.ActivityOutputs["step"]["Baseline"]) };
        Assert.Equal("Same", (await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.CheckClientAccessCertificates", check.DeepClone().AsObject()))).Outcome);
        await bench.Product.ChooseCertificatesAsync(Old, tcp, null, Token);
        Assert.Equal("Differs", (await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.CheckClientAccessCertificates", check))).Outcome);
    }

    [Fact]
    public async Task An_entry_is_removed_only_when_the_role_is_gone()
    {
        await using var bench = await OpenAsync();
        await using var host = await bench.StartHostAsync();
        var id = await host.RunAsync("SpeElsa.RemoveClientAccessServer", new JsonObject { ["managementServer"] = Manager, ["machine"] = Old });
        var (bookmark, task) = await host.WaitForTaskAsync(id);
        Assert.Contains("still has the service", task.Finding, StringComparison.Ordinal);
        Assert.Equal([Old], await EntriesAsync(bench));
        await bench.Product.RemoveRoleAsync(Old, Role, Token);
        await host.AnswerAsync(id, bookmark.Id, HumanTasks.RetryOutcome);
        Assert.Equal("Done", (await host.WaitForFinishAsync(id)).Outcome);
        Assert.Empty(await EntriesAsync(bench));
    }

    /// <summary>The baseline says so in advance.</summary>
    [Fact]
    public async Task A_person_removes_the_entry_where_the_server_has_no_such_function()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024, ["DeleteClientAccessServer"]);
        await using var host = await bench.StartHostAsync();
        await bench.Product.SettleAsync(Token);
        var inputs = new JsonObject { ["source"] = Old, ["managementServer"] = Manager, ["role"] = "clientAccessServer" };
        var byHand = (await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.TakeBaseline", inputs))).Evidence.GetProperty("byHand");
        Assert.Contains("DeleteClientAccessServer", Assert.Single(byHand.EnumerateArray()).GetString(), StringComparison.Ordinal);
        await bench.Product.RemoveRoleAsync(Old, Role, Token);
        var (_, task) = await host.WaitForTaskAsync(await host.RunAsync("SpeElsa.RemoveClientAccessServer", new JsonObject { ["managementServer"] = Manager, ["machine"] = Old }));
        Assert.Contains("Remove that Client Access Server in the Management Console.", task.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.2", true, true)]
    [InlineData("192.0.2.1", false, false)]
    [InlineData("192.0.2.1 192.0.2.2", false, false)]
    [InlineData("198.51.100.7", true, false)]
    [InlineData("", true, false)]
    public void Where_a_name_leads_is_confirmed_or_a_persons_word(string now, bool isThere, bool isConfirmed)
    {
        var found = EndUserNameComparison.Compare(new BaselineEndUserName(Name, ["192.0.2.1"], ["192.0.2.1"]), now.Split(' ', StringSplitOptions.RemoveEmptyEntries), ["192.0.2.2"]);

        Assert.Equal((isThere, isConfirmed), (found.IsThere, found.IsConfirmed));
    }

    /// <summary>The step passes, because the move must go on behind a load balancer, but proves nothing.</summary>
    [Fact]
    public async Task What_can_not_be_looked_up_stays_claimed()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        await using var host = await bench.StartHostAsync();
        var baseline = new JsonObject { ["endUserName"] = new JsonObject { ["name"] = "unknown.lab.example" } };
        var id = await host.Host.StartWorkflowAsync(
            A.Flowchart("look")
                .With(
                    A.Node("ask", "SpeElsa.HumanTask", ("taskName", A.Text("switch"))),
                    A.Node("look", "SpeElsa.CheckClientAccessName", ("machine", A.Text(New)), ("baseline", A.Text(baseline.ToJsonString()))))
                .Connect("ask -> look", "look:Elsewhere -> ask")
                .ToJson());

        await host.DoAsync(id, "switch", null);
        var finished = await host.WaitForFinishAsync(id);

        Assert.Equal(["switch-1 Unproven look"], finished.Proofs);
        Assert.Contains("unknown.lab.example can not be looked up", finished.Journal.Single(row => row.EventName == AnswerProof.UnprovenEvent).Message, StringComparison.Ordinal);
    }

    private static async Task<LabBench> OpenAsync()
    {
        var bench = await LabBench.OpenMultiAsync(8 * 1024);
        await LeadAsync(bench, Old);
        return bench;
    }

    private static async Task<string> StartAsync(StepHost host) => await host.Host.StartWorkflowAsync(
        await File.ReadAllTextAsync(DefinitionFile.Of("move-client-access-server"), Token),
        new Dictionary<string, object?> { ["managementServer"] = Manager, ["source"] = Old, ["target"] = New, ["clientAccessName"] = Name });

    private static Task LeadAsync(LabBench bench, string server)
    {
        bench.Farm.Dns.Set(Name, bench.Server(server).FullName, TimeSpan.FromMinutes(5));
        return Task.CompletedTask;
    }

    private static async Task DeleteEntryAsync(LabBench bench)
    {
        using var api = await bench.Fleet.ManagementApiAsync(Manager, Token);
        await api.InvokeAsync("DeleteClientAccessServer", new Dictionary<string, string?> { ["serverName"] = New }, Token);
    }

    private static async Task<string[]> EntriesAsync(LabBench bench)
    {
        using var api = await bench.Fleet.ManagementApiAsync(Manager, Token);
        return [.. (await api.GetClientAccessServersAsync(null, false, Token)).Select(server => server.ServerName).Order(StringComparer.Ordinal)];
    }

    private static (string Http, string Imap, string Tcp) Certificates(LabBench bench, string server)
    {
        string Of(string name) => bench.Server(server).Certificates().Single(certificate => certificate.FriendlyName == name).Thumbprint;
        return (Of("MailStoreClientAccessServerHttp"), Of("MailStoreClientAccessServerImap"), Of("MailStoreClientAccessServerTcp"));
    }

    private static IEnumerable<(string Thumbprint, bool IsShown)> Seen(StepHost.Finished taken) =>
        taken.Evidence.GetProperty("endUsersSee").EnumerateArray().Select(row => (row.GetProperty("thumbprint").GetString()!, row.GetProperty("isShown").GetBoolean()));

    private static async Task<(string? Http, string? Imap)> ShownAsync(LabBench bench, string server)
    {
        await bench.Product.SettleAsync(Token);
        var settings = bench.Fleet.Settings(server);
        return ((await ShownCertificate.HttpsAsync(settings, Token)).Thumbprint, (await ShownCertificate.ImapAsync(settings, Token)).Thumbprint);
    }
}
