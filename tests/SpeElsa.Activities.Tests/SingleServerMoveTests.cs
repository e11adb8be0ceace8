using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>The shipped definition, from plan to sign-off, with a person who does what the tasks say.</summary>
public sealed class SingleServerMoveTests
{
    [Fact]
    public async Task Whole_move_on_the_lab()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var host = await bench.StartHostAsync();
        var before = bench.Server(LabBench.Old).Certificates();
        var id = await host.Host.StartWorkflowAsync(
            await File.ReadAllTextAsync(DefinitionFile.Path, TestContext.Current.CancellationToken),
            new Dictionary<string, object?> { ["source"] = LabBench.Old, ["target"] = LabBench.New, ["hostNameChanges"] = true });
        var person = new Person(bench, host, id);

        await person.DoAsync("mfa-off", async token =>
        {
            await bench.Product.SetMfaAsync(LabBench.Old, "admin", enabled: false, token);
            await bench.Product.SetMfaAsync(LabBench.Old, "m.berger", enabled: false, token);
        });
        await person.DoAsync("transfer-licence", token => bench.Product.TransferLicenceAsync(LabBench.New, token));
        await person.DoAsync("install", token => bench.Product.InstallAsync(LabBench.New, null, null, token));
        await person.DoAsync("rename-server", _ => Task.CompletedTask);
        await person.DoAsync("mfa-on", async token =>
        {
            await bench.Product.SetMfaAsync(LabBench.New, "admin", enabled: true, token);
            await bench.Product.SetMfaAsync(LabBench.New, "m.berger", enabled: true, token);
        });
        var reference = await bench.Secrets.PutAsync("smtp", LabBench.SmtpPassword, TestContext.Current.CancellationToken);
        await person.DoAsync("smtp-password", _ => Task.CompletedTask, new JsonObject { ["password"] = reference });
        await person.DoAsync("sign-off", _ => Task.CompletedTask);

        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
        Assert.Null(JournalChain.FindBreak(finished.Journal));
        Assert.Equal(
            ["DowntimeStarted", "DowntimeEnded"],
            finished.Journal.Where(row => row.EventName.StartsWith("Downtime", StringComparison.Ordinal)).Select(row => row.EventName));
        Assert.Empty(bench.Product.Violations);
        Assert.True(bench.Secrets.IsEmpty);
        Assert.DoesNotContain(
            await bench.Product.GetDashboardAsync(LabBench.New, TestContext.Current.CancellationToken), message => message.IsError);
        Assert.All(
            bench.Server(LabBench.Old).Services, service => Assert.Equal(("Stopped", "Disabled"), (service.State, service.StartMode)));
        Assert.All(bench.Server(LabBench.New).Services, service => Assert.True(service.IsRunning));
        Assert.Equal(before.Count, bench.Server(LabBench.Old).Certificates().Count);
        var brought = bench.Server(LabBench.New).Certificates();
        Assert.Equal(
            before.Where(IsOurs).Select(certificate => certificate.Thumbprint).Order(),
            brought.Select(certificate => certificate.Thumbprint).Order());
        Assert.All(brought, certificate => Assert.True(certificate.HasPrivateKey));
        Assert.DoesNotContain(
            "canary",
            string.Concat(finished.Journal.Select(row => row.Payload)) + EngineJson.Write(finished.State),
            StringComparison.Ordinal);
        Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
    }

    /// <summary>
    /// The engine is restarted at every task, the installer runs by command, data goes elsewhere, and nobody does what they say they did.
    /// </summary>
    [Fact]
    public async Task Whole_move_with_a_person_who_says_done_too_early()
    {
        await using var bench = await LabBench.OpenAsync();
        var store = new InMemoryStore();
        var host = await bench.StartHostAsync(store);
        var id = await host.Host.StartWorkflowAsync(
            await File.ReadAllTextAsync(DefinitionFile.Path, Token),
            new Dictionary<string, object?>
            {
                ["source"] = LabBench.Old,
                ["target"] = LabBench.New,
                ["hostNameChanges"] = "true",
                ["dataDirectory"] = @"C:\Mail",
                ["installerCommand"] = @"C:\Setup\MailStoreSetup.exe",
            });

        async Task<HumanTaskStimulus> DoAsync(
            string taskName, Func<Task>? act = null, JsonObject? fields = null, string outcome = HumanTasks.DoneOutcome)
        {
            await using (host)
            {
                var before = await host.WaitForTaskAsync(id);
                Assert.Equal(taskName, before.Task.TaskName);
            }

            host = await bench.StartHostAsync(store);
            var (bookmark, task) = await host.WaitForTaskAsync(id, taskName);
            await (act?.Invoke() ?? Task.CompletedTask);
            await host.AnswerAsync(id, bookmark.Id, outcome, fields);
            await Eventually.TrueAsync(
                async () => (await host.Host.StateAsync(id)).Bookmarks.All(open => open.Id != bookmark.Id), $"{taskName} is taken");
            return task;
        }

        async Task<string> SecretAsync(string value) => await bench.Secrets.PutAsync($"smtp-{Guid.NewGuid():N}", value, Token);

        await DoAsync("mfa-off", () => bench.Product.SetMfaAsync(LabBench.Old, "admin", enabled: false, Token));
        var mfa = await DoAsync("mfa-off", () => bench.Product.SetMfaAsync(LabBench.Old, "m.berger", enabled: false, Token));
        Assert.Equal((2, "MFA is still on for: m.berger."), (mfa.Round, mfa.Finding));
        await DoAsync("transfer-licence");
        await DoAsync("install");
        var install = await DoAsync("install", () => bench.Product.InstallAsync(LabBench.New, null, null, Token));
        Assert.Contains("these roles are not set up", install.Finding, StringComparison.Ordinal);
        await DoAsync("rename-server");
        await DoAsync("transfer-licence");
        var licence = await DoAsync("transfer-licence", () => bench.Product.TransferLicenceAsync(LabBench.New, Token));
        Assert.Contains("licensed machine name", licence.Finding, StringComparison.Ordinal);
        await DoAsync("mfa-on", () => bench.Product.SetMfaAsync(LabBench.New, "m.berger", enabled: true, Token));
        var on = await DoAsync("mfa-on", () => bench.Product.SetMfaAsync(LabBench.New, "admin", enabled: true, Token));
        Assert.Equal("MFA is not on again for: admin.", on.Finding);
        await DoAsync("smtp-password", null, new JsonObject { ["password"] = await SecretAsync("not it") });
        var smtp = await DoAsync("smtp-password", null, new JsonObject { ["password"] = await SecretAsync(LabBench.SmtpPassword) });
        Assert.Contains("test mail could not be sent", smtp.Finding, StringComparison.Ordinal);
        await DoAsync("sign-off");

        await using (host)
        {
            var finished = await host.WaitForFinishAsync(id);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
            Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
            Assert.Equal(
                [
                    "mfa-off-1 Refuted checkMfaOff", "mfa-off-2 Confirmed checkMfaOff",
                    "install-1 Refuted checkInstalled", "install-2 Confirmed checkInstalled",
                    "transfer-licence-1 Refuted checkLicence", "transfer-licence-2 Refuted checkLicence", "transfer-licence-3 Confirmed checkLicence",
                    "mfa-on-1 Refuted checkMfaOn", "mfa-on-2 Confirmed checkMfaOn",
                    "smtp-password-1 Refuted setSmtpPassword", "smtp-password-2 Confirmed setSmtpPassword",
                ],
                finished.Proofs);
            Assert.True(Directory.Exists(bench.Server(LabBench.New).ToLocalPath(@"C:\Mail\acme")));
            Assert.Equal(3, bench.Effects(LabBench.New, "api:SetInstanceConfiguration"));
            Assert.Empty(bench.Product.Violations);
            Assert.True(bench.Secrets.IsEmpty);
            Assert.DoesNotContain(await bench.Product.GetDashboardAsync(LabBench.New, Token), message => message.IsError);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static bool IsOurs(Lab.LabCertificate certificate) =>
        certificate.FriendlyName.StartsWith("MailStore", StringComparison.Ordinal);

    /// <summary>Waits for a task, does it, and says so.</summary>
    private sealed class Person(LabBench bench, StepHost host, string instanceId)
    {
        public async Task<HumanTaskStimulus> DoAsync(
            string taskName, Func<CancellationToken, Task> act, JsonObject? fields = null, string outcome = HumanTasks.DoneOutcome)
        {
            var (bookmark, task) = await host.WaitForTaskAsync(instanceId);
            Assert.True(
                task.TaskName == taskName,
                $"Expected the task {taskName}, found {task.TaskName}: {task.Finding}\n{string.Join("\n", bench.AllEffects().TakeLast(10))}");
            await act(TestContext.Current.CancellationToken);
            await host.AnswerAsync(instanceId, bookmark.Id, outcome, fields);
            return task;
        }
    }
}
