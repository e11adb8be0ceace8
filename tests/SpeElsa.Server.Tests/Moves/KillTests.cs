using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>
/// The built program, killed as by a power cut again and again in one move: when a step has acted and its result is not stored, when the wait for a person is stored and
/// nothing more, and in the middle of scripts. It takes the steps and scripts that differ most; in the full run all that change something, also after a person's answer and the
/// result of a step were stored, and before and after each script. Scripts that only look are looked through by the kills of the steps. The torture program kills in all procedures.
/// </summary>
public sealed class KillTests(UndisturbedRun undisturbed)
{
    /// <summary>A kill of the program costs seconds: by itself the test takes one of each kind, with SPEELSA_FULL_KILLS=1 in the environment all.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SPEELSA_FULL_KILLS") is "1";

    /// <summary>The steps that change something, on the way a move goes when people do what they are asked for.</summary>
    private static readonly string[] StepsWithEffects =
    [
        "seedCopy", "stopInstances", "stopOldClientAccess", "stopOldInstanceHost", "stopOldManagement", "disableOld", "stopNewClientAccess", "stopNewInstanceHost",
        "stopNewManagement", "certificatesAside", "transferCertificates", "replaceConfig", "finalCopy", "verifyData", "startManagement", "setBaseDirectories",
        "startInstanceHost", "startClientAccess", "startInstances", "setSmtpPassword",
    ];

    /// <summary>A call that is begun and looked after, a secret that passes through, a long copy, a service, a call with a secret of a person.</summary>
    private static readonly string[] StepsThatDifferMost = ["stopInstances", "transferCertificates", "finalCopy", "startManagement", "setSmtpPassword"];

    private static readonly string[] ScriptsWithEffects =
    [
        "Copy-Directory", "Stop-WindowsService", "Start-WindowsService", "Set-WindowsServiceStartMode", "Move-CertificatesAside", "Export-Certificates", "Import-Certificates",
        "Move-Aside",
    ];

    /// <summary>One that has a ticket, and one that has none.</summary>
    private static readonly string[] ScriptsThatDifferMost = ["Copy-Directory", "Import-Certificates"];

    /// <summary>A move has one directory to put aside. Killed when that is done, it sees that it is done and never runs the script to its end.</summary>
    private const string NeverReached = "Move-Aside after";

    [Fact]
    public async Task Killed_in_and_between_steps_and_in_scripts_the_move_ends_as_an_undisturbed_one()
    {
        string[] points = IsFull ? ["before-result", "result-committed"] : ["before-result"];
        string[] others = IsFull ? ["burst-committed", "stimulus-stored"] : ["burst-committed"];
        string[] places = [.. points.SelectMany(point => (IsFull ? StepsWithEffects : StepsThatDifferMost).Select(step => $"{point}@{step}"))];
        var scripts = IsFull ? ScriptsWithEffects : ScriptsThatDifferMost;
        await using var server = await ServerProcess.StartAsync(
            ("SPEELSA_KILL_AT", string.Join(",", [.. places, .. others])),
            ("Lab__HoldScript", string.Join(',', scripts)), ("Lab__HoldAt", IsFull ? "*" : "middle"),
            ("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var reached = Path.Combine(server.LabDirectory, "hold.reached");
        var inScripts = 0;

        var restarts = await DeadlyMove.PlayAsync(server, async () =>
        {
            if (File.Exists(reached))
            {
                inScripts += server.HasExited ? 0 : 1;
                await server.KillAsync();
                File.Delete(reached);
            }
        });

        var killed = await File.ReadAllLinesAsync(Path.Combine(server.DataDirectory, "killed.txt"));
        Assert.Equal(restarts, killed.Length + inScripts);
        Assert.Equal([], places.Except(killed));
        Assert.All(others, other => Assert.Contains(killed, place => place.StartsWith(other, StringComparison.Ordinal)));
        var held = await File.ReadAllLinesAsync(Path.Combine(server.LabDirectory, "held.txt"));
        string[] moments = IsFull ? ["before", "middle", "after"] : ["middle"];
        Assert.Equal([], scripts.SelectMany(script => moments.Select(moment => $"{script} {moment}")).Except([.. held, NeverReached]));
        await undisturbed.CompareAsync(server);
    }
}
