using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Api.Tests.Rest;

namespace SpeElsa.Engine.Api.Tests.Identity;

/// <summary>The identity endpoints answer in the shapes of a real Elsa server.</summary>
public sealed class RecordedIdentityTests : IAsyncLifetime
{
    private IdentityHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IdentityHost.StartAdminAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("001-identity-login", null)]
    [InlineData("002-identity-login-wrong-password", null)]
    [InlineData("003-identity-login-empty", null)]
    [InlineData("004-identity-refresh-token", "refreshToken")]
    [InlineData("005-identity-users", "accessToken")]
    [InlineData("006-identity-roles", "accessToken")]
    [InlineData("007-identity-secrets-hash", "accessToken")]
    public async Task Answers_have_the_recorded_shape(string name, string? token)
    {
        var recording = Recording.Read(name);
        var authorization = token is null ? null : $"Bearer {(string)(await _host.LoginAsync("admin", "password"))[token]!}";

        using var response = await _host.SendAsync(new HttpMethod(recording.Method), recording.Path, authorization, recording.Body);

        Assert.Equal(recording.Status, (int)response.StatusCode);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
        Assert.Empty(Shape.Differences(recording.Answer, answer, "type", "title", "status", "detail"));
        if (name.StartsWith("003", StringComparison.Ordinal))
        {
            Assert.Equal(recording.Answer!["errors"]!.ToJsonString(), answer!["errors"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Tokens_have_the_recorded_claims_and_lifetimes()
    {
        var recorded = Recording.Read("001-identity-login").Answer!;
        var ours = await _host.LoginAsync("admin", "password");
        foreach (var name in new[] { "accessToken", "refreshToken" })
        {
            var (theirToken, ourToken) = (Payload((string)recorded[name]!), Payload((string)ours[name]!));

            Assert.Empty(Shape.Differences(theirToken, ourToken));
            foreach (var claim in theirToken.AsObject().Where(claim => claim.Value!.GetValueKind() is JsonValueKind.String))
            {
                Assert.Equal((string)claim.Value!, (string)ourToken[claim.Key]!);
            }
        }

        var access = new JsonWebToken((string)ours["accessToken"]!);
        var refresh = new JsonWebToken((string)ours["refreshToken"]!);
        Assert.Equal("HS256", access.Alg);
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromHours(2)), (access.ValidTo - access.IssuedAt, refresh.ValidTo - refresh.IssuedAt));
    }

    [Theory]
    [InlineData("008-unauthenticated-descriptors", "/probe", null)]
    [InlineData("009-bad-token-descriptors", "/probe", "Bearer not-a-token")]
    [InlineData("010-bad-apikey-descriptors", "/probe", "ApiKey nope")]
    [InlineData("036-signalr-negotiate-anonymous", "/elsa/hubs/workflow-instance", null)]
    public async Task Strangers_get_the_recorded_challenge(string name, string path, string? authorization)
    {
        using var response = await _host.SendAsync(HttpMethod.Get, path, authorization);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(RecordedChallenge(name), string.Join(", ", response.Headers.GetValues("WWW-Authenticate")));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public void A_hash_that_Elsa_made_is_verified_and_ours_has_its_form()
    {
        var recording = Recording.Read("007-identity-secrets-hash");
        var (hash, salt) = ((string)recording.Answer!["hashedSecret"]!, (string)recording.Answer["salt"]!);
        var hasher = new SecretHasher();

        Assert.True(hasher.VerifySecret((string)recording.Body!["secret"]!, hash, salt));
        Assert.False(hasher.VerifySecret("abd", hash, salt));
        Assert.False(hasher.VerifySecret("abc", "not base64", salt));
        Assert.False(hasher.VerifySecret("abc", hash, "not base64"));
        var ours = hasher.HashSecret("abc");
        Assert.Equal((hash.Length, salt.Length), (ours.Secret.Length, ours.Salt.Length));
        Assert.True(hasher.VerifySecret("abc", ours.Secret, ours.Salt));
    }

    private static JsonNode Payload(string token) => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]))!;

    private static string RecordedChallenge(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"recorded/{name}.json")!;
        return (string)JsonNode.Parse(stream)!["response"]!["headers"]!["www-authenticate"]!;
    }
}
