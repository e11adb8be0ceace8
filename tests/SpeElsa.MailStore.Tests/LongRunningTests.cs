namespace SpeElsa.MailStore.Tests;

public sealed class LongRunningTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_call_is_asked_for_until_it_ends()
    {
        var version = 0;
        await using var server = await StubServer.StartAsync(request => request.Path switch
        {
            "/api/get-status" when ++version < 3 => StubAnswer.Running("t-1", version),
            "/api/get-status" => StubAnswer.Succeeded("42"),
            _ => StubAnswer.Running("t-1", 0),
        });
        using var client = server.Client();

        var result = await client.InvokeAsync("CompactStore", new Dictionary<string, string?>(), Token);

        Assert.Equal(42, result.GetInt32());
        var questions = server.Requests.Where(request => request.Path == "/api/get-status").Select(request => request.Form).ToList();
        Assert.Equal(["0", "1", "2"], questions.Select(form => form["lastKnownStatusVersion"]));
        Assert.All(questions, form => Assert.Equal("t-1", form["token"]));
        Assert.All(questions, form => Assert.Equal("20", form["millisecondsTimeout"]));
        Assert.Single(server.Requests, request => request.Path == "/api/invoke/CompactStore");
    }

    [Fact]
    public async Task A_call_that_fails_in_the_end_failed()
    {
        await using var server = await StubServer.StartAsync(
            request => request.Path == "/api/get-status" ? StubAnswer.Failed("The store is damaged.") : StubAnswer.Running("t-1", 0));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StopInstanceAsync("acme", Token));

        Assert.Equal(ManagementApiFailure.Refused, failure.Failure);
        Assert.Equal("StopInstances", failure.Function);
    }

    [Fact]
    public async Task A_token_the_server_forgot_is_told_apart_and_the_call_is_not_repeated()
    {
        await using var server = await StubServer.StartAsync(
            request => request.Path == "/api/get-status" ? new StubAnswer(404, "") : StubAnswer.Running("t-1", 0));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StopInstanceAsync("acme", Token));

        Assert.Equal(ManagementApiFailure.TokenLost, failure.Failure);
        Assert.Single(server.Requests, request => request.Path == "/api/invoke/StopInstances");
    }

    [Fact]
    public async Task A_broken_connection_does_not_end_the_wait()
    {
        var asked = 0;
        await using var server = await StubServer.StartAsync(request => request.Path switch
        {
            "/api/get-status" when ++asked < 3 => StubAnswer.Broken,
            "/api/get-status" => StubAnswer.Succeeded("null"),
            _ => StubAnswer.Running("t-1", 0),
        });
        using var client = server.Client();

        await client.StopInstanceAsync("acme", Token);

        Assert.Single(server.Requests, request => request.Path == "/api/invoke/StopInstances");
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_the_wait()
    {
        await using var server = await StubServer.StartAsync(
            request => request.Path == "/api/get-status" ? StubAnswer.Broken : StubAnswer.Running("t-1", 0));
        using var client = server.Client(timeouts: StubServer.Quick with { UnreachableStatusCalls = 2 });

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StopInstanceAsync("acme", Token));

        Assert.Equal(ManagementApiFailure.Unreachable, failure.Failure);
    }

    [Fact]
    public async Task Work_that_does_not_end_is_a_timeout()
    {
        await using var server = await StubServer.StartAsync(_ => StubAnswer.Running("t-1", 0));
        using var client = server.Client(timeouts: StubServer.Quick with { Operation = TimeSpan.FromMilliseconds(100) });

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StopInstanceAsync("acme", Token));

        Assert.Equal(ManagementApiFailure.Timeout, failure.Failure);
    }
}
