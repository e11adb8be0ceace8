using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>The built program, killed as by a power cut and started again on the same files, over a whole move.</summary>
public sealed class KillTests(KillTests.UndisturbedRun undisturbed) : IClassFixture<KillTests.UndisturbedRun>
{
    private const string FewBytes = "600000";

    /// <summary>Steps of the way a move goes when people do what they are asked for.</summary>
    private static readonly string[] StepsOnTheWay =
    [
        "baseline", "checkTarget", "seedCopy", "checkMfaOff", "stopInstances", "stopOldClientAccess", "stopOldInstanceHost", "stopOldManagement", "disableOld",
        "checkInstalled", "stopNewClientAccess", "stopNewInstanceHost", "stopNewManagement", "certificatesAside", "transferCertificates", "replaceConfig", "finalCopy",
        "verifyData", "startManagement", "checkLicence", "setBaseDirectories", "startInstanceHost", "startClientAccess", "startInstances", "checkDashboard", "checkMfaOn",
        "setSmtpPassword", "checkOld",
    ];

    [Theory]
    [InlineData("intent-committed")]
    [InlineData("before-result")]
    [InlineData("result-committed")]
    public async Task Killed_at_every_step_the_move_ends_as_an_undisturbed_one(string point)
    {
        await using var server = await ServerProcess.StartAsync(("SPEELSA_KILL_AT", point), ("Lab__ArchiveBytes", FewBytes));

        var restarts = await PlayThroughDeathAsync(server, () => Task.FromResult(false));

        var killed = await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "killed.txt"));
        Assert.Equal(restarts, killed.Length);
        Assert.Superset(StepsOnTheWay.Select(step => $"{point}@{step}").ToHashSet(), killed.ToHashSet());
        await undisturbed.CompareAsync(server);
    }

    [Fact]
    public async Task Killed_before_in_the_middle_of_and_after_every_script_the_move_ends_as_an_undisturbed_one()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__HoldScript", "*"), ("Lab__HoldAt", "*"), ("Lab__ArchiveBytes", FewBytes));
        var reached = Path.Combine(server.LabDirectory, "hold.reached");

        await PlayThroughDeathAsync(server, async () =>
        {
            if (!File.Exists(reached))
            {
                return false;
            }

            await server.KillAsync();
            File.Delete(reached);
            return true;
        });

        var held = (await File.ReadAllLinesAsync(Path.Combine(server.LabDirectory, "held.txt"))).ToHashSet();
        foreach (var script in new[] { "Copy-Directory", "Stop-WindowsService", "Start-WindowsService", "Set-WindowsServiceStartMode", "Move-CertificatesAside", "Export-Certificates", "Import-Certificates", "Move-DirectoryAside" })
        {
            Assert.Superset(new HashSet<string> { $"{script} before", $"{script} middle", $"{script} after" }, held);
        }

        await undisturbed.CompareAsync(server);
    }

    /// <summary>Plays the move to its end, starting the server again whenever it has died.</summary>
    /// <returns>How often it was started again.</returns>
    private static async Task<int> PlayThroughDeathAsync(ServerProcess server, Func<Task<bool>> killNow)
    {
        var administrator = new Administrator(server);
        var restarts = 0;
        string? moveId = null;
        var patience = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        while (patience.Elapsed < TimeSpan.FromMinutes(12))
        {
            await killNow();
            if (server.HasExited)
            {
                restarts++;
                await server.StartAsync();
            }

            try
            {
                moveId ??= await administrator.StartMoveAsync(key: "the-move");
                if (await AdvanceAsync(administrator, moveId))
                {
                    return restarts;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or JsonException)
            {
                // It died while it was asked. What was asked is asked again.
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"The move did not end: {await administrator.GetMoveAsync(moveId!)}\n{server.Output}");
    }

    private static async Task<bool> AdvanceAsync(Administrator administrator, string moveId)
    {
        foreach (var task in await administrator.GetTasksAsync(moveId))
        {
            var name = task!["taskName"]!.GetValue<string>();
            var id = task["id"]!.GetValue<string>();
            Assert.True(task["kind"]!.GetValue<string>() == "task", $"A step could not go on: {task.ToJsonString()}");
            await administrator.DoOnceAsync(name);
            using var answer = await administrator.AnswerAsync(id, administrator.FieldsFor(name), key: id);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{name}: {await answer.Content.ReadAsStringAsync()}");
        }

        var move = await administrator.GetMoveAsync(moveId);
        var status = move["status"]!.GetValue<string>();
        Assert.True(status is "running" or "waiting" or "finished", move.ToJsonString());
        return status == "finished";
    }

    /// <summary>A move nobody disturbs, to compare with.</summary>
    public sealed class UndisturbedRun : IAsyncLifetime
    {
        private IReadOnlyList<string> _fingerprint = [];
        private SortedDictionary<string, int> _effects = [];

        public async ValueTask InitializeAsync()
        {
            await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", FewBytes));
            var administrator = new Administrator(server);
            await administrator.PlayAsync(await administrator.StartMoveAsync());
            _fingerprint = await FarmFingerprint.TakeAsync(server);
            _effects = await administrator.EffectsAsync();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        internal async Task CompareAsync(ServerProcess server)
        {
            Assert.Equal(_fingerprint, await FarmFingerprint.TakeAsync(server));
            Assert.Equal(Lines(_effects), Lines(await new Administrator(server).EffectsAsync()));
            Assert.Empty(FarmFingerprint.PfxFiles(server));
        }

        /// <summary>
        /// Every effect, how often it happened. An export that was cut off is made again under a new password, because the old one lived in
        /// memory only; it changes nothing on the server and its file is removed, so it is not counted.
        /// </summary>
        private static string[] Lines(SortedDictionary<string, int> effects) =>
            [.. effects.Where(effect => !effect.Key.Contains("certificate-export", StringComparison.Ordinal)).Select(effect => $"{effect.Key} ×{effect.Value}")];
    }
}
