using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>Running a workflow, and watching it.</summary>
public sealed class RunTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task A_run_is_started_and_watched_to_its_end_without_a_reload()
    {
        await bench.SaveAsync(Workflows.Waiting("watched", "Watched", "go-on"));
        await using var studio = await bench.OpenAsync("/designer/definitions/watched");
        await studio.Node("wait").ShowsAsync();
        await studio.Tool(StudioPage.RunPicture).ClickAsync();
        await studio.Page.GoesToAsync("/designer/instances/[^/]+");
        var bar = studio.Page.Locator("#designer-bar .status");
        await bar.SaysAsync("Suspended");
        await studio.Node("after").ShowsAsync();
        Assert.Equal(0, await studio.Node("after").Locator(".mud-badge").CountAsync());

        using var answer = await bench.Client.PostAsJsonAsync("/elsa/api/events/go-on/trigger", new { }, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await bar.SaysAsync("Finished");
        await studio.Node("after").Locator(".mud-badge").ShowsAsync();
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_fault_is_shown_as_an_incident_and_retried()
    {
        await bench.SaveAsync(Workflows.Failing("failing", "Failing"));
        var id = await StartAsync("failing");
        await using var studio = await bench.OpenAsync($"/designer/instances/{id}");
        await studio.Page.Locator("#designer-bar .status").SaysAsync("1 incident");
        await studio.Tab("Incidents").Or(studio.Page.Locator(".mud-tab", new() { HasText = "Incidents" })).First.DispatchEventAsync("click");
        await studio.Page.GetByText("It broke on purpose").ShowsAsync();
        await studio.PictureAsync();

        var retried = await studio.AnswerAsync("POST", $"/workflow-instances/{id}/retry$", () => studio.Button("Retry what failed").ClickAsync());
        Assert.True(retried.Ok, $"{retried.Status}");
        await studio.Page.Locator("#designer-bar .status").SaysAsync("Faulted");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_run_is_cancelled()
    {
        await bench.SaveAsync(Workflows.Waiting("cancelled", "Cancelled", "never"));
        var id = await StartAsync("cancelled");
        await using var studio = await bench.OpenAsync($"/designer/instances/{id}");
        studio.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await studio.Button("Cancel this run").ClickAsync();
        await studio.Page.Locator("#designer-bar .status").SaysAsync("Cancelled");
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_move_shows_where_it_stands_as_it_goes_on()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        var administrator = new Administrator(bench.Server);
        var move = await administrator.StartMoveAsync();
        await administrator.PlayAsync(move, until: "mfa-off");
        await using var studio = await bench.OpenAsync($"/designer/instances/{move}");
        await studio.Page.Locator(".x6-node .mud-badge").ShowsAsync();
        var before = await studio.Page.Locator(".x6-node .mud-badge").CountAsync();
        await studio.PictureAsync("A_move_waits");

        await administrator.PlayAsync(move, until: "install");
        await Assertions.Expect(studio.Page.Locator(".x6-node .mud-badge").Nth(before + 1)).ToBeAttachedAsync();
        await studio.PictureAsync("A_move_went_on");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Runs_are_listed_and_opened()
    {
        await bench.SaveAsync(Workflows.Writing("listed", "Listed"));
        var id = await StartAsync("listed");
        await using var studio = await bench.OpenAsync("/designer/instances");
        await studio.Row(id).ClickAsync();
        await studio.Page.GoesToAsync($"/designer/instances/{id}");
        await studio.Page.Locator("#designer-bar .status").SaysAsync("Finished");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_run_that_fails_at_once_is_shown_where_it_failed()
    {
        await bench.SaveAsync(Workflows.Failing("at-once", "At once"));
        await using var studio = await bench.OpenAsync("/designer/definitions/at-once");
        await studio.Node("fault").ShowsAsync();
        await studio.Tool(StudioPage.RunPicture).ClickAsync();
        await studio.Page.GoesToAsync("/designer/instances/[^/]+");
        await studio.Page.Locator("#designer-bar .status").SaysAsync("Faulted, 1 incident");
        await studio.Node("fault").Locator(".mud-badge").ShowsAsync();
        await studio.PictureAsync();

        // Elsa answers a run that fails at once with 500, and the designer goes to its page all the same.
        Assert.EndsWith("/workflow-definitions/at-once/execute", Assert.Single(studio.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_is_not_deleted_and_one_that_has_ended_is()
    {
        await bench.SaveAsync(Workflows.Waiting("undeleted", "Undeleted", "never"));
        await bench.SaveAsync(Workflows.Writing("deleted", "Deleted"));
        var running = await StartAsync("undeleted");
        var ended = await StartAsync("deleted");
        await using var studio = await bench.OpenAsync("/designer/instances");
        var refused = await DeleteAsync(studio, running);
        Assert.Equal(409, refused.Status);
        await studio.Page.GetByText("Cancel it first").ShowsAsync();
        await studio.PictureAsync();

        Assert.True((await DeleteAsync(studio, ended)).Ok);
        await studio.Row(ended).IsGoneAsync();
        await studio.Row(running).ShowsAsync();
    }

    private static async Task<IResponse> DeleteAsync(StudioPage studio, string id)
    {
        await studio.Row(id).GetByRole(AriaRole.Button).Last.ClickAsync();
        await studio.MenuItem("Delete").ClickAsync();
        return await studio.AnswerAsync("DELETE", $"/workflow-instances/{id}$", () => studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync());
    }

    private async Task<string> StartAsync(string definitionId)
    {
        using var answer = await bench.Client.PostAsJsonAsync($"/elsa/api/workflow-definitions/{definitionId}/dispatch", new { }, TestContext.Current.CancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["workflowInstanceId"]!.GetValue<string>();
    }
}
