using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;

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
        Assert.Equal(["DowntimeStarted", "DowntimeEnded"], finished.Journal.Where(row => row.EventName.StartsWith("Downtime", StringComparison.Ordinal)).Select(row => row.EventName));
        Assert.Empty(bench.Product.Violations);
        Assert.True(bench.Secrets.IsEmpty);
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(LabBench.New, TestContext.Current.CancellationToken), message => message.IsError);
        Assert.All(bench.Server(LabBench.Old).Services, service => Assert.Equal(("Stopped", "Disabled"), (service.State, service.StartMode)));
        Assert.All(bench.Server(LabBench.New).Services, service => Assert.True(service.IsRunning));
        Assert.Equal(before.Count, bench.Server(LabBench.Old).Certificates().Count);
        var brought = bench.Server(LabBench.New).Certificates();
        Assert.Equal(before.Where(IsOurs).Select(certificate => certificate.Thumbprint).Order(), brought.Select(certificate => certificate.Thumbprint).Order());
        Assert.All(brought, certificate => Assert.True(certificate.HasPrivateKey));
        Assert.DoesNotContain("canary", string.Concat(finished.Journal.Select(row => row.Payload)) + EngineJson.Write(finished.State), StringComparison.Ordinal);
        Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
    }

    private static bool IsOurs(Lab.LabCertificate certificate) => certificate.FriendlyName.StartsWith("MailStore", StringComparison.Ordinal);

    /// <summary>Waits for a task, does it, and says so.</summary>
    private sealed class Person(LabBench bench, StepHost host, string instanceId)
    {
        public async Task<HumanTaskStimulus> DoAsync(string taskName, Func<CancellationToken, Task> act, JsonObject? fields = null, string outcome = HumanTasks.DoneOutcome)
        {
            var (bookmark, task) = await host.WaitForTaskAsync(instanceId);
            Assert.True(task.TaskName == taskName, $"Expected the task {taskName}, found {task.TaskName}: {task.Finding}\n{string.Join("\n", bench.AllEffects().TakeLast(10))}");
            await act(TestContext.Current.CancellationToken);
            await host.AnswerAsync(instanceId, bookmark.Id, outcome, fields);
            return task;
        }
    }
}
