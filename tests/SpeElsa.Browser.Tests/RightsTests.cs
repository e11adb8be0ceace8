using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>Who may not design looks at workflows, or is told who may.</summary>
public sealed class RightsTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task A_viewer_looks_at_a_workflow_and_changes_nothing()
    {
        await bench.SaveAsync(Workflows.Writing("looked-at", "Looked at"));
        var page = await bench.SignInAsync("viewer", "viewer");
        await using var context = page.Context;
        await using var studio = new StudioPage(bench, await context.NewPageAsync());
        await studio.EditAsync("looked-at", "line");
        await studio.Page.GetByText("You may look at this workflow, but not change it.").ShowsAsync();
        await studio.Node("line").ClickAsync();
        await Assertions.Expect(studio.Field("The line")).ToBeDisabledAsync();
        studio.HasNoFaults();
        var refused = await studio.AnswerAsync("POST", "/workflow-definitions/looked-at/execute$", () => studio.Tool(StudioPage.RunPicture).ClickAsync());
        Assert.Equal(403, refused.Status);
        await studio.Page.GetByText("Ask an administrator for a role that allows it").ShowsAsync();
        await studio.PictureAsync();

        await studio.GoAsync("/designer");
        await studio.Row("Looked at").ShowsAsync();
        await Assertions.Expect(studio.Button("Create workflow")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_whom_to_ask()
    {
        var page = await bench.SignInAsync("nobody");
        await using var context = page.Context;
        await using var studio = new StudioPage(bench, await context.NewPageAsync());
        await studio.GoAsync("/designer");
        await studio.Page.GetByText("administrator").First.ShowsAsync();
        await studio.PictureAsync();
        Assert.Equal(0, await studio.Page.GetByText("Single-server move").CountAsync());
    }
}
