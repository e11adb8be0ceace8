using System.Net;
using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>People whom a provider of OpenID Connect vouches for.</summary>
public sealed class OpenIdTests
{
    [Fact]
    public async Task Whom_the_provider_vouches_for_gets_an_account_with_the_role_it_says_at_each_sign_in()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var host = await OpenAsync(provider);
        await host.AddUserAsync("root", "administrator");
        provider.Add("4711", "anna", "SPE operators");
        provider.AtTheKeyboard = "4711";

        using var first = host.OpenBrowser();
        var end = await SignInAsync(first, "/account");
        var asOperator = await first.CallAsync(HttpMethod.Get, "/api/moves");
        await first.GoAsync("/account");
        var account = first.Page;
        provider.Add("4711", "anna.new-name", "SPE readers");
        using var second = host.OpenBrowser();
        await SignInAsync(second);
        await second.GoAsync("/account");

        Assert.Equal("/account", end);
        Assert.Equal(HttpStatusCode.OK, asOperator.Status);
        Assert.Contains("Roles: operator", account, StringComparison.Ordinal);
        Assert.Contains("single sign-on", account, StringComparison.Ordinal);
        Assert.DoesNotContain("Change the password", account, StringComparison.Ordinal);
        Assert.Contains("Roles: viewer", second.Page, StringComparison.Ordinal);
        Assert.False(await first.IsSignedInAsync());
        Assert.Equal(["anna", "root"], await host.WithAccountsAsync((_, database) => database.Users.Select(user => user.UserName!).Order().ToListAsync()));
        using var audit = await host.SendAsync(HttpMethod.Get, "/api/audit?path=/sign-in/openid", host.ApiKey);
        Assert.Contains("anna", await audit.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_no_role_here_or_somebody_elses_name_or_says_no_is_told_why_and_stays_out()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var host = await OpenAsync(provider);
        provider.Add("1", "eve", "SPE operators");
        provider.Add("2", "root", "SPE operators");
        provider.Add("3", "nobody", "cooks");

        provider.AtTheKeyboard = "1";
        using (var tooEarly = host.OpenBrowser())
        {
            await tooEarly.GoAsync(await SignInAsync(tooEarly));
            Assert.EndsWith("/set-up", tooEarly.Location, StringComparison.Ordinal);
            Assert.False(await tooEarly.IsSignedInAsync());
        }

        await host.AddUserAsync("root", "administrator");
        Assert.Contains("There is an account 'root' already", await RefusalAsync(host, provider, "2"), StringComparison.Ordinal);
        Assert.Contains("gives you a role here", await RefusalAsync(host, provider, "3"), StringComparison.Ordinal);
        Assert.Contains("did not succeed", await RefusalAsync(host, provider, null), StringComparison.Ordinal);
        Assert.Equal(["root"], await host.WithAccountsAsync((_, database) => database.Users.Select(user => user.UserName!).ToListAsync()));
    }

    [Fact]
    public async Task What_a_link_says_in_the_name_of_the_server_is_not_shown()
    {
        await using var provider = await OpenIdProvider.StartAsync();
        await using var host = await OpenAsync(provider);
        await host.AddUserAsync("root", "administrator");
        using var browser = host.OpenBrowser();

        await browser.GoAsync("/sign-in?refused=Call%20555-0100%20and%20tell%20your%20password");

        Assert.Contains("Sign in with the company", browser.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("Call 555-0100 and tell", browser.Page, StringComparison.Ordinal);
    }

    private static async Task<AccessHost> OpenAsync(OpenIdProvider provider)
    {
        var host = await AccessHost.StartAsync(
            "--SignIn:OpenId:Authority", provider.Issuer,
            "--SignIn:OpenId:ClientId", OpenIdProvider.ClientId,
            "--SignIn:OpenId:ClientSecret", "openid",
            "--SignIn:OpenId:Label", "Sign in with the company",
            "--SignIn:OpenId:Roles:SPE operators", "operator",
            "--SignIn:OpenId:Roles:SPE readers", "viewer");
        Assert.True((await host.StatusAsync(HttpMethod.Put, "/api/secrets/openid", host.ApiKey, new { value = OpenIdProvider.ClientSecret })) is HttpStatusCode.NoContent or HttpStatusCode.OK);
        return host;
    }

    /// <summary>Follows the sign-in from the button to where it ends, between server and provider.</summary>
    private static async Task<string> SignInAsync(Browser browser, string returnUrl = "/")
    {
        var next = $"/sign-in/openid?returnUrl={Uri.EscapeDataString(returnUrl)}";
        for (var steps = 0; steps < 6; steps++)
        {
            var status = await browser.GoAsync(next);
            if (status != HttpStatusCode.Redirect || next.Contains("/done", StringComparison.Ordinal) || browser.Location!.StartsWith("/sign-in?", StringComparison.Ordinal))
            {
                break;
            }

            next = browser.Location!;
        }

        return browser.Location!;
    }

    private static async Task<string> RefusalAsync(AccessHost host, OpenIdProvider provider, string? subject)
    {
        provider.AtTheKeyboard = subject;
        using var browser = host.OpenBrowser();
        await browser.GoAsync(await SignInAsync(browser));
        var page = browser.Page;
        Assert.False(await browser.IsSignedInAsync());
        return page;
    }
}
