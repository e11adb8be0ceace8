using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>
/// The built program, killed as by a power cut: when a step has acted and its result is not stored, in five steps that differ most, and when the wait for a person is stored
/// and nothing more. In the full run it is every step, and after a person's answer and the result of a step were stored, too. The torture program kills in all procedures.
/// </summary>
public sealed class KillInStepsTests(UndisturbedRun undisturbed)
{
    [Fact]
    public async Task Killed_in_and_between_steps_the_move_ends_as_an_undisturbed_one()
    {
        string[] points = FullKills.AreOn ? ["before-result", "result-committed"] : ["before-result"];
        string[] others = FullKills.AreOn ? ["burst-committed", "stimulus-stored"] : ["burst-committed"];
        string[] places = [.. points.SelectMany(point => (FullKills.AreOn ? StepsWithEffects : StepsThatDifferMost).Select(step => $"{point}@{step}"))];
        await using var server = await ServerProcess.StartAsync(("SPEELSA_KILL_AT", string.Join(",", [.. places, .. others])), ("Lab__ArchiveBytes", UndisturbedRun.FewBytes));

        var restarts = await DeadlyMove.PlayAsync(server, () => Task.CompletedTask);

        var killed = await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "killed.txt"));
        Assert.Equal(restarts, killed.Length);
        Assert.Equal([], places.Except(killed));
        Assert.All(others, other => Assert.Contains(killed, place => place.StartsWith(other, StringComparison.Ordinal)));
        await undisturbed.CompareAsync(server);
    }

    /// <summary>The steps that change something, on the way a move goes when people do what they are asked for.</summary>
    private static readonly string[] StepsWithEffects =
    [
        "seedCopy", "stopInstances", "stopOldClientAccess", "stopOldInstanceHost", "stopOldManagement", "disableOld", "stopNewClientAccess", "stopNewInstanceHost",
        "stopNewManagement", "certificatesAside", "transferCertificates", "replaceConfig", "finalCopy", "verifyData", "startManagement", "setBaseDirectories",
        "startInstanceHost", "startClientAccess", "startInstances", "setSmtpPassword",
    ];

    /// <summary>A call that is begun and looked after, a secret that passes through, a long copy, a service, a call with a secret of a person.</summary>
    private static readonly string[] StepsThatDifferMost = ["stopInstances", "transferCertificates", "finalCopy", "startManagement", "setSmtpPassword"];
}

/// <summary>
/// The built program, killed in the middle of a script with a ticket and of one without; in the full run of every one that changes something on a machine, and before and after it, too. Scripts that only
/// look are looked through by the kills in and between the steps.
/// </summary>
public sealed class KillInScriptsTests(UndisturbedRun undisturbed)
{
    private static readonly string[] ScriptsWithEffects =
    [
        "Copy-Directory", "Stop-WindowsService", "Start-WindowsService", "Set-WindowsServiceStartMode", "Move-CertificatesAside", "Export-Certificates", "Import-Certificates",
        "Move-Aside",
    ];

    /// <summary>Where not all are asked for: one that has a ticket, and one that has none.</summary>
    private static readonly string[] ScriptsThatDifferMost = ["Copy-Directory", "Import-Certificates"];

    private static readonly string[] Scripts = FullKills.AreOn ? ScriptsWithEffects : ScriptsThatDifferMost;

    /// <summary>A move has one directory to put aside. Killed when that is done, it sees that it is done and never runs the script to its end.</summary>
    private const string NeverReached = "Move-Aside after";

    [Fact]
    public async Task Killed_while_scripts_with_effects_run_the_move_ends_as_an_undisturbed_one()
    {
        await using var server = await ServerProcess.StartAsync(
            ("Lab__HoldScript", string.Join(',', Scripts)), ("Lab__HoldAt", FullKills.AreOn ? "*" : "middle"), ("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var reached = Path.Combine(server.LabDirectory, "hold.reached");

        await DeadlyMove.PlayAsync(server, async () =>
        {
            if (!File.Exists(reached))
            {
                return;
            }

            await server.KillAsync();
            File.Delete(reached);
        });

        var held = (await File.ReadAllLinesAsync(Path.Combine(server.LabDirectory, "held.txt"))).ToHashSet();
        Assert.Equal([], Scripts.SelectMany(script => FullKills.AreOn ? [$"{script} before", $"{script} middle", $"{script} after"] : new[] { $"{script} middle" }).Except([.. held, NeverReached]));
        await undisturbed.CompareAsync(server);
    }
}

/// <summary>A kill of the program costs seconds: by themselves these tests take one of each kind, with SPEELSA_FULL_KILLS=1 in the environment all.</summary>
internal static class FullKills
{
    public static bool AreOn { get; } = Environment.GetEnvironmentVariable("SPEELSA_FULL_KILLS") is "1";
}
