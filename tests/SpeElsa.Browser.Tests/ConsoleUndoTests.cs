using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>The way back from the middle of a move, in the console.</summary>
public sealed class ConsoleUndoTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task The_old_server_is_brought_back_from_the_middle()
    {
        Assert.SkipWhen(bench.Missing is not null, bench.Missing ?? "");
        var person = await OperatorPage.SignInAsync(bench, "n.otto");
        var moveId = await person.Hands.StartMoveAsync();
        await person.Hands.PlayAsync(moveId, until: "install");
        await person.GoAsync($"/moves/{moveId}");
        await person.Page.Locator(".facts").SaysAsync("Services down");
        await person.Button("Set a window").ClickAsync();
        await person.Page.GetByLabel("Services may be down").FillAsync("90");
        await person.Button("Set the window").ClickAsync();
        await person.Page.GetByText("of 90 minutes").ShowsAsync();
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Undo…" }).ClickAsync();
        await person.Page.GetByText("Stop and disable the services of spe-new").First.ShowsAsync();
        await Bench.KeepAsync(person.Page, "console-undo-preview");

        await person.Button("Bring spe-old back").ClickAsync();
        await person.Page.GetByLabel("Why").FillAsync("The window is over.");
        await person.Button("Start the undo").ClickAsync();
        await person.Page.GoesToAsync($"/moves/undo{moveId}");
        await person.PlayAsync($"undo{moveId}");

        await person.Page.Locator(".standing").SaysAsync("Finished");
        await person.GoAsync($"/moves/{moveId}");
        await person.Page.Locator(".standing").SaysAsync("Aborted");
        await person.Page.GetByText("It is undone by").ShowsAsync();
    }
}
