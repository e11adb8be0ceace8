using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>An operator in front of the console: every answer is given in the browser; only what is done on machines is done beside it.</summary>
internal sealed class OperatorPage(Bench bench, IPage page)
{
    private readonly Administrator _hands = new(bench.Server);

    public IPage Page => page;

    public Administrator Hands => _hands;

    /// <summary>Signs in as somebody who has the role of an operator and no other.</summary>
    public static async Task<OperatorPage> SignInAsync(Bench bench, string name)
    {
        var page = await bench.SignInAsync(name, "operator");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).ShowsAsync();
        return new OperatorPage(bench, page);
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    public async Task GoAsync(string path)
    {
        await page.GotoAsync(path);
        await page.LivesAsync();
    }

    public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Card(string taskId) => page.Locator($"article[aria-labelledby='{taskId}-title']");

    /// <summary>Does what the open task of a move asks for, takes it and answers it with its first answer.</summary>
    public async Task AnswerAsync(string moveId, JsonObject task, Func<ILocator, Task>? before = null)
    {
        var (id, name) = (task["id"]!.GetValue<string>(), task["taskName"]!.GetValue<string>());
        await _hands.DoAsync(name);
        var card = Card(id);
        await card.ShowsAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Take it" }).ClickAsync();
        await card.GetByText("Taken by").ShowsAsync();
        if (before is not null)
        {
            await before(card);
        }

        if (_hands.FieldsFor(name) is not null)
        {
            await card.GetByLabel("SMTP password").FillAsync(await File.ReadAllTextAsync(Path.Combine(bench.DataDirectory, "lab-smtp-password.txt")));
        }

        await card.GetByLabel("Comment").FillAsync("Done by hand.");
        await card.Locator("form button").First.ClickAsync();
        await card.IsGoneAsync();
        await Eventually.TrueAsync(async () => (await _hands.GetTasksAsync(moveId)).All(open => (string?)open!["id"] != id), $"{name} stays open");
    }

    /// <summary>Answers all tasks until the move has ended, or the task of that name is open.</summary>
    public async Task<JsonObject?> PlayAsync(string moveId, string? until = null)
    {
        while (await _hands.NextTaskAsync(moveId) is { } task && (string?)task["taskName"] != until)
        {
            await AnswerAsync(moveId, task);
        }

        return await _hands.NextTaskAsync(moveId);
    }
}

/// <summary>What a reader of the console waits to see.</summary>
internal static class ConsoleSeen
{
    /// <summary>Waits until the server draws the page: before that a click does nothing.</summary>
    public static Task LivesAsync(this IPage page) => page.Locator("main[data-live]").ShowsAsync();
}
