using System.Net.Http.Json;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>Who may not design looks at workflows, or is told who may.</summary>
public sealed class RightsTests(Bench bench) : IClassFixture<Bench>
{
    private const string Password = "another long pass phrase";

    [Fact]
    public async Task A_viewer_looks_at_a_workflow_and_changes_nothing()
    {
        await bench.SaveAsync(Workflows.Writing("looked-at", "Looked at"));
        await using var context = await SignedInAsync("viewer", "viewer");
        await using var studio = new StudioPage(bench, await context.NewPageAsync());
        await studio.EditAsync("looked-at", "line");
        await studio.Page.GetByText("You may look at this workflow, but not change it.").ShowsAsync();
        await studio.Node("line").ClickAsync();
        await Assertions.Expect(studio.Field("The line")).ToBeDisabledAsync(new() { Timeout = 30_000 });
        studio.HasNoFaults();
        var refused = await studio.AnswerAsync("POST", "/workflow-definitions/looked-at/execute$", () => studio.Tool(StudioPage.RunPicture).ClickAsync());
        Assert.Equal(403, refused.Status);
        await studio.Page.GetByText("Ask an administrator for a role that allows it").ShowsAsync();
        await studio.PictureAsync();

        await studio.GoAsync("/designer");
        await studio.Row("Looked at").ShowsAsync();
        await Assertions.Expect(studio.Button("Create workflow")).ToBeDisabledAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Somebody_without_a_role_is_told_whom_to_ask()
    {
        await using var context = await SignedInAsync("nobody");
        await using var studio = new StudioPage(bench, await context.NewPageAsync());
        await studio.GoAsync("/designer");
        await studio.Page.GetByText("administrator").First.ShowsAsync();
        await studio.PictureAsync();
        Assert.Equal(0, await studio.Page.GetByText("Single-server move").CountAsync());
    }

    private async Task<IBrowserContext> SignedInAsync(string name, params string[] roles)
    {
        var context = await bench.NewContextAsync();
        using var answer = await bench.Client.PostAsJsonAsync("/elsa/api/identity/users", new { name, password = Password, roles });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        await page.CloseAsync();
        return context;
    }
}
