using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Moves;

namespace SpeElsa.Server.Tests;

/// <summary>Real disks that are full or read-only, under the real server.</summary>
[SupportedOSPlatform("linux")]
public sealed class DiskTests
{
    [Fact]
    public async Task On_a_full_disk_a_start_is_refused_with_when_to_come_again_and_is_done_once_there_is_space()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can make a disk that is small");
        await using var disk = await SmallDisk.MakeAsync();
        await using var server = ServerProcess.On(disk.Folder);
        server.Set("Lab__ArchiveBytes", UndisturbedRun.FewBytes);
        await server.StartAsync();
        var administrator = new Administrator(server);
        await disk.FillAsync(server);

        for (var round = 0; round < 3; round++)
        {
            var refused = await PostMoveAsync(server);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("disk", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await AnswerTests.AssertProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
            Assert.Empty((await server.Client.GetFromJsonAsync<JsonObject>("/api/moves"))!["items"]!.AsArray());
        }

        await disk.FreeAsync(server);
        using var accepted = await PostMoveAsync(server);
        var moveId = (await accepted.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        Assert.Equal("mfa-off", (await administrator.NextTaskAsync(moveId))!["taskName"]!.GetValue<string>());
        var (exitCode, output) = await ServerCommand.RunAsync(disk.Folder, "check");
        Assert.True(exitCode == 0, output);
        await server.KillAsync();
    }

    [Fact]
    public async Task A_data_folder_that_can_only_be_read_is_named_with_the_cure()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can make a disk that is small");
        await using var disk = await SmallDisk.MakeAsync();
        await using var server = ServerProcess.On(disk.IsMounted ? disk.Folder : "/proc/speelsa");
        if (disk.IsMounted)
        {
            server.Set("Lab__ArchiveBytes", UndisturbedRun.FewBytes);
            await server.StartAsync();
            await server.StopAsync();
            await SmallDisk.MakeReadOnlyAsync(disk.Folder);
        }

        server.Launch();

        Assert.Equal(3, await server.WaitForExitAsync());
        var line = Assert.Single(server.Output.Split('\n'), line => line.StartsWith("speelsa:", StringComparison.Ordinal));
        Assert.Contains("can not be written", line, StringComparison.Ordinal);
        Assert.Contains("DataDirectory", line, StringComparison.Ordinal);
        if (disk.IsMounted)
        {
            // It can be looked at all the same.
            var (code, report) = await ServerCommand.RunAsync(disk.Folder, "check");
            Assert.True(code == 0, report);
            Assert.Contains("sound", report, StringComparison.Ordinal);
        }
    }

    private static async Task<HttpResponseMessage> PostMoveAsync(ServerProcess server)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/moves") { Content = JsonContent.Create(Administrator.Plan) };
        message.Headers.Add("Idempotency-Key", "k");
        return await server.Client.SendAsync(message);
    }
}
