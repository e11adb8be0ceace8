using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>A page of the product in the browser, with the gestures that people make in it. What goes wrong in it unseen is kept and fails the test.</summary>
public sealed class StudioPage : IAsyncDisposable
{
    /// <summary>The picture on the button that runs a workflow.</summary>
    public const string RunPicture = "M8 5v14l11-7z";

    private readonly List<string> _faults = [];

    public StudioPage(Bench bench, IPage page)
    {
        Bench = bench;
        Page = page;
        page.Response += (_, response) => Note(response.Status >= 400, $"{response.Status} {response.Request.Method} {response.Url}");
        page.PageError += (_, error) => Note(true, error);
        page.Console += (_, message) => Note(message.Type == "error" && message.Text.Contains("Unhandled exception", StringComparison.Ordinal), message.Text);
    }

    public Bench Bench { get; }

    public IPage Page { get; }

    public ILocator Dialog => Page.Locator(".mud-dialog").Last;

    /// <summary>The refusals and errors so far.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults)
            {
                return [.. _faults];
            }
        }
    }

    public async Task GoAsync(string path) => await Page.GotoAsync(path);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Text(string text) => Page.GetByText(text, new() { Exact = true });

    public ILocator Tab(string name) => Page.Locator(".mud-tab", new() { HasTextRegex = new Regex($"^\\s*{Regex.Escape(name)}\\s*$", RegexOptions.IgnoreCase) });

    public ILocator Row(string text) => Page.Locator("tr", new() { HasText = text });

    /// <summary>A button of the designer's tool bar, which has only a picture: told by how the picture begins.</summary>
    public ILocator Tool(string picture) => Page.Locator($"#designer button.mud-icon-button:has(path[d^='{picture}'])").First;

    /// <summary>An activity on the graph.</summary>
    public ILocator Node(string id) => Page.Locator($".x6-node[data-cell-id='{id}']");

    public ILocator MenuItem(string name) => Page.Locator(".mud-popover-open .mud-menu-item", new() { HasTextRegex = new Regex($"^\\s*{Regex.Escape(name)}\\s*$") });

    public ILocator Panel(string name) => Page.Locator(".mud-expand-panel", new() { Has = Page.Locator(".mud-expand-panel-header", new() { HasText = name }) }).First;

    /// <summary>The editor of an input, told by its help text: its label belongs to no field.</summary>
    public ILocator Field(string help) => Page.Locator("#designer .mud-input-control", new() { HasText = help }).Last.Locator("input:visible").First;

    /// <summary>Opens a definition and waits until its graph is drawn.</summary>
    public async Task EditAsync(string definitionId, string firstNode)
    {
        await GoAsync($"/designer/definitions/{definitionId}");
        await Node(firstNode).ShowsAsync();
    }

    /// <summary>Waits until an activity is drawn, and the graph has been fitted to the canvas: it stays where it is after that.</summary>
    public async Task RestsAsync(string node)
    {
        await Node(node).ShowsAsync();
        await Page.Locator("#designer[data-whole]").ShowsAsync();
    }

    /// <summary>Moves the mouse as a hand does.</summary>
    public async Task DragAsync(float fromX, float fromY, float toX, float toY)
    {
        await Page.Mouse.MoveAsync(fromX, fromY);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync((fromX + toX) / 2, (fromY + toY) / 2, new() { Steps = 4 });
        await Page.Mouse.MoveAsync(toX, toY, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
    }

    /// <summary>Clicks a button until something shows: Studio draws a form anew after each save, and loses what is clicked in that instant.</summary>
    public static async Task RepeatAsync(ILocator button, ILocator result)
    {
        while (!await result.First.IsVisibleAsync())
        {
            await button.ClickAsync(new() { Force = true });
            try
            {
                await result.First.WaitForAsync(new() { Timeout = 3_000 });
            }
            catch (TimeoutException)
            {
                Assert.True(await button.IsEnabledAsync(), "the button was clicked and nothing came of it");
            }
        }
    }

    /// <summary>Waits for the answer to a call that a gesture makes.</summary>
    public async Task<IResponse> AnswerAsync(string method, string path, Func<Task> gesture)
    {
        var answer = await Page.RunAndWaitForResponseAsync(gesture, response => response.Request.Method == method && Regex.IsMatch(new Uri(response.Url).AbsolutePath, path));
        return answer;
    }

    /// <summary>Makes a gesture and waits until Studio has saved what came of it.</summary>
    public Task<IResponse> SavesAsync(Func<Task> gesture) => AnswerAsync("POST", "/elsa/api/workflow-definitions$", gesture);

    /// <summary>Keeps what the reader sees now.</summary>
    public async Task PictureAsync([CallerMemberName] string name = "")
    {
        Directory.CreateDirectory(Bench.Pictures);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Bench.Pictures, $"{name}.png") });
    }

    /// <summary>Nothing went wrong that the reader was not told of.</summary>
    public void HasNoFaults() => Assert.Empty(Faults);

    /// <summary>Closes the page, after a last picture of it: of a failed test it shows why.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var fault in Faults)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(fault);
        }

        await PictureAsync($"{TestContext.Current.TestMethod?.MethodName}-end");
        await Page.CloseAsync();
    }

    private void Note(bool isFault, string what)
    {
        if (isFault)
        {
            lock (_faults)
            {
                _faults.Add(what);
            }
        }
    }
}

/// <summary>What a reader waits to see.</summary>
internal static class Seen
{
    public static Task ShowsAsync(this ILocator what) => Assertions.Expect(what.First).ToBeVisibleAsync();

    public static Task IsGoneAsync(this ILocator what) => Assertions.Expect(what).ToHaveCountAsync(0);

    /// <summary>Waits for an address, whose path is this expression. The browser is asked again and again: a wait for the event misses one that comes while it begins to listen.</summary>
    public static Task GoesToAsync(this IPage page, string path) => Assertions.Expect(page).ToHaveURLAsync(new Regex($"^[^?#]*{path}([?#]|$)"));

    public static Task SaysAsync(this ILocator what, string text) => Assertions.Expect(what).ToContainTextAsync(text);
}
