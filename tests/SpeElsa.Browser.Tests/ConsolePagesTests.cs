using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;
using SpeElsa.Server.Tests.Harness;

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

    private (string Name, string Path)[] Pages() =>
    [
        ("overview", "/"), ("moves", "/moves"), ("move", $"/moves/{_move}"), ("undo", $"/moves/{_move}/undo"), ("hand-over", $"/moves/{_move}/hand-over"),
        ("tasks", "/tasks"), ("task", $"/tasks/{_task}"), ("plans", "/plans"), ("plan-new", "/plans/new"), ("plan-change", $"/plans/{_plan}/change"), ("plan", $"/plans/{_plan}"),
        ("fleet", "/fleet"), ("audit", "/audit"), ("notices", "/notices"), ("secrets", "/secrets"), ("nothing", "/not-found"),
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
