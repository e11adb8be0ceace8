using System.Net;
using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>The first administrator: made once, by whoever can read the data directory.</summary>
public sealed class SetUpTests
{
    [Fact]
    public async Task The_code_of_the_file_makes_one_administrator_and_is_used_up()
    {
        await using var host = await AccessHost.StartAsync();
        var code = host.Code;
        using var browser = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Redirect, await browser.GoAsync("/sign-in"));
        Assert.EndsWith("/set-up", browser.Location, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(host.DataDirectory, "set-up-link.txt")));
        }

        // What goes wrong uses nothing up.
        Assert.Equal(HttpStatusCode.OK, await SetUpAsync(browser, "guessed", "ada"));
        Assert.Contains("wrong, used or expired", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await SetUpAsync(browser, code, "ada", "short"));
        Assert.Contains("at least 12", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await SetUpAsync(browser, code, "not a name!"));
        Assert.Contains("not a name!", browser.Page, StringComparison.Ordinal);
        Assert.True(host.HasLink);

        Assert.Equal(HttpStatusCode.Redirect, await SetUpAsync(browser, code, "ada"));
        Assert.True(await browser.IsSignedInAsync());
        Assert.Contains("administrator", browser.Page, StringComparison.Ordinal);
        Assert.False(host.HasLink);

        using var second = host.OpenBrowser();
        await second.GoAsync("/set-up");
        Assert.Contains("has been set up", second.Page, StringComparison.Ordinal);
        await host.RestartAsync();
        Assert.False(host.HasLink);
        using var third = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Redirect, await third.SignInAsync("ada"));
    }

    [Fact]
    public async Task Twenty_at_once_with_the_same_code_are_one_administrator()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:AttemptsPerMinute", "1000");
        var code = host.Code;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            using var browser = host.OpenBrowser();
            return await browser.GoAsync("/set-up") is HttpStatusCode.OK && browser.Page.Contains("_handler", StringComparison.Ordinal)
                ? await browser.SubmitShownAsync("/set-up", "set-up", Fields(code, $"ada{number}"))
                : HttpStatusCode.Gone;
        }));

        Assert.Single(answers, answer => answer is HttpStatusCode.Redirect);
        Assert.Equal(1, await host.WithAccountsAsync((_, database) => database.Users.CountAsync()));
    }

    [Fact]
    public async Task A_code_that_has_expired_or_is_of_an_earlier_start_makes_nobody()
    {
        await using var host = await AccessHost.StartAsync();
        var earlier = host.Code;
        await host.RestartAsync();
        using var browser = host.OpenBrowser();
        Assert.NotEqual(earlier, host.Code);
        await SetUpAsync(browser, earlier, "ada");
        Assert.Contains("wrong, used or expired", browser.Page, StringComparison.Ordinal);

        await host.WithAccountsAsync(async (_, database) =>
        {
            (await database.SetUpLinks.SingleAsync()).ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            return await database.SaveChangesAsync();
        });
        await SetUpAsync(browser, host.Code, "ada");
        Assert.Contains("wrong, used or expired", browser.Page, StringComparison.Ordinal);
        Assert.Equal(0, await host.WithAccountsAsync((_, database) => database.Users.CountAsync()));
    }

    private static Task<HttpStatusCode> SetUpAsync(Browser browser, string code, string name, string password = AccessHost.Password) =>
        browser.SubmitAsync("/set-up", "set-up", Fields(code, name, password));

    private static (string, string)[] Fields(string code, string name, string password = AccessHost.Password) =>
        [("Input.Code", code), ("Input.Name", name), ("Input.Password", password), ("Input.Again", password)];
}
