using System.Net;
using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Moves;

namespace SpeElsa.Server.Tests;

/// <summary>Starts that can not succeed, and a database that stops taking writes.</summary>
public sealed class StartupTests
{
    [Fact]
    public async Task A_second_server_on_the_same_data_says_so_and_the_first_goes_on()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        await using var second = ServerProcess.On(server.DataDirectory);

        second.Launch();

        Assert.Equal(3, await second.WaitForExitAsync());
        Assert.Contains("Another SpeElsa server is using the database", second.Output, StringComparison.Ordinal);
        using var ready = await server.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Theory]
    [InlineData("folder", "can not be read or written")]
    [InlineData("text", "is not a SQLite file")]
    public async Task A_database_that_can_not_be_used_is_named_with_the_cure(string what, string expected)
    {
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;
        var path = Path.Combine(data, "speelsa.db");
        if (what == "folder")
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, new string('x', 10_000));
        }

        await using var server = ServerProcess.On(data);
        server.Launch();

        Assert.Equal(3, await server.WaitForExitAsync());
        var line = Assert.Single(server.Output.Split('\n'), line => line.StartsWith("speelsa:", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Directory.Delete(data, recursive: true);
    }

    [Theory]
    [InlineData("Runtime__Concurrency", "0", "Concurrency")]
    [InlineData("Mail__From", "nobody at all", "Mail:From is 'nobody at all', which is no address.")]
    [InlineData("Telemetry__Endpoint", "collector", "Telemetry:Endpoint is 'collector', which is no http or https address")]
    public async Task A_setting_that_can_not_be_used_is_named(string setting, string value, string expected)
    {
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;
        await using var server = ServerProcess.On(data);
        server.Set(setting, value);
        server.Launch();

        Assert.Equal(2, await server.WaitForExitAsync());
        Assert.Contains(expected, server.Output, StringComparison.Ordinal);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task While_the_database_takes_no_writes_a_start_is_refused_and_the_same_request_works_afterwards()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        await using var blocker = new SqliteConnection($"Data Source={Path.Combine(server.DataDirectory, "speelsa.db")};Pooling=False");
        await blocker.OpenAsync();
        await using (var transaction = blocker.BeginTransaction())
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/api/moves") { Content = System.Net.Http.Json.JsonContent.Create(Administrator.Plan) };
            message.Headers.Add("Idempotency-Key", "k");
            var refused = await server.Client.SendAsync(message);
            Assert.NotNull(refused.Headers.RetryAfter);
            await AnswerTests.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        }

        Assert.NotEmpty(await administrator.StartMoveAsync(key: "k"));
    }

    [Fact]
    public async Task Every_call_needs_the_key_and_the_key_file_is_its_owners()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        foreach (var path in new[] { "/api/moves", "/api/tasks", "/health/live", "/health/ready", "/openapi/v1.json", "/lab/servers", "/nowhere" })
        {
            using var stranger = new HttpClient { BaseAddress = server.Address };
            await AnswerTests.AssertProblemAsync(await stranger.GetAsync(new Uri(path, UriKind.Relative)), HttpStatusCode.Unauthorized);
            stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", "guessed");
            await AnswerTests.AssertProblemAsync(await stranger.GetAsync(new Uri(path, UriKind.Relative)), HttpStatusCode.Unauthorized);
        }

        await AnswerTests.AssertProblemAsync(await server.Client.GetAsync(new Uri("/nowhere", UriKind.Relative)), HttpStatusCode.NotFound);
        var description = await server.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        Assert.Contains("/api/tasks/{id}/complete", description, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", server.Address.Host, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.DataDirectory, "api-key.txt")));
        }
    }
}
