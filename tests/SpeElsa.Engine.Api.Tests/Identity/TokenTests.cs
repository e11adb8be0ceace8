using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Elsa.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SpeElsa.Engine.Api.Tests.Identity;

/// <summary>What a token opens, and what it does not.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task A_token_opens_the_API_until_it_expires_and_a_refresh_token_only_buys_new_ones()
    {
        await using var host = await IdentityHost.StartAdminAsync();
        var tokens = await host.LoginAsync("ADMIN", "password");
        var (access, refresh) = ($"Bearer {(string)tokens["accessToken"]!}", $"Bearer {(string)tokens["refreshToken"]!}");

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", access));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", refresh));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/refresh-token", access));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/refresh-token"));

        host.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", access));
        var renewed = await host.AskAsync(HttpMethod.Post, "refresh-token", refresh);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", $"Bearer {(string)renewed["accessToken"]!}"));

        host.Clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/refresh-token", refresh));
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.OK)]
    [InlineData("audience", HttpStatusCode.Unauthorized)]
    [InlineData("issuer", HttpStatusCode.Unauthorized)]
    [InlineData("key", HttpStatusCode.Unauthorized)]
    [InlineData("algorithm", HttpStatusCode.Unauthorized)]
    [InlineData("signature", HttpStatusCode.Unauthorized)]
    [InlineData("use", HttpStatusCode.Unauthorized)]
    [InlineData("start", HttpStatusCode.Unauthorized)]
    public async Task A_token_opens_the_API_only_if_all_of_it_is_ours(string different, HttpStatusCode expected)
    {
        await using var host = await IdentityHost.StartAdminAsync();
        var now = host.Clock.GetUtcNow().UtcDateTime;
        var key = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(different == "key" ? new string('k', 64) : IdentityHost.SigningKey));
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = different == "issuer" ? "http://other" : "http://elsa.api",
            Audience = different == "audience" ? "http://other" : "http://elsa.api",
            NotBefore = different == "start" ? now.AddMinutes(10) : now,
            Expires = now.AddHours(1),
            Claims = new Dictionary<string, object> { ["name"] = "admin", ["permissions"] = "*", ["token_use"] = different == "use" ? "id" : "access" },
            SigningCredentials = different == "signature" ? null : new SigningCredentials(key, different == "algorithm" ? SecurityAlgorithms.HmacSha384 : SecurityAlgorithms.HmacSha256),
        });

        Assert.Equal(expected, await host.StatusAsync(HttpMethod.Get, "/probe", $"Bearer {token}"));
    }

    [Fact]
    public async Task The_query_carries_a_token_on_hubs_only()
    {
        await using var host = await IdentityHost.StartAdminAsync();
        var token = (string)(await host.LoginAsync("admin", "password"))["accessToken"]!;

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, $"/elsa/hubs/workflow-instance?access_token={token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/elsa/hubs/workflow-instance?access_token=guessed"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, $"/probe?access_token={token}"));
    }

    [Theory]
    [InlineData("", "0 characters")]
    [InlineData("too-short-to-sign-with", "22 characters")]
    [InlineData("long enough, but hardly what ASCII is: äöüäöüäöüäöü", "ASCII")]
    public async Task A_signing_key_that_can_be_guessed_stops_the_start_and_is_not_printed(string key, string expected)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            IdentityHost.StartAsync(elsa => elsa.UseIdentity(key).UseIdentity(identity => identity.UseAdminUserProvider()).UseDefaultAuthentication()));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.True(key.Length == 0 || !exception.Message.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Issuer_audience_and_lifetime_are_the_hosts()
    {
        await using var host = await IdentityHost.StartAsync(elsa => elsa
            .UseIdentity(IdentityHost.SigningKey, "https://issuer.example", "https://audience.example", TimeSpan.FromMinutes(5))
            .UseIdentity(identity => identity.UseAdminUserProvider())
            .UseDefaultAuthentication());

        var tokens = await host.LoginAsync("admin", "password");
        var access = new JsonWebToken((string)tokens["accessToken"]!);

        Assert.Equal(("https://issuer.example", "https://audience.example"), (access.Issuer, access.Audiences.Single()));
        Assert.Equal(TimeSpan.FromMinutes(5), access.ValidTo - access.IssuedAt);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", $"Bearer {access.EncodedToken}"));
    }

    [Fact]
    public async Task Bodies_that_are_no_sign_in_are_refused()
    {
        await using var host = await IdentityHost.StartAdminAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/login"));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/login", null, new JsonArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/login", null, new JsonObject { ["username"] = 1, ["password"] = true }));
    }
}
