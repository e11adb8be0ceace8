using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.MailStore.Tests;

public sealed class WireTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_a_POST_with_the_credentials_in_the_first_request()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client(password: "pässwörd:with colon");

        await client.PingAsync(Token);

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/api/invoke/Ping", request.Path);
        Assert.Equal("speelsa:pässwörd:with colon", request.Credentials);
    }

    [Fact]
    public async Task A_call_without_arguments_still_says_its_length()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await client.PingAsync(Token);

        Assert.Equal(0, Assert.Single(server.Requests).ContentLength);
    }

    [Fact]
    public async Task Arguments_are_form_fields_with_lower_case_bools_and_nulls_left_out()
    {
        await using var server = await StubServer.WithResultAsync("[]");
        using var client = server.Client();

        await client.GetClientAccessServersAsync(null, withServiceStatus: true, Token);

        var request = Assert.Single(server.Requests);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("withServiceStatus=true", request.Body);
    }

    [Fact]
    public async Task A_json_argument_is_text_in_one_form_field()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await client.SetInstanceConfigurationAsync(new JsonObject { ["instanceID"] = "acme", ["displayName"] = "Äcme & Söhne" }, Token);

        var field = Assert.Single(Assert.Single(server.Requests).Form);
        Assert.Equal("config", field.Key);
        Assert.Equal("""{"instanceID":"acme","displayName":"Äcme & Söhne"}""", field.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_is_read_with_and_without_a_byte_order_mark(bool bom)
    {
        await using var server = await StubServer.StartAsync(_ => StubAnswer.Succeeded("[1]") with { Bom = bom });
        using var client = server.Client();

        var result = await client.InvokeAsync("Anything", new Dictionary<string, string?>(), Token);

        Assert.Equal(1, result[0].GetInt32());
    }

    [Fact]
    public async Task A_failure_in_the_envelope_is_an_error_although_the_call_was_answered_with_200()
    {
        await using var server = await StubServer.StartAsync(_ => StubAnswer.Failed("Nullable object must have a value.", "at line 7"));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.Refused, failure.Failure);
        Assert.Equal("Ping", failure.Function);
        Assert.Contains("Nullable object must have a value.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("at line 7", failure.Details);
        Assert.False(failure.CanRetry);
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("canceled")]
    [InlineData("somethingNew")]
    public async Task Every_final_status_other_than_succeeded_is_a_failure(string status)
    {
        await using var server = await StubServer.StartAsync(_ => StubAnswer.Final(status));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.Refused, failure.Failure);
        Assert.Contains(status, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_the_server_does_not_have_is_told_apart()
    {
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(404, ""));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.FunctionMissing, failure.Failure);
    }

    [Theory]
    [InlineData("<html>a login page</html>")]
    [InlineData("{\"hello\":1}")]
    [InlineData("")]
    public async Task An_answer_of_something_else_is_told_apart(string body)
    {
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(200, body));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.InvalidAnswer, failure.Failure);
    }

    [Fact]
    public async Task A_missing_result_is_not_taken_for_an_empty_list()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.GetInstancesAsync("*", Token));

        Assert.Equal(ManagementApiFailure.InvalidAnswer, failure.Failure);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await StubServer.WithResultAsync("null");
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(307, "", Location: elsewhere.Address + "api/invoke/Ping"));
        using var client = server.Client();

        await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_server_that_is_down_is_unreachable_and_worth_another_try()
    {
        var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();
        await server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.Unreachable, failure.Failure);
        Assert.Contains("Check that the Management Server runs there", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.CanRetry);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_a_timeout()
    {
        using var released = new ManualResetEventSlim();
        await using var server = await StubServer.StartAsync(_ =>
        {
            released.Wait();
            return StubAnswer.Succeeded("null");
        });
        using var client = server.Client(timeouts: StubServer.Quick with { Request = TimeSpan.FromMilliseconds(200) });

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        released.Set();
        Assert.Equal(ManagementApiFailure.Timeout, failure.Failure);
        Assert.Contains("Check whether it is busy", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_is_not_reported_as_a_failure_of_the_server()
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PingAsync(new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("../get-status")]
    [InlineData("Ping?x=1")]
    [InlineData("")]
    public async Task A_function_name_can_not_leave_its_path(string function)
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => client.InvokeAsync(function, new Dictionary<string, string?>(), Token));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("http://spe-old.lab.example:8474/", "admin")]
    [InlineData("https://user:word@spe-old.lab.example:8474/", "admin")]
    [InlineData("https://spe-old.lab.example:8474/", "ad:min")]
    [InlineData("https://spe-old.lab.example:8474/", "")]
    public void A_connection_that_could_leak_or_break_the_credentials_is_refused(string address, string user) =>
        Assert.Throws<ArgumentException>(() => new ManagementApiClient(new ManagementApiConnection(new Uri(address), user, _ => new("x"))));

    [Fact]
    public async Task A_result_is_usable_after_the_answer_is_gone()
    {
        await using var server = await StubServer.WithResultAsync("""{"a":[1,2]}""");
        JsonElement result;
        using (var client = server.Client())
            result = await client.InvokeAsync("Anything", new Dictionary<string, string?>(), Token);

        Assert.Equal(2, result.GetProperty("a").GetArrayLength());
    }
}
