using System.Reflection;
using Microsoft.Playwright;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Browser.Tests.Harness;

/// <summary>The system's browser, started once for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Milliseconds. Long, because it only says how long a test that fails takes.</summary>
    public const float Patience = 120_000;

    private static readonly string[] Names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;

    public Chromium()
    {
        var folder = typeof(Chromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ServerFolder").Value!;
        ServerProcess.ProgramFolder = folder;
        Missing =
            !Names.Any(File.Exists) ? "There is no Chromium on this machine. Install it ('apt-get install chromium'), then run the tests again."
            : !Directory.Exists(Path.Combine(folder, "designer", "_framework")) ? "The server was built without the designer. Install Node.js 20 or newer with npm and build again."
            : null;
    }

    /// <summary>What this machine lacks, or nothing.</summary>
    public string? Missing { get; }

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright = await Playwright.CreateAsync();
            Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Names.First(File.Exists), Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
