using System.Diagnostics;

namespace SpeElsa.Testing;

/// <summary>What is common to the processes that tests start.</summary>
public static class TestProcess
{
    /// <summary>Keys of the lab's certificates, made once and used by all farms of all test processes of this user.</summary>
    public static string KeyFolder { get; } = Path.Combine(Path.GetTempPath(), $"speelsa-lab-keys-{Environment.UserName}");

    /// <summary>Sets a .NET process up for a life of seconds: none of what pays only in a longer one.</summary>
    public static void LivesShortly(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Compiled code is not compiled again, better, while the start still goes on.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "60000";
        // What lets debuggers in is a pipe and a socket in the folder for temporary files, which a process that is killed leaves there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        // Guards against attacks on a program that runs long; here it makes every start slower.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
    }
}
