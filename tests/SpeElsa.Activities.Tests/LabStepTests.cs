using System.Text.Json.Nodes;
using SpeElsa.Engine.Serialization;
using SpeElsa.Lab;

namespace SpeElsa.Activities.Tests;

/// <summary>Each step against real scripts on simulated servers, in the order of a move, and each a second time.</summary>
public sealed class LabStepTests
{
    private const string Old = LabBench.Old;
    private const string New = LabBench.New;

    [Fact]
    public async Task Every_step_run_a_second_time_sees_that_it_is_done_and_does_nothing()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        await steps.BaselineAsync();
        await steps.TwiceAsync("SpeElsa.CheckTarget", steps.Both(new() { ["hostNameChanges"] = true }), "Ready");
        await steps.TwiceAsync("SpeElsa.CopyInstanceData", steps.Both(new() { ["mode"] = "Seed" }));
        await bench.Product.SetMfaAsync(Old, "admin", enabled: false, Steps.Token);
        await bench.Product.SetMfaAsync(Old, "m.berger", enabled: false, Steps.Token);
        await steps.TwiceAsync("SpeElsa.CheckMfaOff", steps.On(Old), "Off");
        await steps.TwiceAsync("SpeElsa.StopInstances", steps.On(Old));
        Assert.Equal(3, bench.Effects(Old, "api:StopInstances"));
        foreach (var role in new[] { "clientAccessServer", "instanceHost", "managementServer" })
        {
            await steps.TwiceAsync("SpeElsa.StopService", steps.On(Old, new() { ["role"] = role }));
        }

        Assert.Equal(3, bench.Effects(Old, LabEffectKinds.ServiceStop));
        await steps.TwiceAsync("SpeElsa.StopInstances", steps.On(Old));
        await steps.TwiceAsync("SpeElsa.DisableServices", steps.On(Old));
        Assert.Equal(3, bench.Effects(Old, LabEffectKinds.ServiceMode));
        await bench.Product.TransferLicenceAsync(New, Steps.Token);
        bench.Server(New).Installer = async (_, token) =>
        {
            await bench.Product.InstallAsync(New, null, null, token);
            return 0;
        };
        await steps.TwiceAsync(
            "SpeElsa.InstallMailStore", steps.On(New, new() { ["command"] = @"C:\Setup\MailStoreSetup.exe", ["arguments"] = "/quiet" }));
        await steps.TwiceAsync("SpeElsa.CheckInstalled", steps.On(New), "Installed");
        foreach (var role in new[] { "clientAccessServer", "instanceHost", "managementServer" })
        {
            await steps.TwiceAsync("SpeElsa.StopService", steps.On(New, new() { ["role"] = role }));
        }

        await steps.TwiceAsync("SpeElsa.MoveCertificatesAside", steps.On(New));
        Assert.Equal(5, bench.Server(New).Certificates("SpeElsaBackup").Count);
        await steps.TwiceAsync("SpeElsa.TransferCertificates", steps.Both());
        Assert.Equal(5, bench.Effects(Old, LabEffectKinds.CertificateExport));
        Assert.Equal(5, bench.Server(New).Certificates().Count);
        await steps.TwiceAsync("SpeElsa.MoveCertificatesAside", steps.On(New));
        await steps.TwiceAsync("SpeElsa.ReplaceConfigDirectory", steps.Both());
        await steps.TwiceAsync("SpeElsa.CopyInstanceData", steps.Both(new() { ["mode"] = "Final", ["dataDirectory"] = @"C:\Mail" }));
        var verified = await steps.TwiceAsync("SpeElsa.VerifyInstanceData", steps.Both(new() { ["dataDirectory"] = @"C:\Mail" }), "Same");
        Assert.All(
            verified.Evidence.GetProperty("directories").EnumerateArray(),
            row => Assert.Equal("Debug Log", row.GetProperty("skippedJunctions")[0].GetString()));
        await steps.TwiceAsync("SpeElsa.StartService", steps.On(New, new() { ["role"] = "managementServer", ["onlyIfOff"] = Old }));
        await steps.TwiceAsync("SpeElsa.CheckLicence", steps.On(New), "Moved");
        await steps.TwiceAsync("SpeElsa.SetBaseDirectories", steps.On(New, new() { ["dataDirectory"] = @"C:\Mail" }));
        Assert.Equal(3, bench.Effects(New, "api:SetInstanceConfiguration"));
        await steps.TwiceAsync("SpeElsa.StartService", steps.On(New, new() { ["role"] = "instanceHost", ["onlyIfOff"] = Old }));
        await steps.TwiceAsync("SpeElsa.StartService", steps.On(New, new() { ["role"] = "clientAccessServer", ["onlyIfOff"] = Old }));
        await steps.TwiceAsync("SpeElsa.StartInstances", steps.On(New));
        await steps.TwiceAsync("SpeElsa.CheckDashboard", steps.On(New), "Ok");
        await bench.Product.SetMfaAsync(New, "admin", enabled: true, Steps.Token);
        await bench.Product.SetMfaAsync(New, "m.berger", enabled: true, Steps.Token);
        await steps.TwiceAsync("SpeElsa.CheckMfaOn", steps.On(New), "On");
        var reference = await bench.Secrets.PutAsync("smtp", LabBench.SmtpPassword, Steps.Token);
        await steps.TwiceAsync("SpeElsa.SetSmtpPassword", steps.On(New, new() { ["password"] = reference }));
        Assert.True(bench.Secrets.IsEmpty);
        await steps.TwiceAsync("SpeElsa.CheckOldStaysOff", steps.On(Old));
        Assert.Empty(bench.Product.Violations);
    }

    [Fact]
    public async Task The_baseline_tells_what_the_move_needs_to_know()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        var baseline = await steps.BaselineAsync();
        Assert.Equal("25.3.1.0", (string?)baseline["productVersion"]);
        Assert.Equal(
            ["admin", "m.berger"],
            baseline["administrators"]!.AsArray().Where(row => (bool?)row!["mfa"] == true).Select(row => (string?)row!["userName"]));
        Assert.Equal(["acme", "globex", "initech"], baseline["instances"]!.AsArray().Select(row => (string?)row!["id"]));
        Assert.All(baseline["instances"]!.AsArray(), row => Assert.True((bool?)row!["wasRunning"] == true && (long)row["messages"]! > 0));
        Assert.Equal(5, baseline["certificates"]!.AsArray().Count);
        Assert.Equal(
            ["clientAccessServer", "instanceHost", "managementServer"],
            baseline["services"]!.AsArray().Select(row => (string?)row!["role"]).Order());
        Assert.True((bool?)baseline["smtp"]!["isSet"]);
        Assert.DoesNotContain("canary", baseline.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_has_not_done_is_noticed_and_said()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        await steps.BaselineAsync();
        var target = await steps.OnceAsync("SpeElsa.CheckTarget", steps.Both(new() { ["dataDirectory"] = @"D:\Mail" }), "NotReady");
        Assert.Contains("has no drive D:", target.Finding, StringComparison.Ordinal);
        Assert.Contains("the host name stays", target.Finding, StringComparison.Ordinal);
        var mfa = await steps.OnceAsync("SpeElsa.CheckMfaOff", steps.On(Old), "On");
        Assert.Equal("MFA is still on for: admin, m.berger.", mfa.Finding);
        await steps.OnceAsync("SpeElsa.CheckInstalled", steps.On(New), "Missing");
        await bench.Product.InstallAsync(New, "25.2.0.0", null, Steps.Token);
        var version = await steps.OnceAsync("SpeElsa.CheckInstalled", steps.On(New), "WrongVersion");
        Assert.Contains("25.2.0.0", version.Finding, StringComparison.Ordinal);
        await bench.Product.TransferLicenceAsync(New, Steps.Token);
        var licence = await steps.OnceAsync("SpeElsa.CheckLicence", steps.On(Old), "NotMoved");
        Assert.Contains("licensed machine name", licence.Finding, StringComparison.Ordinal);
        var dashboard = await steps.OnceAsync("SpeElsa.CheckDashboard", steps.On(Old), "Differs");
        Assert.Contains("Error on the dashboard", dashboard.Finding, StringComparison.Ordinal);
        await bench.Product.SetSmtpPasswordAsync(Old, "forgotten", Steps.Token);
        var reference = await bench.Secrets.PutAsync("smtp", "wrong", Steps.Token);
        var smtp = await steps.OnceAsync("SpeElsa.SetSmtpPassword", steps.On(Old, new() { ["password"] = reference }), "Failed");
        Assert.DoesNotContain("wrong", smtp.Evidence.GetRawText(), StringComparison.Ordinal);
        Assert.True(bench.Secrets.IsEmpty);
    }

    [Fact]
    public async Task What_would_go_wrong_later_is_found_before_the_stop()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=MailStoreStuck", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddYears(1));
        bench.Server(Old).AddCertificate(LabCertificate.From(certificate, "MailStoreStuck", exportable: false));
        bench.Server(New).SetRegistryValue(@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired", "", null);
        bench.Server(New).ClockOffset = TimeSpan.FromMinutes(-3);
        await steps.BaselineAsync();

        var inputs = steps.Both(new() { ["hostNameChanges"] = true });
        var found = await steps.OnceAsync("SpeElsa.CheckTarget", inputs.DeepClone().AsObject(), "NotReady");
        Assert.Contains("The private key of MailStoreStuck", found.Finding, StringComparison.Ordinal);
        Assert.Contains("waits for a restart (windows-update)", found.Finding, StringComparison.Ordinal);
        Assert.Contains("differ by 180 seconds", found.Finding, StringComparison.Ordinal);

        // The certificate was brought over by hand, the clock was set, Windows was restarted.
        bench.Server(New).AddCertificate(LabCertificate.From(certificate, "MailStoreStuck"));
        bench.Server(New).ClockOffset = TimeSpan.Zero;
        bench.Server(New).RemoveRegistryKey(@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired");
        await steps.OnceAsync("SpeElsa.CheckTarget", inputs, "Ready");
    }

    [Fact]
    public async Task A_file_in_use_is_told_with_the_program_that_has_it_and_copied_when_it_is_closed()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        var baseline = await steps.BaselineAsync();
        var directory = (string)baseline["instances"]![0]!["baseDirectory"]!;
        var file = Directory.EnumerateFiles(bench.Server(Old).ToLocalPath(directory)).Select(path => $@"{directory}\{Path.GetFileName(path)}").First();
        string id;
        using (bench.Server(Old).LockFile(file, "BackupAgent"))
        {
            id = await steps.Host.RunAsync("SpeElsa.CopyInstanceData", new JsonObject
            {
                ["source"] = Old,
                ["target"] = New,
                ["baseline"] = baseline.DeepClone(),
                ["mode"] = "Delta",
            });
            await Testing.Eventually.GetAsync(
                () => steps.Host.Host.JournalAsync(id),
                rows => rows.Any(row => row.EventName == "Retrying" && row.Message!.Contains($"Open on spe-old: {file} by BackupAgent", StringComparison.Ordinal)));
        }

        await steps.Host.WaitForFinishAsync(id);
        Assert.True(File.Exists(bench.Server(New).ToLocalPath(file)));
    }

    [Fact]
    public async Task Nothing_starts_while_the_other_server_can_serve()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        await bench.Product.InstallAsync(New, null, null, Steps.Token);
        foreach (var service in bench.Server(Old).Services)
        {
            bench.Server(Old).StopService(service.Name);
        }

        var before = bench.AllEffects().Count;
        var id = await steps.Host.RunAsync(
            "SpeElsa.StartService", new JsonObject { ["machine"] = Old, ["role"] = "managementServer", ["onlyIfOff"] = New });
        var (running, task) = await steps.Host.WaitForTaskAsync(id);
        Assert.Contains("not both stopped and disabled", task.Finding, StringComparison.Ordinal);
        foreach (var service in bench.Server(New).Services)
        {
            bench.Server(New).StopService(service.Name);
        }

        await steps.Host.AnswerAsync(id, running.Id, "Retry");
        var (stopped, _) = await steps.Host.WaitForTaskAsync(id);
        Assert.Equal(before + 3, bench.AllEffects().Count);
        foreach (var service in bench.Server(New).Services)
        {
            bench.Server(New).SetStartMode(service.Name, LabService.Disabled);
        }

        await steps.Host.AnswerAsync(id, stopped.Id, "Retry");
        await steps.Host.WaitForFinishAsync(id);
    }

    [Fact]
    public async Task A_file_that_differs_is_found_by_its_hash()
    {
        await using var bench = await LabBench.OpenAsync();
        await using var steps = await Steps.StartAsync(bench);
        await steps.BaselineAsync();
        await steps.OnceAsync("SpeElsa.CopyInstanceData", steps.Both(new() { ["mode"] = "Seed" }));
        var directory = bench.Server(New).ToLocalPath(@"C:\MailStoreData\acme");
        var file = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).First(path => new FileInfo(path).Length > 10);
        var bytes = await File.ReadAllBytesAsync(file, Steps.Token);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Steps.Token);
        var verified = await steps.OnceAsync("SpeElsa.VerifyInstanceData", steps.Both(), "Differs");
        Assert.Contains(@"C:\MailStoreData\acme differs", verified.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain("globex", verified.Finding, StringComparison.Ordinal);
    }

    /// <summary>Runs single steps with the baseline of the farm.</summary>
    private sealed class Steps(LabBench bench, StepHost host) : IAsyncDisposable
    {
        private JsonObject _baseline = [];

        public static CancellationToken Token => TestContext.Current.CancellationToken;

        public StepHost Host => host;

        public static async Task<Steps> StartAsync(LabBench bench) => new(bench, await bench.StartHostAsync());

        public async Task<JsonObject> BaselineAsync()
        {
            var finished = await host.WaitForFinishAsync(
                await host.RunAsync("SpeElsa.TakeBaseline", new JsonObject { ["source"] = Old }, null, "baseline"));
            return _baseline = EngineJson.ToNode(finished.State.ActivityOutputs["step"]["Baseline"])!.AsObject();
        }

        public JsonObject On(string machine, JsonObject? more = null) => With(more, ("machine", machine));

        public JsonObject Both(JsonObject? more = null) => With(more, ("source", Old), ("target", New));

        public async Task<StepHost.Finished> OnceAsync(string type, JsonObject inputs, string outcome = "Done")
        {
            var finished = await host.WaitForFinishAsync(await RunAsync(type, inputs));
            Assert.True(finished.Outcome == outcome, $"{type} left by {finished.Outcome}: {finished.Finding}");
            return finished;
        }

        public async Task<StepHost.Finished> TwiceAsync(string type, JsonObject inputs, string outcome = "Done")
        {
            await OnceAsync(type, inputs.DeepClone().AsObject(), outcome);
            var before = bench.AllEffects();
            var again = await OnceAsync(type, inputs, outcome);
            Assert.Equal(before, bench.AllEffects());
            return again;
        }

        public ValueTask DisposeAsync() => host.DisposeAsync();

        /// <summary>A step that waits for a person instead of ending fails the test with its finding.</summary>
        private async Task<string> RunAsync(string type, JsonObject inputs)
        {
            foreach (var key in inputs.Select(pair => pair.Key).Where(key => !Keys(type).Contains(key)).ToArray())
            {
                inputs.Remove(key);
            }

            var id = await host.RunAsync(type, inputs);
            var end = await Testing.Eventually.GetAsync(
                () => host.Host.JournalAsync(id),
                rows =>
                    rows.Any(
                        row => row.EventName is "DecisionRequested" or "Faulted" || (
                            row.EventName == "Completed" && row.ActivityId == "step")));
            Assert.DoesNotContain(end, row => row.EventName is "DecisionRequested" or "Faulted" && Fail(type, row.Message));
            return id;
        }

        private static bool Fail(string type, string? message) => throw new InvalidOperationException($"{type} asks: {message}");

        private static HashSet<string> Keys(string type) =>
            [.. typeof(MoveStep).Assembly.GetType($"SpeElsa.Activities.{type.Split('.')[1]}")!.GetProperties().Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..])];

        private JsonObject With(JsonObject? more, params (string Name, string Value)[] values)
        {
            var inputs = more?.DeepClone().AsObject() ?? [];
            inputs["baseline"] = _baseline.DeepClone();
            foreach (var (name, value) in values)
            {
                inputs[name] = value;
            }

            return inputs;
        }
    }
}
