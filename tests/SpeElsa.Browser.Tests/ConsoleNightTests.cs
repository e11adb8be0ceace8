using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Browser.Tests;

/// <summary>The operator's night in the console: a move from its plan to its sign-off, with what goes wrong in between.</summary>
public sealed class ConsoleNightTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task A_move_is_planned_checked_started_answered_killed_signed_off_and_proved()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        var person = await OperatorPage.SignInAsync(bench, "n.otto");
        await PlanAsync(person);
        await person.Button("Start now…").ClickAsync();
        await person.Button("Yes, start it now").ClickAsync();
        await person.Page.GoesToAsync("/moves/[^/]+");
        var moveId = person.Page.Url.Split('/')[^1];

        await AnswerWithEvidenceAsync(person, moveId);
        await DecideAsync(person, moveId);
        await person.PlayAsync(moveId, until: "install");
        await DieAsync(person, moveId);
        await person.PlayAsync(moveId);

        await person.Page.Locator(".standing").SaysAsync("Finished");
        await person.Page.Locator(".status.good", new() { HasText = "Confirmed" }).ShowsAsync();
        await Bench.KeepAsync(person.Page, "console-night-end");
        await Assertions.Expect(person.Page.Locator(".journal li")).ToHaveCountAsync(30);
        await person.Button("Show older rows").ClickAsync();
        await Assertions.Expect(person.Page.Locator(".journal li")).ToHaveCountAsync(130);
        await VerifyAsync(person);
    }

    /// <summary>The names of the servers differ and the plan does not say so: the pre-flight tells, with the cure.</summary>
    private static async Task PlanAsync(OperatorPage person)
    {
        await person.GoAsync("/plans/new");
        await person.Page.GetByLabel("Single-server move").CheckAsync();
        await person.Page.GetByLabel("Source").SelectOptionAsync("spe-old");
        await person.Button("Save the plan").ClickAsync();
        await person.Page.GetByText("Name the target machine").ShowsAsync();
        await person.Page.GetByLabel("Target").SelectOptionAsync("spe-new");
        await person.Button("Save the plan").ClickAsync();
        await person.Page.GetByText("Single-server move", new() { Exact = true }).ShowsAsync();
        await person.Button("Run the pre-flight").ClickAsync();
        await person.Page.Locator("tr", new() { HasText = "host-name" }).SaysAsync("Blocked");
        await person.Page.GetByText("start a move that says so").ShowsAsync();

        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Change the plan" }).ClickAsync();
        await person.Page.GetByLabel("Host name changes").CheckAsync();
        await person.Button("Save the plan").ClickAsync();
        await person.Page.GetByText("It has not been checked").ShowsAsync();
        await person.Button("Run the pre-flight").ClickAsync();
        await person.Page.Locator("tr", new() { HasText = "host-name" }).SaysAsync("Passed");
    }

    private static async Task AnswerWithEvidenceAsync(OperatorPage person, string moveId)
    {
        var task = await person.Hands.NextTaskAsync(moveId);
        await person.Hands.LabAsync("/lab/servers/spe-old/faults", new { kind = "CertificateChanged" });
        await person.AnswerAsync(moveId, task!, async card =>
        {
            await card.GetByLabel("Add evidence").SetInputFilesAsync(new FilePayload { Name = "mfa-off.txt", MimeType = "text/plain", Buffer = "MFA is off for both."u8.ToArray() });
            await card.GetByRole(AriaRole.Link, new() { Name = "mfa-off.txt" }).ShowsAsync();
        });
    }

    /// <summary>The Management API shows an unknown certificate: a person looks, cures it and has the step tried again.</summary>
    private async Task DecideAsync(OperatorPage person, string moveId)
    {
        JsonObject? decision = null;
        await Eventually.TrueAsync(async () => (decision = await person.Hands.NextTaskAsync(moveId)) is { } task && (string?)task["kind"] == "decision", "nobody is asked to decide");
        using var cleared = await bench.Client.DeleteAsync(new Uri("/lab/servers/spe-old/faults", UriKind.Relative), TestContext.Current.CancellationToken);
        var card = person.Card(decision!["id"]!.GetValue<string>());
        await card.SaysAsync("Decision");
        await card.GetByRole(AriaRole.Button, new() { Name = "Undo", Exact = true }).ClickAsync();
        await card.Locator(".error").ShowsAsync();
        await Bench.KeepAsync(person.Page, "console-night-decision");
        await card.GetByRole(AriaRole.Button, new() { Name = "Retry", Exact = true }).ClickAsync();
        await card.IsGoneAsync();
    }

    /// <summary>kill -9 in the middle: the page says so, and comes back by itself.</summary>
    private async Task DieAsync(OperatorPage person, string moveId)
    {
        var task = (await person.Hands.NextTaskAsync(moveId))!["id"]!.GetValue<string>();
        await person.Card(task).ShowsAsync();
        var comment = person.Card(task).GetByLabel("Comment");
        await comment.PressSequentiallyAsync("It is done");
        await bench.Server.KillAsync();
        await Assertions.Expect(person.Page.Locator("#connection")).ToBeVisibleAsync();
        await Bench.KeepAsync(person.Page, "console-night-killed");
        await bench.Server.StartAsync();
        await Assertions.Expect(person.Page.Locator("#connection")).ToBeHiddenAsync();
        await person.Page.LivesAsync();
        await person.Card(task).ShowsAsync();
        await Assertions.Expect(comment).ToHaveValueAsync("It is done");
        await Assertions.Expect(comment).ToBeFocusedAsync();
    }

    private async Task VerifyAsync(OperatorPage person)
    {
        var download = await person.Page.RunAndWaitForDownloadAsync(() => person.Page.GetByRole(AriaRole.Link, new() { Name = "Evidence bundle" }).ClickAsync());
        var file = Path.Combine(bench.DataDirectory, download.SuggestedFilename);
        await download.SaveAsAsync(file);
        var program = Path.Combine(ServerProcess.ProgramFolder.Replace("SpeElsa.Server", "SpeElsa.Cli", StringComparison.Ordinal), "spe.dll");
        var (code, verdict) = await ServerCommand.RunProgramAsync("dotnet", [program, "verify", file, "--key", Path.Combine(bench.DataDirectory, "evidence-key.pem")]);
        Assert.True(code == 0, verdict);
        Assert.Contains("Genuine", verdict, StringComparison.Ordinal);
    }
}
