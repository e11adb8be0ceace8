using System.Text.Json.Nodes;

namespace SpeElsa.MailStore.Tests;

public sealed class SecurityTests
{
    private const string Normal = "normal-canary-1";
    private const string Api = "api-canary-2";
    private const string Smtp = "smtp \"canary\" 3";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_self_signed_certificate_is_accepted_only_by_its_thumbprint()
    {
        await using var server = await StubServer.WithResultAsync("null");
        foreach (var pin in new[] { StubServer.Sha1, StubServer.Sha256, StubServer.Sha1.ToLowerInvariant(), Spaced(StubServer.Sha1) })
        {
            using var client = server.Client(thumbprint: pin);
            await client.PingAsync(Token);
        }
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused_before_a_password_is_sent()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client(thumbprint: new string('A', 40));

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.CertificateMismatch, failure.Failure);
        Assert.Contains("put this one into the Thumbprint of its ManagementApi", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
        Assert.Contains(StubServer.Sha256, failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_self_signed_certificate_without_a_pin_is_refused()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = new ManagementApiClient(new ManagementApiConnection(server.Address, "speelsa", _ => new(Normal)));

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.CertificateMismatch, failure.Failure);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234")]
    [InlineData("not a thumbprint")]
    public void A_thumbprint_that_is_none_is_refused_at_once(string thumbprint) =>
        Assert.Throws<ArgumentException>(() => new ManagementApiClient(
            new ManagementApiConnection(new Uri("https://spe-old.lab.example:8474"), "admin", _ => new("x"), Thumbprint: thumbprint)));

    [Fact]
    public async Task The_API_password_is_tried_first_and_the_normal_one_after_a_401()
    {
        await using var server = await OnlyAsync(Normal);
        using var client = server.Client(Normal, Api);

        await client.PingAsync(Token);
        await client.PingAsync(Token);

        Assert.Equal([$"speelsa:{Api}", $"speelsa:{Normal}", $"speelsa:{Normal}"], server.Requests.Select(request => request.Credentials));
    }

    [Fact]
    public async Task When_MFA_is_switched_on_again_the_API_password_is_found_again()
    {
        var valid = Normal;
        await using var server = await StubServer.StartAsync(
            request => request.Credentials == $"speelsa:{valid}" ? StubAnswer.Succeeded("null") : new StubAnswer(401, ""));
        using var client = server.Client(Normal, Api);
        await client.PingAsync(Token);

        valid = Api;
        await client.PingAsync(Token);
        await client.PingAsync(Token);

        Assert.Equal($"speelsa:{Api}", server.Requests.Last().Credentials);
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task Passwords_are_not_tried_more_than_once_each()
    {
        await using var server = await OnlyAsync("something else");
        using var client = server.Client(Normal, Api);

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.Unauthorized, failure.Failure);
        Assert.Contains("Check the stored one", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_quotes_its_input_gives_no_secret_away()
    {
        await using var server = await StubServer.StartAsync(request =>
            StubAnswer.Failed($"Bad input: {request.Form["config"]} of {request.Credentials}", $"{request.Body} {Smtp}"));
        var logger = new CollectingLogger<ManagementApiClient>();
        using var client = server.Client(Normal, logger: logger);

        var failure = await Assert.ThrowsAsync<ManagementApiException>(
            () => client.SetSystemSmtpConfigurationAsync(new JsonObject { ["host"] = "mail.lab.example", ["password"] = Smtp }, Token));

        Assert.Contains("mail.lab.example", failure.Message, StringComparison.Ordinal);
        Assert.Contains("***", failure.Message, StringComparison.Ordinal);
        var told = failure + failure.Details + string.Concat(logger.Lines);
        Assert.DoesNotContain("canary", told, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(logger.Lines);
    }

    [Fact]
    public async Task No_secret_is_told_when_every_call_goes_wrong()
    {
        var logger = new CollectingLogger<ManagementApiClient>();
        var told = new List<string>();
        foreach (var answer in new[] { new StubAnswer(401, ""), new StubAnswer(500, "x"), new StubAnswer(
            404, ""), StubAnswer.Broken, new StubAnswer(200, "?") })
        {
            await using var server = await StubServer.StartAsync(_ => answer);
            using var client = server.Client(Normal, Api, logger: logger);
            told.Add((await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token))).ToString());
        }

        Assert.DoesNotContain("canary", string.Concat(told) + string.Concat(logger.Lines), StringComparison.OrdinalIgnoreCase);
    }

    private static Task<StubServer> OnlyAsync(string password) => StubServer.StartAsync(
        request => request.Credentials == $"speelsa:{password}" ? StubAnswer.Succeeded("null") : new StubAnswer(401, ""));

    private static string Spaced(string thumbprint) => "\u200e" + string.Join(' ', thumbprint.Chunk(2).Select(pair => new string(pair)));
}
