using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Browser.Tests;

/// <summary>Every page of the console as its readers see it: by day and by night, at a desk and on a phone.</summary>
public sealed class ConsolePagesTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    /// <summary>All four ways of looking take twice as long as the two that differ in everything.</summary>
    private static readonly (ColorScheme Scheme, int Width)[] Ways = Environment.GetEnvironmentVariable("SPEELSA_ALL_PAGES") == "1"
        ? [(ColorScheme.Light, 1440), (ColorScheme.Dark, 1440), (ColorScheme.Light, 390), (ColorScheme.Dark, 390)]
        : [(ColorScheme.Light, 1440), (ColorScheme.Dark, 390)];

    private string _move = "";
    private string _task = "";
    private string _plan = "";

    [Fact]
    public async Task Every_page_can_be_read_by_everybody()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        await PrepareAsync();
        var findings = new List<string>();
        foreach (var (scheme, width) in Ways)
        {
            await using var context = await bench.NewContextAsync(width, 900, scheme, signedIn: true);
            var page = await context.NewPageAsync();
            foreach (var (name, path) in Pages())
            {
                findings.AddRange((await LookAsync(page, path, width)).Select(finding => $"{path}, {scheme}, {width}: {finding}"));
                await Bench.KeepAsync(page, $"console-{name}-{scheme}-{width}", fullPage: true);
            }
        }

        Assert.Empty(findings);
    }

    [Fact]
    public async Task A_move_is_paused_and_its_task_goes_through_other_hands()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        var person = await OperatorPage.SignInAsync(bench, "p.auer");
        var other = await OperatorPage.SignInAsync(bench, "q.beck");
        await bench.SaveAsync(JsonNode.Parse(A.Sequence("two-questions").With(Ask("first"), Ask("second")).ToJson())!.AsObject());
        var move = await person.Hands.StartMoveAsync(new { scenario = "two-questions" });
        var id = (string)(await person.Hands.NextTaskAsync(move))!["id"]!;

        await person.GoAsync($"/moves/{move}");
        await person.Button("Pause before the next step").ClickAsync();
        await person.Page.GetByLabel("Why").FillAsync("We wait for the network.");
        await person.Button("Pause the move").ClickAsync();
        await person.Page.Locator(".standing").SaysAsync("Paused");
        await person.Page.GetByText("Paused by p.auer: We wait for the network.").ShowsAsync();
        await KeepInAllWaysAsync(person.Page, "console-paused");

        await person.GoAsync($"/tasks/{id}");
        await person.Button("Give it to…").ClickAsync();
        await person.Page.GetByLabel("Who", new() { Exact = true }).FillAsync("q.beck");
        await KeepInAllWaysAsync(person.Page, "console-task-hands");
        await person.Button("Give it").ClickAsync();
        await person.Page.GetByText("It was given to q.beck.").ShowsAsync();
        await person.Button("Answer link…").ClickAsync();
        await person.Page.GetByLabel("Who", new() { Exact = true }).FillAsync("nobody");
        await person.Button("Make the link").ClickAsync();
        await person.Page.Locator("form.act").SaysAsync("nobody");
        await person.Page.GetByLabel("Who", new() { Exact = true }).FillAsync("q.beck");
        await person.Button("Make the link").ClickAsync();
        Assert.StartsWith($"{bench.Address}answer/", await person.Page.GetByLabel("The link for q.beck").InputValueAsync(), StringComparison.Ordinal);
        await other.GoAsync($"/tasks/{id}");
        await other.Button("Send it back to all…").ClickAsync();
        await other.Page.GetByLabel("Why").FillAsync("I am ill.");
        await other.Button("Send it back").ClickAsync();
        await person.Page.GetByText("I am ill.").ShowsAsync();

        await person.GoAsync($"/moves/{move}");
        await person.Card(id).GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await person.Page.GetByText("Next when it is resumed: second.").ShowsAsync();
        await person.Button("Resume").ClickAsync();
        await person.Button("Resume the move").ClickAsync();
        await person.Page.Locator(".standing").SaysAsync("Waiting for a person: second");
    }

    [Fact]
    public async Task On_a_phone_a_menu_opens_leads_on_and_closes()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        await using var context = await bench.NewContextAsync(390, 844, ColorScheme.Dark, signedIn: true);
        var page = await context.NewPageAsync();
        var menu = page.GetByRole(AriaRole.Button, new() { Name = "Menu" });
        var plans = page.GetByRole(AriaRole.Link, new() { Name = "Plans", Exact = true });
        await page.GotoAsync("/");
        await page.LivesAsync();
        await Assertions.Expect(plans).ToBeHiddenAsync();

        await menu.ClickAsync();
        await plans.ShowsAsync();
        await Bench.KeepAsync(page, "console-menu-Dark-390");
        await plans.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Plans" }).ShowsAsync();
        await Assertions.Expect(plans).ToBeHiddenAsync();

        await menu.PressAsync("Enter");
        await plans.ShowsAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(plans).ToBeHiddenAsync();
        await Assertions.Expect(menu).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_secret_is_seen_to_be_missing_stored_and_forgotten_and_never_shown()
    {
        var page = await OpenSecretsAsync();
        await using var context = page.Context;
        var row = page.Locator("tr", new() { HasText = "mail-password" });
        await row.SaysAsync("Missing");
        await row.SaysAsync("Mail:PasswordSecret");

        await row.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByLabel("The secret").FillAsync("nobody is to read this");
        await page.GetByRole(AriaRole.Button, new() { Name = "Store it", Exact = true }).ClickAsync();
        await row.SaysAsync("Stored");
        await page.ReloadAsync();
        await page.LivesAsync();
        await KeepInAllWaysAsync(page, "console-secret-stored");
        Assert.DoesNotContain("nobody is to read this", await page.ContentAsync(), StringComparison.Ordinal);

        await row.GetByRole(AriaRole.Button, new() { Name = "Forget… mail-password" }).ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Forget it" }).ClickAsync();
        await row.SaysAsync("Missing");
    }

    [Fact]
    public async Task A_page_that_can_not_be_read_anew_says_since_when_and_is_live_again_by_itself()
    {
        var page = await OpenSecretsAsync();
        await using var context = page.Context;
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("half-typed");
        await using var database = new SqliteConnection($"Data Source={Path.Combine(bench.DataDirectory, "speelsa.db")};Pooling=False");
        await database.OpenAsync(TestContext.Current.CancellationToken);

        await ChangeAsync("ALTER TABLE Secrets RENAME TO Elsewhere");
        await page.GetByText("it could not be read anew").ShowsAsync();
        await KeepInAllWaysAsync(page, "console-not-read-anew");
        await page.Locator("tr", new() { HasText = "mail-password" }).SaysAsync("Missing");

        await ChangeAsync("ALTER TABLE Elsewhere RENAME TO Secrets");
        await page.GetByText("it could not be read anew").IsGoneAsync();
        Assert.Equal("half-typed", await page.GetByLabel("Name", new() { Exact = true }).InputValueAsync());

        async Task ChangeAsync(string statement)
        {
            await using var command = database.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task<IPage> OpenSecretsAsync()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        var page = await (await bench.NewContextAsync(1280, 900, ColorScheme.Light, signedIn: true)).NewPageAsync();
        await page.GotoAsync("/secrets");
        await page.LivesAsync();
        return page;
    }

    private static async Task KeepInAllWaysAsync(IPage page, string name)
    {
        foreach (var (scheme, width) in Ways)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.SetViewportSizeAsync(width, 900);
            await Bench.KeepAsync(page, $"{name}-{scheme}-{width}", fullPage: true);
        }
    }

    private static JsonObject Ask(string title) =>
        A.Node(title, "SpeElsa.HumanTask", ("title", A.Text(title)), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")));

    private (string Name, string Path)[] Pages() =>
    [
        ("overview", "/"), ("moves", "/moves"), ("move", $"/moves/{_move}"), ("undo", $"/moves/{_move}/undo"), ("hand-over", $"/moves/{_move}/hand-over"),
        ("tasks", "/tasks"), ("task", $"/tasks/{_task}"), ("plans", "/plans"), ("plan-new", "/plans/new"), ("plan-change", $"/plans/{_plan}/change"), ("plan", $"/plans/{_plan}"),
        ("fleet", "/fleet"), ("audit", "/audit"), ("notices", "/notices"), ("secrets", "/secrets"), ("settings", "/settings"), ("nothing", "/not-found"),
    ];

    private async Task PrepareAsync()
    {
        var hands = new Administrator(bench.Server);
        _move = await hands.StartMoveAsync();
        await hands.PlayAsync(_move, until: "transfer-licence");
        _task = (await hands.NextTaskAsync(_move))!["id"]!.GetValue<string>();
        using var saved = await bench.Client.PostAsJsonAsync("/api/plans", Administrator.Plan, TestContext.Current.CancellationToken);
        _plan = (await saved.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!.GetValue<string>();
        using var check = await bench.Client.PostAsync(new Uri($"/api/plans/{_plan}/check", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.True(check.IsSuccessStatusCode);
        using var look = await bench.Client.PostAsync(new Uri("/api/machines/spe-old/test", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.True(look.IsSuccessStatusCode);
        await StoreAsync(int.Parse(Environment.GetEnvironmentVariable("SPEELSA_STORED_MOVES") ?? "0", CultureInfo.InvariantCulture));
    }

    /// <summary>Fills the server with moves that wait for people, to see whether its pages are still drawn at once.</summary>
    private async Task StoreAsync(int moves)
    {
        if (moves == 0)
        {
            return;
        }

        await bench.SaveAsync(JsonNode.Parse(A.Sequence("asks").With(Ask("look")).ToJson())!.AsObject());
        await Parallel.ForEachAsync(Enumerable.Range(0, moves), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellationToken) =>
        {
            using var started = await bench.Client.PostAsJsonAsync("/api/moves", new { scenario = "asks", name = $"Move {number}" }, cancellationToken);
            Assert.True(started.IsSuccessStatusCode);
        });
        await Eventually.TrueAsync(
            async () => (int)(await bench.Client.GetFromJsonAsync<JsonObject>("/api/tasks?pageSize=1"))!["total"]! >= moves, "every move asks", TimeSpan.FromMinutes(20));
    }

    private async Task<IReadOnlyList<string>> LookAsync(IPage page, string path, int width)
    {
        var findings = new List<string>();
        await page.GotoAsync(path);
        await page.LivesAsync();
        var painted = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");

        // Told and not judged: a machine that others use draws when it can.
        output.WriteLine($"{path} at {width}: first drawn after {painted:0} ms");
        var wide = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        if (wide > width)
        {
            findings.Add($"is {wide} wide");
        }

        var seen = await page.RunAxe();
        findings.AddRange(seen.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Help} {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"));
        return findings;
    }
}
