using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Server.Tests.Harness;

[assembly: AssemblyFixture(typeof(SpeElsa.Browser.Tests.Harness.Bench))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>One server, one browser and one signed-in administrator for all gestures. Pictures of what was seen go to the folder <see cref="Pictures"/>.</summary>
public sealed class Bench : IAsyncLifetime
{
    private const string Password = "a long pass phrase";
    private static readonly string[] Names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly string? _missing;
    private IPlaywright? _playwright;
    private ServerProcess? _server;
    private IBrowserContext? _context;

    public Bench()
    {
        var folder = typeof(Bench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ServerFolder").Value!;
        ServerProcess.ProgramFolder = folder;
        _missing =
            !Names.Any(File.Exists) ? "There is no Chromium on this machine. Install it ('apt-get install chromium'), then run the tests again."
            : !Directory.Exists(Path.Combine(folder, "designer", "_framework")) ? "The server was built without the designer. Install Node.js 20 or newer with npm and build again."
            : null;
    }

    /// <summary>Beside the test program, never in the repository.</summary>
    public static string Pictures { get; } = Path.Combine(AppContext.BaseDirectory, "TestResults", "screenshots");

    /// <summary>What this machine lacks, or nothing.</summary>
    public string? Missing => _missing;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address => _server!.Address;

    public HttpClient Client => _server!.Client;

    public string DataDirectory => _server!.DataDirectory;

    internal ServerProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        if (_missing is not null)
        {
            return;
        }

        _server = await ServerProcess.StartAsync(("Serilog__MinimumLevel__Default", "Warning"));
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Names.First(File.Exists), Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        _context = await NewContextAsync();
        await SetUpAsync(_context);
    }

    /// <summary>A page of the signed-in administrator, or the reason why there is none.</summary>
    public async Task<StudioPage> OpenAsync(string path)
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        var page = new StudioPage(this, await _context!.NewPageAsync());
        await page.GoAsync(path);
        return page;
    }

    /// <summary>A browser window of its own, signed in as somebody or as nobody.</summary>
    public async Task<IBrowserContext> NewContextAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool signedIn = false)
    {
        Assert.SkipWhen(_missing is not null, _missing ?? "");
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            AcceptDownloads = true,
            StorageState = signedIn ? await _context!.StorageStateAsync() : null,
        });
        context.SetDefaultTimeout(30_000);
        return context;
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

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task SetUpAsync(IBrowserContext context)
    {
        var code = (await File.ReadAllLinesAsync(Path.Combine(DataDirectory, "set-up-link.txt")))[1];
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
