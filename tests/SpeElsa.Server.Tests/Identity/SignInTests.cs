using System.Net;
using System.Text.RegularExpressions;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>Sign-in, second step, lock-out, sessions.</summary>
public sealed partial class SignInTests
{
    [Fact]
    public async Task A_page_sends_strangers_to_the_sign_in_and_back_and_an_API_never_redirects()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("ada", ServerRoles.Viewer);
        using var browser = host.OpenBrowser();

        Assert.Equal(HttpStatusCode.Redirect, await browser.GoAsync("/designer/instances?x=1"));
        Assert.EndsWith("/sign-in?returnUrl=%2Fdesigner%2Finstances%3Fx%3D1", browser.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await browser.SubmitAsync(browser.Location!, "sign-in", ("Input.Name", "ADA"), ("Input.Password", AccessHost.Password)));
        Assert.EndsWith("/designer/instances?x=1", browser.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.GoAsync("/designer/instances"));

        using var stranger = host.OpenBrowser();
        foreach (var path in new[] { "/api/moves", "/elsa/api/workflow-definitions", "/health/ready", "/openapi/v1.json" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await stranger.GoAsync(path));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.CallAsync(HttpMethod.Post, "/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1")).Status);
        Assert.Equal(HttpStatusCode.Redirect, await stranger.GoAsync("/nowhere"));
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("/.//evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("designer", "/")]
    [InlineData("", "/")]
    [InlineData("/designer?next=//x", "/designer?next=//x")]
    public void A_sign_in_leads_to_this_server_only(string returnUrl, string expected) => Assert.Equal(expected, SignInPaths.Local(returnUrl));

    [Fact]
    public async Task A_wrong_return_address_ends_at_the_front_page()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("ada", ServerRoles.Viewer);
        using var browser = host.OpenBrowser();

        Assert.Equal(HttpStatusCode.Redirect, await browser.SignInAsync("ada", returnUrl: "//evil.example/"));
        Assert.Equal(new Uri(host.Address, "/"), new Uri(host.Address, browser.Location));
    }

    [Fact]
    public async Task Wrong_passwords_lock_an_account_out_for_pages_and_tokens_and_an_administrator_lets_it_in_again()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:LockOutAfter", "3");
        var id = await host.AddUserAsync("ada", ServerRoles.Viewer);
        using var browser = host.OpenBrowser();
        await browser.SignInAsync("ada", "wrong one");
        var unknown = browser.Page;
        await browser.SignInAsync("nobody", "wrong one");
        Assert.Equal(Alert().Match(unknown).Value, Alert().Match(browser.Page).Value);
        await browser.SignInAsync("ada", "wrong two");
        Assert.False((bool)(await host.LoginAsync("ada", "wrong three"))["isAuthenticated"]!);

        Assert.Equal(HttpStatusCode.OK, await browser.SignInAsync("ada"));
        Assert.False((bool)(await host.LoginAsync("ada"))["isAuthenticated"]!);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Put, $"/elsa/api/identity/users/{id}", host.ApiKey, new { password = "another long secret" }));
        Assert.Equal(HttpStatusCode.Redirect, await browser.SignInAsync("ada", "another long secret"));
    }

    [Fact]
    public async Task The_second_step_is_asked_for_once_it_is_set_up_and_recovery_codes_work_once()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:LockOutAfter", "4", "--SignIn:AttemptsPerMinute", "1000");
        await host.AddUserAsync("ada", ServerRoles.Operator);
        using var browser = host.OpenBrowser();
        await browser.SignInAsync("ada");
        await browser.SubmitAsync("/account", "app-new");
        Assert.Contains("<svg", browser.Page, StringComparison.Ordinal);
        var key = Key().Match(browser.Page).Groups["key"].Value;
        await browser.SubmitAsync("/account", "app-on", ("Confirm.Code", "000000"));
        Assert.Contains("The code is wrong", browser.Page, StringComparison.Ordinal);
        await browser.SubmitAsync("/account", "app-on", ("Confirm.Code", AuthenticatorApp.CodeOf(key)));
        var codes = RecoveryCode().Matches(browser.Page).Select(match => match.Groups["code"].Value).ToArray();
        Assert.Equal(10, codes.Length);
        Assert.True(await browser.IsSignedInAsync());
        Assert.DoesNotContain(codes[0], browser.Page, StringComparison.Ordinal);

        // A password alone opens neither pages nor tokens.
        using var second = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Redirect, await second.SignInAsync("ada", returnUrl: "/designer"));
        Assert.Contains("/sign-in/code?returnUrl=%2Fdesigner", second.Location, StringComparison.Ordinal);
        Assert.False(await second.IsSignedInAsync());
        Assert.False((bool)(await host.LoginAsync("ada"))["isAuthenticated"]!);
        var page = "/sign-in/code?returnUrl=%2Fdesigner";
        Assert.Equal(HttpStatusCode.OK, await second.SubmitAsync(page, "code", ("Input.Code", "123 456")));
        Assert.Equal(HttpStatusCode.Redirect, await second.SubmitAsync(page, "code", ("Input.Code", AuthenticatorApp.CodeOf(key))));
        Assert.EndsWith("/designer", second.Location, StringComparison.Ordinal);
        Assert.True(await second.IsSignedInAsync());

        using var third = host.OpenBrowser();
        await third.SignInAsync("ada");
        Assert.Equal(HttpStatusCode.Redirect, await third.SubmitAsync("/sign-in/code", "code", ("Input.Code", codes[0])));
        using var fourth = host.OpenBrowser();
        await fourth.SignInAsync("ada");
        Assert.Equal(HttpStatusCode.OK, await fourth.SubmitAsync("/sign-in/code", "code", ("Input.Code", codes[0])));

        // Codes that are guessed lock out too.
        for (var guess = 0; guess < 4; guess++)
        {
            await fourth.SubmitShownAsync("/sign-in/code", "code", ("Input.Code", $"guess-{guess}"));
        }

        Assert.Equal(HttpStatusCode.OK, await fourth.SubmitShownAsync("/sign-in/code", "code", ("Input.Code", codes[1])));
    }

    [Fact]
    public async Task The_second_step_is_switched_off_and_codes_are_renewed_with_the_password_only()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:AttemptsPerMinute", "1000");
        await host.AddUserAsync("ada", ServerRoles.Operator);
        using var browser = host.OpenBrowser();
        await browser.SignInAsync("ada");
        await browser.SubmitAsync("/account", "app-new");
        await browser.SubmitAsync("/account", "app-on", ("Confirm.Code", AuthenticatorApp.CodeOf(Key().Match(browser.Page).Groups["key"].Value)));
        var first = RecoveryCode().Match(browser.Page).Groups["code"].Value;

        await browser.SubmitAsync("/account", "codes", ("Confirm.Password", "wrong"));
        Assert.Empty(RecoveryCode().Matches(browser.Page));
        await browser.SubmitAsync("/account", "codes", ("Confirm.Password", AccessHost.Password));
        Assert.Equal(10, RecoveryCode().Count(browser.Page));
        Assert.DoesNotContain(first, browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.SubmitAsync("/account", "app-off", ("Confirm.Password", "wrong")));
        Assert.Equal(HttpStatusCode.Redirect, await browser.SubmitAsync("/account", "app-off", ("Confirm.Password", AccessHost.Password)));

        using var second = host.OpenBrowser();
        await second.SignInAsync("ada");
        Assert.True(await second.IsSignedInAsync());
        await second.GoAsync("/account");
        Assert.Contains("It is off", second.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_and_signing_out_everywhere_end_other_sessions_and_tokens()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:AttemptsPerMinute", "1000");
        await host.AddUserAsync("ada", ServerRoles.Viewer);
        using var here = host.OpenBrowser();
        using var there = host.OpenBrowser();
        await here.SignInAsync("ada");
        await there.SignInAsync("ada");
        var tokens = await host.LoginAsync("ada");
        var bearer = $"Bearer {(string)tokens["accessToken"]!}";
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/api/moves", bearer));

        await here.SubmitAsync("/account", "password", Change("wrong", "another long secret"));
        Assert.Contains("The password is wrong", here.Page, StringComparison.Ordinal);
        await here.SubmitAsync("/account", "password", Change(AccessHost.Password, "short"));
        Assert.Contains("at least 12", here.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await here.SubmitAsync("/account", "password", Change(AccessHost.Password, "another long secret")));
        Assert.True(await here.IsSignedInAsync());
        Assert.False(await there.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/api/moves", bearer));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/refresh-token", $"Bearer {(string)tokens["refreshToken"]!}"));

        await there.SignInAsync("ada", "another long secret");
        Assert.Equal(HttpStatusCode.Redirect, await here.SubmitAsync("/account", "everywhere"));
        Assert.False(await here.IsSignedInAsync());
        Assert.False(await there.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_needs_the_button_of_the_page()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("ada", ServerRoles.Viewer);
        using var browser = host.OpenBrowser();
        await browser.SignInAsync("ada");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.CallAsync(HttpMethod.Post, "/sign-out")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.CallAsync(HttpMethod.Post, "/sign-out", ("Sec-Fetch-Site", "same-origin"))).Status);
        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.Redirect, await browser.SignOutAsync(host.Address));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Who_tries_too_often_waits()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:AttemptsPerMinute", "3");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.False((bool)(await host.LoginAsync("nobody"))["isAuthenticated"]!);
        }

        using var refused = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/login", null, new { username = "nobody", password = "x" });
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/api/moves", host.ApiKey));
    }

    [Fact]
    public async Task Who_sends_answers_without_end_waits_and_still_sees_what_there_is()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:SignalsPerMinute", "3");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await host.StatusAsync(HttpMethod.Post, "/api/tasks/m-ask-1/complete", host.ApiKey, new { completedBy = "j.doe" }));
        }

        using var refused = await host.SendAsync(HttpMethod.Post, "/elsa/api/events/go/trigger", host.ApiKey, new { });
        var workflow = await host.StatusAsync(HttpMethod.Get, "/workflows/any", host.ApiKey);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (refused.StatusCode, workflow));
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/api/tasks", host.ApiKey));
    }

    private static (string, string)[] Change(string password, string newPassword) =>
        [("Confirm.Password", password), ("Confirm.NewPassword", newPassword), ("Confirm.Again", newPassword)];

    [GeneratedRegex("role=\"alert\">[^<]*<")]
    private static partial Regex Alert();

    [GeneratedRegex("<p><code>(?<key>[A-Z2-7]{16,})</code></p>")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>(?<code>[A-Za-z0-9-]+)</code></li>")]
    private static partial Regex RecoveryCode();
}
