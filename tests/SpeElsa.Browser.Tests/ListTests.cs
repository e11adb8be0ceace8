using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>The list of workflows.</summary>
public sealed class ListTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task The_list_shows_what_is_shipped_and_finds_by_name()
    {
        await using var studio = await bench.OpenAsync("/designer");
        await bench.SaveAsync(Workflows.Writing("needle", "Needle in the hay"));
        await SearchAsync(studio, "Needle");
        await studio.Row("Needle in the hay").ShowsAsync();
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_workflow_is_created_and_still_there_after_a_reload_in_the_middle()
    {
        await using var studio = await bench.OpenAsync("/designer");
        await studio.Button("Create workflow").ClickAsync();
        await studio.Dialog.GetByLabel("Name").FillAsync("Made by hand");
        await studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Ok" }).ClickAsync();

        await studio.Page.GoesToAsync("/designer/definitions/[^/]+");
        await studio.Tab("Made by hand").ShowsAsync();
        await studio.PictureAsync();
        await studio.Page.ReloadAsync();
        await studio.Tab("Made by hand").ShowsAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_row_publishes_retracts_and_deletes()
    {
        await using var studio = await bench.OpenAsync("/designer");
        await bench.SaveAsync(Workflows.Writing("row", "Row by row"), publish: false);
        await SearchAsync(studio, "Row by row");

        await ActAsync(studio, "Row by row", "Publish", "POST", "/workflow-definitions/row/publish$");
        Assert.True((await bench.LatestAsync("row"))["isPublished"]!.GetValue<bool>());
        await Assertions.Expect(studio.Row("Row by row").Locator("td").Nth(4)).ToHaveTextAsync("1");
        await ActAsync(studio, "Row by row", "Unpublish", "POST", "/workflow-definitions/row/retract$");
        Assert.False((await bench.LatestAsync("row"))["isPublished"]!.GetValue<bool>());
        await Assertions.Expect(studio.Row("Row by row").Locator("td").Nth(4)).Not.ToHaveTextAsync("1");
        await OpenMenuAsync(studio, "Row by row", "Delete");
        await studio.AnswerAsync("DELETE", "/workflow-definitions/row$", () => studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync());
        await studio.Row("Row by row").IsGoneAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Several_are_deleted_at_once()
    {
        await using var studio = await bench.OpenAsync("/designer");
        await bench.SaveAsync(Workflows.Writing("bulk-1", "Bulky one"));
        await bench.SaveAsync(Workflows.Writing("bulk-2", "Bulky two"));
        await SearchAsync(studio, "Bulky");
        await studio.Row("Bulky two").ShowsAsync();

        await studio.Page.Locator("#designer thead input[type=checkbox]").CheckAsync(new() { Force = true });
        await studio.Button("Bulk actions").ClickAsync();
        await studio.MenuItem("Delete").ClickAsync();
        await studio.PictureAsync();
        await studio.AnswerAsync("POST", "/bulk-actions/delete/", () => studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync());
        await studio.Row("Bulky").IsGoneAsync();
        await studio.Page.GetByPlaceholder("Search").FillAsync("");
        await studio.Row("Single-server move").ShowsAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task What_is_exported_can_be_imported_again()
    {
        await using var studio = await bench.OpenAsync("/designer");
        await bench.SaveAsync(Workflows.Writing("traveller", "Traveller", "Far away"));
        await SearchAsync(studio, "Traveller");
        var file = await studio.Page.RunAndWaitForDownloadAsync(async () =>
        {
            await OpenMenuAsync(studio, "Traveller", "Export");
            await studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        });
        var exported = await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("traveller", JsonNode.Parse(exported)!["definitionId"]!.GetValue<string>());
        using var deleted = await bench.Client.DeleteAsync(new Uri("/elsa/api/workflow-definitions/traveller", UriKind.Relative), TestContext.Current.CancellationToken);

        await studio.Page.ReloadAsync();
        await studio.Button("Create workflow").ShowsAsync();
        await studio.AnswerAsync("POST", "/workflow-definitions/import", () => studio.Page.Locator("#designer input[type=file]").First.SetInputFilesAsync(
            new FilePayload { Name = "traveller.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(exported) }));
        await studio.Row("Traveller").ShowsAsync();
        Assert.Contains("Far away", (await bench.LatestAsync("traveller")).ToJsonString(), StringComparison.Ordinal);
        studio.HasNoFaults();
    }

    /// <summary>
    /// Searches, and waits until what is not meant is gone: before that, "all" means the whole list. It is sorted by name, and other tests add to it, so a name from
    /// its beginning is on the first page.
    /// </summary>
    private static async Task SearchAsync(StudioPage studio, string words)
    {
        await studio.Row("Move a Client Access Server").ShowsAsync();
        await studio.Page.GetByPlaceholder("Search").FillAsync(words);
        await studio.Row("Move a Client Access Server").IsGoneAsync();
    }

    private static async Task OpenMenuAsync(StudioPage studio, string row, string item)
    {
        await studio.Row(row).GetByRole(AriaRole.Button).Last.ClickAsync();
        await studio.MenuItem(item).ClickAsync();
    }

    private static async Task ActAsync(StudioPage studio, string row, string item, string method, string path)
    {
        var answer = await studio.AnswerAsync(method, path, () => OpenMenuAsync(studio, row, item));
        Assert.True(answer.Ok, $"{item}: {answer.Status}");
    }
}
