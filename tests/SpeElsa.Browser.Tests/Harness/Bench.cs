using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

[assembly: AssemblyFixture(typeof(SpeElsa.Browser.Tests.Harness.Chromium))]

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>A server of its own and a signed-in administrator for the gestures of one class. Pictures of what was seen go to the folder <see cref="Pictures"/>.</summary>
public sealed class Bench(Chromium chromium) : IAsyncLifetime
{
    private const string Password = "a long pass phrase";
    private ServerProcess? _server;
    private IBrowserContext? _context;

    /// <summary>Beside the test program, never in the repository.</summary>
    public static string Pictures { get; } = Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots");

    /// <summary>What this machine lacks, or nothing.</summary>
    public string? Missing => chromium.Missing;

    public Uri Address => _server!.Address;

    public HttpClient Client => _server!.Client;

    public string DataDirectory => _server!.DataDirectory;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        _server = await ServerProcess.StartAsync(("Serilog__MinimumLevel__Default", "Warning"), ("Mail__PasswordSecret", "mail-password"));
        _context = await NewContextAsync();
        await SetUpAsync(_context);
    }

    /// <summary>A page of the signed-in administrator, or the reason why there is none.</summary>
    public async Task<StudioPage> OpenAsync(string path)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var page = new StudioPage(this, await _context!.NewPageAsync());
        await page.GoAsync(path);
        return page;
    }

    /// <summary>A browser window of its own, signed in as somebody or as nobody.</summary>
    public async Task<IBrowserContext> NewContextAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool signedIn = false)
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        var context = await chromium.Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            AcceptDownloads = true,
            StorageState = signedIn ? await _context!.StorageStateAsync() : null,
        });
        context.SetDefaultTimeout(Chromium.Patience);
        return context;
    }

    /// <summary>Keeps what the reader sees now.</summary>
    public static async Task KeepAsync(IPage page, string name, bool fullPage = false)
    {
        Directory.CreateDirectory(Pictures);
        await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}.png"), FullPage = fullPage });
    }

    /// <summary>Makes an account with these roles, and a browser window of its own in which it is signed in. Whoever asks disposes of the page's context.</summary>
    public async Task<IPage> SignInAsync(string name, params string[] roles)
    {
        var context = await NewContextAsync();
        using var answer = await Client.PostAsJsonAsync("/elsa/api/identity/users", new { name, password = Password, roles });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        return page;
    }

    /// <summary>Saves a definition through the API, as an editor of before.</summary>
    public async Task<JsonObject> SaveAsync(JsonObject model, bool publish = true)
    {
        using var answer = await Client.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = publish });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["workflowDefinition"]!.AsObject();
    }

    public async Task<JsonObject> GetAsync(string path) => (await Client.GetFromJsonAsync<JsonObject>($"/elsa/api/{path}"))!;

    /// <summary>The newest version of a definition, as an editor reads it.</summary>
    public Task<JsonObject> LatestAsync(string definitionId) => GetAsync($"workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task SetUpAsync(IBrowserContext context)
    {
        // It is written when the server is up.
        var link = Path.Combine(DataDirectory, "set-up-link.txt");
        var code = (await Eventually.GetAsync(
            async () => File.Exists(link) ? await File.ReadAllLinesAsync(link) : [], lines => lines.Length > 1, _ => "there is no link to set the server up"))[1];
        var page = await context.NewPageAsync();
        await page.GotoAsync("/set-up");
        await page.GetByLabel("Code").FillAsync(code);
        await page.GetByLabel("Your name").FillAsync("admin");
        await page.GetByLabel("Password, at least").FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the administrator" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        await page.CloseAsync();
    }
}
