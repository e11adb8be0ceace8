using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Activities.Tests.Undo;
using SpeElsa.Engine.Storage;
using SpeElsa.Lab;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>The Management Server of a farm moves, and back; every Instance Host and Client Access Server follows it by a dialog.</summary>
public sealed class ManagementServerMoveTests
{
    private const string Old = "spe-mgmt";
    private const string New = "spe-mgmt-new";
    private const string FirstHost = "spe-ih1";
    private const string SecondHost = "spe-ih2";
    private const string Access = "spe-cas";
    private const string Config = @"C:\Program Files\MailStore Infrastructure\config\";
    private const string Script = "MailStoreManagementServerStartup.cmd";
    private const string FirstDialog = "configure-instance-host-spe-ih1";
    private const string SecondDialog = "configure-instance-host-spe-ih2";
    private const string AccessDialog = "configure-client-access-spe-cas";

    private static readonly string[] Following = [FirstHost, SecondHost, Access];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every task is said to be done before it is, somebody starts the new Management Server too early, its database arrives damaged, and one server is left out
    /// at first. The three servers wait side by side, and the engine is restarted meanwhile.
    /// </summary>
    [Fact]
    public async Task Whole_move_with_a_person_who_says_done_too_early()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        var (before, store) = ((await bench.Product.GetFingerprintAsync(Old, Token)).Facts, new InMemoryStore());
        bench.Server(Old).RequireShareAccount("mover", "canary-share");
        bench.Farm.Faults.Set(bench.Server(New), new LabFault(LabFaultKind.BitFlip, "Copy-File"));
        string id;
        await using (var host = await bench.StartHostAsync(store))
        {
            id = await StartAsync(host);
            var person = new Person(bench, host, id);
            await PrepareAsync(bench, person, tooEarly: true);
            Assert.Equal(before, (await bench.Product.GetFingerprintAsync(Old, Token)).Facts, (one, other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other));
            await person.DoAsync("mfa-off", () => MfaAsync(bench, Old, false, "admin"));
            Assert.Equal("MFA is still on for: m.berger.", (await person.DoAsync("mfa-off", () => MfaAsync(bench, Old, false, "m.berger"))).Finding);
            await person.DoAsync("transfer-licence", null);
            Assert.Contains("licensed machine name 'spe-mgmt'", (await person.DoAsync("transfer-licence", () => bench.Product.TransferLicenceAsync(New, Token))).Finding, StringComparison.Ordinal);

            await person.OpenAsync(FirstDialog, SecondDialog, AccessDialog);
            Assert.Equal(("Stopped", "Disabled"), Service(bench, Old));
            Assert.NotEqual(Text(bench, New, $"MailStoreManagementDatabase.json.before-{id}"), Text(bench, New, "MailStoreManagementDatabase.json"));
            Assert.Equal(before.Product!.DatabaseId, (await bench.Product.GetFingerprintAsync(New, Token)).Facts.Product!.DatabaseId);
            await person.DoAsync(FirstDialog, null);
            await person.DoAsync(SecondDialog, () => ConfigureAsync(bench, SecondHost, New));
            await person.DoAsync(AccessDialog, null);
            Assert.Contains("Client Access Server spe-cas is not connected to spe-mgmt-new", (await person.WaitAsync(AccessDialog)).Finding, StringComparison.Ordinal);
            Assert.Contains("paired with another Management Server, 'spe-mgmt'", (await person.WaitAsync(FirstDialog)).Finding, StringComparison.Ordinal);
            await person.OpenAsync(FirstDialog, AccessDialog);
        }

        await using (var host = await bench.StartHostAsync(store))
        {
            var person = new Person(bench, host, id);
            await person.DoAsync(FirstDialog, () => ConfigureAsync(bench, FirstHost, New));
            await person.DoAsync(AccessDialog, null, "LeaveOut", new JsonObject { ["reason"] = "nobody has the key of its room" });
            await person.DoAsync("dashboard", null, "CheckAgain");
            var left = await person.DoAsync("dashboard", () => ConfigureAsync(bench, Access, New), "CheckAgain");
            Assert.Contains("The Client Access Server spe-cas was connected and is not.", left.Finding, StringComparison.Ordinal);
            await person.DoAsync("mfa-on", () => MfaAsync(bench, New, true, "m.berger"));
            Assert.Equal("MFA is not on again for: admin.", (await person.DoAsync("mfa-on", () => MfaAsync(bench, New, true, "admin"))).Finding);
            await person.DoAsync("smtp-password", null, fields: new JsonObject { ["password"] = await bench.Secrets.PutAsync("one", "not it", Token) });
            await person.DoAsync("smtp-password", null, fields: new JsonObject { ["password"] = await bench.Secrets.PutAsync("two", LabBench.SmtpPassword, Token) });
            await person.DoAsync("sign-off", null);
            var finished = await host.WaitForFinishAsync(id);
            Assert.Equal(WorkflowSubStatus.Finished, finished.State.SubStatus);
            Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
            Assert.Contains(finished.Journal, row => row.EventName == "Retrying" && row.Message!.Contains("did not arrive as it is", StringComparison.Ordinal));
            Assert.Equal(
                ["DowntimeStarted", "DowntimeEnded"],
                finished.Journal.Where(row => row.EventName.StartsWith("Downtime", StringComparison.Ordinal)).Select(row => row.EventName));
            Assert.Contains("The move was ended (Sign off, by ann)", (await MoveStory.ReadAsync(host, id) with { Source = Old, Target = New }).Plan().Refusal, StringComparison.Ordinal);
        }

        var now = (await bench.Product.GetFingerprintAsync(New, Token)).Facts;
        Assert.Equal(JsonSerializer.Serialize(before.Product), JsonSerializer.Serialize(now.Product));
        Assert.Equal((New, "echo started"), (now.LicensedServer, Text(bench, New, Script)));
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(New, Token), message => message.IsError);
        Assert.Equal(("Stopped", "Disabled"), Service(bench, Old));
        Assert.Equal(before.ConfigurationFiles, (await bench.Product.GetFingerprintAsync(Old, Token)).Facts.ConfigurationFiles);
        Assert.DoesNotContain(bench.AllEffects(), effect => effect.Contains("api:Delete", StringComparison.Ordinal) || effect.Contains("file-remove", StringComparison.Ordinal));
        Assert.Empty(bench.Product.Violations);
        Assert.True(bench.Secrets.IsEmpty);
    }

    /// <summary>From before the stop, from just after it, with two of three dialogs done, and with everything done: each time the farm is as it was.</summary>
    [Theory]
    [InlineData("mfa-off", "")]
    [InlineData("transfer-licence", "undo-mfa-off")]
    [InlineData(SecondDialog, "undo-transfer-licence, undo-configure-client-access-spe-cas, undo-configure-instance-host-spe-ih1, undo-mfa-off")]
    [InlineData("sign-off", "undo-transfer-licence, undo-configure-client-access-spe-cas, undo-configure-instance-host-spe-ih2, undo-configure-instance-host-spe-ih1, undo-mfa-off")]
    public async Task Undo_brings_the_old_Management_Server_back(string reached, string expected)
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        var before = await FingerprintsAsync(bench, Following);
        await using var host = await bench.StartHostAsync();
        var id = await StartAsync(host);
        await PlayAsync(bench, new Person(bench, host, id), reached, New);
        var own = reached is "mfa-off" or "transfer-licence" ? null : Text(bench, New, $"MailStoreManagementDatabase.json.before-{id}");

        var told = await UndoAsync(bench, host, id, New);
        Assert.Equal(expected, string.Join(", ", told));
        Assert.Equal(before, await FingerprintsAsync(bench, Following));
        Assert.Empty(bench.Product.Violations);
        Assert.True(reached == "mfa-off" || Service(bench, New) == ("Stopped", "Disabled"));
        Assert.True(own is null || Text(bench, New, "MailStoreManagementDatabase.json") == own);
    }

    /// <summary>Both servers have an Instance Host besides. They go on all the while, through the move and its undo.</summary>
    [Fact]
    public async Task What_the_two_servers_have_besides_is_left_alone()
    {
        await using var bench = await LabBench.OpenMultiAsync(8 * 1024);
        string[] following = [FirstHost, Access];
        await bench.Product.AddRoleAsync(Old, ProductRole.InstanceHost, null, Token);
        await bench.Product.PairAsync(Old, ProductRole.InstanceHost, Old, null, Token);
        bench.Server(Old).StartService("MailStoreInstanceHost");
        var before = await FingerprintsAsync(bench, following);
        await using var host = await bench.StartHostAsync();
        var id = await StartAsync(host, SecondHost);
        await PlayAsync(bench, new Person(bench, host, id), "mfa-on", SecondHost);
        Assert.DoesNotContain(await bench.Product.GetDashboardAsync(SecondHost, Token), message => message.IsError);
        Assert.Equal(
            [("MailStoreInstanceHost", "Running", "Automatic"), ("MailStoreManagementServer", "Stopped", "Disabled")],
            bench.Server(Old).Services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(service => (service.Name, service.State, service.StartMode)));

        await UndoAsync(bench, host, id, SecondHost);
        Assert.Equal(before, await FingerprintsAsync(bench, following));
        Assert.Equal(
            [("MailStoreInstanceHost", "Running", "Automatic"), ("MailStoreManagementServer", "Stopped", "Disabled")],
            bench.Server(SecondHost).Services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(service => (service.Name, service.State, service.StartMode)));
        Assert.Empty(bench.Product.Violations);
    }

    /// <summary>Installs, adds the role and looks at what stays behind; what comes too early is noticed.</summary>
    private static async Task PrepareAsync(LabBench bench, Person person, bool tooEarly)
    {
        var server = bench.Server(New);
        if (tooEarly)
        {
            await person.DoAsync("prepare-target", null, "CheckAgain");
            var blocked = await person.DoAsync("prepare-target", () => Task.Run(() => bench.Server(Old).RequireShareAccount(null, "")), "CheckAgain");
            Assert.Contains(@"The new server does not see \\spe-mgmt\C$\Program Files\MailStore Infrastructure\config.", blocked.Finding, StringComparison.Ordinal);
            await person.DoAsync("install", null);
        }

        Assert.Contains("no installation", (await person.DoAsync("install", () => bench.Product.InstallProgramsAsync(New, null, Token))).Finding, StringComparison.Ordinal);
        if (tooEarly)
        {
            await person.DoAsync("add-role", null);
        }

        await person.DoAsync("add-role", async () =>
        {
            await bench.Product.AddRoleAsync(New, ProductRole.ManagementServer, null, Token);
            if (tooEarly)
            {
                server.StartService(server.Services.Single().Name);
            }
        });
        if (tooEarly)
        {
            await person.DoAsync("left-behind", null, "CheckAgain");
        }

        var behind = await person.DoAsync("left-behind", () => CopyScriptAsync(server), "CheckAgain");
        Assert.Contains($"The start-up script {Script} of spe-mgmt is not on spe-mgmt-new.", behind.Finding, StringComparison.Ordinal);
        behind = await person.DoAsync("left-behind", null, "Accept", new JsonObject { ["reason"] = "new branding" });
        Assert.DoesNotContain(Script, behind.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain("Database", behind.Finding, StringComparison.Ordinal);
        Assert.Contains("Branding/", behind.Finding, StringComparison.Ordinal);
    }

    /// <summary>Does every task rightly until one is reached.</summary>
    private static async Task PlayAsync(LabBench bench, Person person, string reached, string target)
    {
        if (target == New)
        {
            await PrepareAsync(bench, person, tooEarly: false);
        }
        else
        {
            await person.DoAsync("add-role", () => bench.Product.AddRoleAsync(target, ProductRole.ManagementServer, null, Token));
            await person.DoAsync("left-behind", null, "Accept", new JsonObject { ["reason"] = "not wanted there" });
        }

        (string Name, Func<Task>? Act)[] tasks =
        [
            ("mfa-off", () => MfaAsync(bench, Old, false, "admin", "m.berger")),
            ("transfer-licence", () => bench.Product.TransferLicenceAsync(target, Token)),
            (FirstDialog, () => ConfigureAsync(bench, FirstHost, target)),
            (AccessDialog, () => ConfigureAsync(bench, Access, target)),
            (SecondDialog, () => ConfigureAsync(bench, SecondHost, target)),
            .. target == SecondHost ? [("configure-instance-host-spe-mgmt", () => ConfigureAsync(bench, Old, target))] : Array.Empty<(string, Func<Task>?)>(),
            ("mfa-on", () => MfaAsync(bench, target, true, "admin", "m.berger")),
        ];
        foreach (var (name, act) in tasks.TakeWhile(task => task.Name != reached))
        {
            await person.DoAsync(name, act);
        }

        if (reached == "sign-off")
        {
            await person.DoAsync("smtp-password", null, fields: new JsonObject { ["password"] = await bench.Secrets.PutAsync("one", LabBench.SmtpPassword, Token) });
        }

        await person.WaitAsync(reached);
        if (reached == SecondDialog)
        {
            // The other two are through: what they wait for is the third.
            await person.OpenAsync(SecondDialog);
        }
    }

    /// <summary>Undoes the move; each task of it that is checked is said to be done before it is.</summary>
    /// <returns>The tasks, in order.</returns>
    private static async Task<IReadOnlyList<string>> UndoAsync(LabBench bench, StepHost host, string moveId, string target)
    {
        var story = await MoveStory.ReadAsync(host, moveId) with { Source = Old, Target = target };
        Assert.Equal(
            story.Journal.Any(row => row is { ActivityId: "startNew", EventName: "Completed" }),
            story.Plan().Warnings.Any(warning => warning.Contains($"the Management Server may have run on {target}.", StringComparison.Ordinal)));
        var undo = await story.UndoAsync(host);
        var (person, told) = (new Person(bench, host, undo), new List<string>());
        while (await person.NextAsync() is { } task)
        {
            Assert.True(task.Round <= 2, $"{task.TaskName} comes back although it was done: {task.Finding}");
            var isRepeated = told.Contains(task.TaskName);
            Func<Task> act = task.TaskName switch
            {
                "undo-transfer-licence" => () => bench.Product.TransferLicenceAsync(Old, Token),
                "undo-mfa-off" => () => MfaAsync(bench, Old, true, "admin", "m.berger"),
                _ => () => ConfigureAsync(bench, Following.Append(Old).Single(server => task.TaskName.EndsWith(server, StringComparison.Ordinal)), Old),
            };
            await person.DoAsync(task.TaskName, isRepeated ? act : null);
            if (!isRepeated)
            {
                told.Add(task.TaskName);
            }
            else if (task.TaskName.StartsWith("undo-configure", StringComparison.Ordinal))
            {
                Assert.Contains("is not connected to spe-mgmt", task.Finding, StringComparison.Ordinal);
            }
        }

        var finished = await host.WaitForFinishAsync(undo);
        Assert.True(finished.State.SubStatus is WorkflowSubStatus.Finished, string.Join("; ", finished.State.Incidents.Select(incident => incident.Message)));
        Assert.DoesNotContain(finished.Journal, row => row.EventName == "DecisionRequested");
        return told;
    }

    private static async Task<string> StartAsync(StepHost host, string target = New) => await host.Host.StartWorkflowAsync(
        await File.ReadAllTextAsync(DefinitionFile.Of("move-management-server"), Token), new Dictionary<string, object?> { ["source"] = Old, ["target"] = target });

    private static async Task MfaAsync(LabBench bench, string server, bool enabled, params string[] administrators)
    {
        foreach (var administrator in administrators)
        {
            await bench.Product.SetMfaAsync(server, administrator, enabled, Token);
        }
    }

    private static Task ConfigureAsync(LabBench bench, string server, string manager) => bench.Product.ConfigureManagementServerAsync(
        server, server == Access ? ProductRole.ClientAccessServer : ProductRole.InstanceHost, manager, Token);

    private static Task CopyScriptAsync(LabServer server) => File.WriteAllTextAsync(server.ToLocalPath(Config + Script), "echo started", Token);

    private static string Text(LabBench bench, string server, string file) => File.ReadAllText(bench.Server(server).ToLocalPath(Config + file));

    private static (string, string) Service(LabBench bench, string server) =>
        bench.Server(server).Services.Select(service => (service.State, service.StartMode)).Single();

    private static Task<string[]> FingerprintsAsync(LabBench bench, string[] servers) => bench.FingerprintsAsync([Old, .. servers]);

    /// <summary>Waits for a task, does it or not, and says that it is done.</summary>
    private sealed class Person(LabBench bench, StepHost host, string instanceId)
    {
        private readonly Dictionary<string, int> _rounds = new(StringComparer.Ordinal);

        public async Task<HumanTaskStimulus> WaitAsync(string name) => (await FindAsync(name)).Task;

        public async Task<HumanTaskStimulus> DoAsync(string name, Func<Task>? act, string outcome = HumanTasks.DoneOutcome, JsonObject? fields = null)
        {
            var (bookmark, task) = await FindAsync(name);
            await (act?.Invoke() ?? Task.CompletedTask);
            await host.AnswerAsync(instanceId, bookmark.Id, outcome, fields);
            _rounds[name] = task.Round;
            return task;
        }

        /// <summary>Waits until these tasks are open, and no others.</summary>
        public Task OpenAsync(params string[] names) => Eventually.TrueAsync(
            async () => (await NamesAsync()).Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)), $"{string.Join(", ", names)} are open");

        /// <summary>The task that waits next; null when the workflow has ended.</summary>
        public async Task<HumanTaskStimulus?> NextAsync()
        {
            HumanTaskStimulus? next = null;
            await Eventually.TrueAsync(
                async () =>
                {
                    var state = (await host.Host.Reader.FindAsync(instanceId, Token))?.StateVersion > 0 ? await host.Host.StateAsync(instanceId) : null;
                    next = state?.Bookmarks.Where(bookmark => bookmark.Name == HumanTasks.BookmarkName)
                        .Select(bookmark => HumanTasks.ReadStimulus(bookmark.Payload)!)
                        .FirstOrDefault(task => task.Round > _rounds.GetValueOrDefault(task.TaskName));
                    return next is not null || state?.Status is WorkflowStatus.Finished;
                },
                "a task or the end");
            return next;
        }

        private async Task<(Elsa.Workflows.Models.Bookmark Bookmark, HumanTaskStimulus Task)> FindAsync(string name)
        {
            try
            {
                return await host.WaitForTaskAsync(instanceId, name, _rounds.GetValueOrDefault(name) + 1);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{name} was expected; open are {string.Join(", ", await NamesAsync())}. {string.Join('\n', bench.AllEffects().TakeLast(10))}", exception);
            }
        }

        private async Task<string[]> NamesAsync() =>
        [
            .. (await host.Host.StateAsync(instanceId)).Bookmarks.Where(bookmark => bookmark.Name == HumanTasks.BookmarkName)
                .Select(bookmark => HumanTasks.ReadStimulus(bookmark.Payload)!.TaskName),
        ];
    }
}
