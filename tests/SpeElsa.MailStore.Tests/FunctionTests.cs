using System.Text.Json.Nodes;

namespace SpeElsa.MailStore.Tests;

public sealed class FunctionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("userName")]
    [InlineData("username")]
    public async Task The_environment_is_read_however_the_caller_is_spelt(string field)
    {
        await using var server = await StubServer.WithResultAsync(
            $$$"""{"version":"25.3.1.1","serverName":"spe-old","licenseeName":"Lab","{{{field}}}":"speelsa","systemProperties":{}}""");
        using var client = server.Client();

        var environment = await client.GetEnvironmentInfoAsync(Token);

        Assert.Equal(new EnvironmentInfo("25.3.1.1", "spe-old", "Lab", "speelsa"), environment);
    }

    [Fact]
    public async Task The_dashboard_tells_errors_from_the_rest()
    {
        await using var server = await StubServer.WithResultAsync(
            """
            {"environmentInfo":{"version":"1","serverName":"a"},
             "messages":[{"type":"information","text":"i","tag":null},{"type":"error","text":"e","tag":"t"}]}
            """);
        using var client = server.Client();

        var status = await client.GetServiceStatusAsync(Token);

        Assert.Equal("e", Assert.Single(status.Messages, message => message.IsError).Text);
        Assert.Equal("a", status.EnvironmentInfo?.ServerName);
    }

    [Fact]
    public async Task Hosts_and_access_servers_bring_their_thumbprints_and_what_else_the_server_tells()
    {
        await using var server = await StubServer.WithResultAsync(
            """[{"serverName":"a","port":8473,"serverCertificate":{"thumbprint":"AB"},"serviceStatus":{"connected":true}}]""");
        using var client = server.Client();

        var host = Assert.Single(await client.GetInstanceHostsAsync("a", Token));
        var access = Assert.Single(await client.GetClientAccessServersAsync(null, true, Token));

        Assert.Equal("AB", host.ServerCertificate?.Thumbprint);
        Assert.Equal(8473, access.Port);
        Assert.True(access.Other["serviceStatus"].GetProperty("connected").GetBoolean());
    }

    [Fact]
    public async Task Instances_statistics_and_stores_are_read()
    {
        await using var server = await StubServer.StartAsync(request => StubAnswer.Succeeded(request.Path switch
        {
            "/api/invoke/GetInstances" =>
                """[{"instanceID":"acme","instanceHost":"a","status":"running","startStopError":null,"processID":4711}]""",
            "/api/invoke/GetInstanceStatistics" => """{"numberOfMessages":12000000,"totalSizeMB":921600.5,"other":{}}""",
            _ => """
                [{"id":1,"name":"2026","databasePath":"C:\\x","requestedState":"current","error":null,
                  "searchIndexesNeedRebuild":false,"needsUpgrade":true}]
                """,
        }));
        using var client = server.Client();

        var instance = Assert.Single(await client.GetInstancesAsync("*", Token));
        var statistics = await client.GetInstanceStatisticsAsync("acme", Token);
        var store = Assert.Single(await client.GetStoresAsync("acme", includeSize: false, Token));

        Assert.Equal(new SpeInstance("acme", "a", "running", null, 4711), instance);
        Assert.True(instance.IsRunning);
        Assert.Equal(new InstanceStatistics(12_000_000, 921600.5), statistics);
        Assert.Equal(@"C:\x", store.DatabasePath);
        Assert.True(store.NeedsUpgrade);
    }

    [Theory]
    [InlineData("mfaEnabled", true)]
    [InlineData("MFAENABLED", true)]
    [InlineData("somethingElse", null)]
    public async Task The_MFA_flag_is_read_from_the_configured_field_or_not_known(string field, bool? expected)
    {
        await using var server = await StubServer.WithResultAsync("""[{"userName":"admin","fullName":"A. Dmin","mfaEnabled":true}]""");
        using var client = server.Client();

        var administrator = Assert.Single(await client.GetSystemAdministratorsAsync(field, Token));

        Assert.Equal(new SystemAdministrator("admin", "A. Dmin", expected), administrator);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("acme*")]
    [InlineData("acm?")]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_filter_never_starts_or_stops_instances(string filter)
    {
        await using var server = await StubServer.WithResultAsync("null");
        using var client = server.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => client.StartInstanceAsync(filter, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => client.StopInstanceAsync(filter, Token));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("[FUNCTIONS]")]
    [InlineData("""{"error":null,"token":null,"statusVersion":0,"statusCode":"succeeded","result":[FUNCTIONS]}""")]
    public async Task Metadata_is_read_bare_or_framed_and_asked_for_once(string answer)
    {
        var functions =
            """[{"name":"Ping","args":[]},{"name":"GetStores","args":[{"name":"instanceID","type":"string","nullable":false}]}]""";
        await using var server = await StubServer.StartAsync(
            _ => new StubAnswer(200, answer.Replace("[FUNCTIONS]", functions, StringComparison.Ordinal)));
        using var client = server.Client();

        var metadata = await client.GetMetadataAsync(Token);
        await client.GetMetadataAsync(Token);

        Assert.True(metadata.Has("Ping"));
        Assert.False(metadata.Has("MoveInstance"));
        Assert.Equal(new ManagementApiArgument("instanceID", "string", false), Assert.Single(metadata.Find("GetStores")!.Arguments!));
        Assert.Equal("/api/get-metadata", Assert.Single(server.Requests).Path);
    }

    [Theory]
    [InlineData("""[{"name":"Ping","args":[]}]""")]
    [InlineData("""[{"name":"DeactivateSystemAdministratorMFA","args":[{"name":"userName"},{"name":"code","nullable":false}]}]""")]
    [InlineData("""[{"name":"DeactivateSystemAdministratorMFA","args":[{"name":"instanceID","nullable":false}]}]""")]
    public async Task MFA_is_left_to_a_person_when_the_function_is_not_the_one_we_know(string metadata)
    {
        await using var server = await StubServer.StartAsync(_ => new StubAnswer(200, metadata));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.DeactivateMfaAsync("admin", Token));

        Assert.Equal(ManagementApiFailure.FunctionMissing, failure.Failure);
        Assert.DoesNotContain(server.Requests, request => request.Path.StartsWith("/api/invoke/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MFA_is_switched_off_with_the_argument_the_server_names()
    {
        await using var server = await StubServer.StartAsync(request => request.Path == "/api/get-metadata"
            ? new StubAnswer(
                200, """[{"name":"DeactivateSystemAdministratorMFA","args":[{"name":"username","type":"string","nullable":false}]}]""")
            : StubAnswer.Succeeded("null"));
        using var client = server.Client();

        await client.DeactivateMfaAsync("m.berger", Token);

        Assert.Equal("username=m.berger", server.Requests.Last().Body);
    }

    [Fact]
    public async Task A_configuration_goes_back_with_the_fields_nobody_here_knows()
    {
        await using var server = await StubServer.StartAsync(request => StubAnswer.Succeeded(
            request.Path.EndsWith("GetSystemSmtpConfiguration", StringComparison.Ordinal)
                ? """{"server":"m","unknownField":{"a":1},"password":null}""" : "null"));
        using var client = server.Client();

        var configuration = await client.GetSystemSmtpConfigurationAsync(Token);
        configuration["password"] = "x";
        await client.SetSystemSmtpConfigurationAsync(configuration, Token);

        var sent = JsonNode.Parse(server.Requests.Last().Form["config"])!;
        Assert.Equal(1, (int)sent["unknownField"]!["a"]!);
    }

    [Theory]
    [InlineData("""["Data","Archive"]""")]
    [InlineData("""[{"name":"Data"},{"path":"Archive"}]""")]
    public async Task Directories_are_read_as_names_or_as_objects(string result)
    {
        await using var server = await StubServer.WithResultAsync(result);
        using var client = server.Client();

        Assert.Equal(["Data", "Archive"], await client.GetDirectoriesOnInstanceHostAsync("spe-old", null, Token));
        Assert.Equal("serverName=spe-old", Assert.Single(server.Requests).Body);
    }
}
