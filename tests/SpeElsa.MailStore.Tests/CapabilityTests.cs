namespace SpeElsa.MailStore.Tests;

/// <summary>Versions of the server differ in what they can do; that is an answer, not an error.</summary>
public sealed class CapabilityTests
{
    private const string Functions = """
        [{"name":"StopInstances","args":[{"name":"instanceFilter","type":"string","nullable":false}]},
         {"name":"SetStorePath","args":[{"name":"instanceID","type":"string","nullable":false},{"name":"id","type":"number","nullable":false},
           {"name":"databasePath","type":"string","nullable":false},{"name":"indexPath","type":"string","nullable":true}]},
         {"name":"Ping","args":[]}]
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_can_be_called_is_told_with_what_is_missing()
    {
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(200, Functions));
        using var client = server.Client();

        var metadata = await client.GetMetadataAsync(Token);

        Assert.True(metadata.Can("StopInstances", "instanceFilter").IsAvailable);
        Assert.Null(metadata.Can("Ping").Why);
        Assert.Equal(ManagementApiGap.Function, metadata.Can("MoveInstance", "instanceID").Gap);
        Assert.Contains("no function MoveInstance", metadata.Can("MoveInstance").Why, StringComparison.Ordinal);
        var older = metadata.Can("SetStorePath", "instanceID", "id", "path");
        Assert.Equal((ManagementApiGap.Argument, "path"), (older.Gap, Assert.Single(older.Arguments)));
        var newer = metadata.Can("SetStorePath", "instanceID", "id");
        Assert.Equal((ManagementApiGap.Demand, "databasePath"), (newer.Gap, Assert.Single(newer.Arguments)));
        Assert.Equal(ManagementApiGap.Argument, metadata.Can("StopInstances", "instancefilter").Gap);
    }

    [Fact]
    public async Task Metadata_are_read_once_for_each_server_and_version()
    {
        var version = "25.3.1.0";
        await using var server = await StubServer.StartAsync(request => request.Path == "/api/get-metadata"
            ? new StubAnswer(200, Functions)
            : StubAnswer.Succeeded($$"""{"version":"{{version}}","serverName":"spe-old"}"""));
        var cache = new ManagementApiMetadataCache();

        for (var i = 0; i < 3; i++)
        {
            using var client = server.Client();
            await cache.GetAsync("spe-old", client, Token);
        }

        Assert.Single(Reads(server));
        version = "26.1.0.0";
        using var updated = server.Client();
        await cache.GetAsync("spe-old", updated, Token);
        using var other = server.Client();
        await cache.GetAsync("spe-new", other, Token);
        Assert.Equal(3, Reads(server).Count());
    }

    [Theory]
    [InlineData("DeleteInstances", "instanceFilter", "*")]
    [InlineData("DeleteInstances", "instanceFilter", "a?")]
    [InlineData("DeleteInstances", "instanceFilter", "acme,globex")]
    [InlineData("StopInstances", "instanceFilter", "")]
    [InlineData("RestartInstances", "instanceFilter", "*")]
    [InlineData("FreezeInstances", "InstanceFilter", "ac*")]
    [InlineData("DeleteInstanceHost", "serverName", "*")]
    [InlineData("DeleteClientAccessServer", "serverName", " ")]
    [InlineData("DeleteSystemAdministrator", "userName", "*")]
    [InlineData("DetachStore", "instanceID", "*")]
    public async Task A_call_that_changes_something_names_one_thing_or_is_not_sent(string function, string argument, string value)
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();
        var arguments = new Dictionary<string, string?> { [argument] = value };

        await Assert.ThrowsAsync<ArgumentException>(() => client.InvokeAsync(function, arguments, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.BeginAsync(function, arguments, Token));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("GetInstances", "instanceFilter", "*")]
    [InlineData("GetInstanceHosts", "serverNameFilter", "spe-*")]
    [InlineData("DeleteInstanceHost", "serverName", "spe-old")]
    [InlineData("SetSystemAdministratorPassword", "password", "what*ever?")]
    public async Task What_reads_may_ask_for_all_and_what_names_one_thing_is_sent(string function, string argument, string value)
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await client.InvokeAsync(function, new Dictionary<string, string?> { [argument] = value }, Token);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_long_call_goes_on_by_its_stored_token_from_another_client()
    {
        var asked = 0;
        await using var server = await StubServer.StartAsync(request => request.Path switch
        {
            "/api/get-status" when ++asked < 2 => new StubAnswer(
                200, """{"error":null,"token":"t-1","statusVersion":7,"statusCode":"running","percentProgress":40,"statusText":"acme","result":null}"""),
            "/api/get-status" => StubAnswer.Succeeded("42"),
            _ => StubAnswer.Running("t-1", 3),
        });
        ManagementApiCall begun;
        using (var first = server.Client())
        {
            begun = await first.BeginStopInstanceAsync("acme", Token);
        }

        using var second = server.Client();
        var running = await second.ContinueAsync(new ManagementApiCall(begun.Function, begun.Token, begun.StatusVersion), TimeSpan.Zero, Token);
        var ended = await second.ContinueAsync(running, TimeSpan.Zero, Token);

        Assert.Equal((true, "t-1", 3L), (begun.IsRunning, begun.Token, begun.StatusVersion));
        Assert.Equal((40d, "acme", 7L), (running.Percent, running.Text, running.StatusVersion));
        Assert.False(ended.IsRunning);
        Assert.Equal(42, ended.Result!.Value.GetInt32());
        Assert.Equal(["3", "7"], server.Requests.Where(request => request.Path == "/api/get-status").Select(request => request.Form["lastKnownStatusVersion"]));
        Assert.Single(server.Requests, request => request.Path == "/api/invoke/StopInstances");
    }

    [Fact]
    public async Task A_stored_token_that_the_server_forgot_is_told_apart_and_nothing_is_repeated()
    {
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(404, ""));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(
            () => client.ContinueAsync(new ManagementApiCall("StopInstances", "gone"), TimeSpan.Zero, Token));

        Assert.Equal(ManagementApiFailure.TokenLost, failure.Failure);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task To_cancel_is_to_ask_and_the_call_has_not_ended_by_it()
    {
        await using var server = await StubServer.StartAsync(
            request => request.Path == "/api/cancel-async" ? StubAnswer.Succeeded("null") : StubAnswer.Running("t-1", 1));
        using var client = server.Client();
        var call = await client.BeginStopInstanceAsync("acme", Token);

        await client.CancelAsync(call, Token);

        Assert.True((await client.ContinueAsync(call, TimeSpan.Zero, Token)).IsRunning);
        Assert.Equal("token=t-1", server.Requests.Single(request => request.Path == "/api/cancel-async").Body);
    }

    private static IEnumerable<StubRequest> Reads(StubServer server) => server.Requests.Where(request => request.Path == "/api/get-metadata");
}
