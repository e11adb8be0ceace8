using System.Diagnostics;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>The built program with a command, as an administrator calls it.</summary>
internal static class ServerCommand
{
    /// <returns>Its exit code and everything it wrote.</returns>
    public static Task<(int ExitCode, string Output)> RunAsync(string dataDirectory, params string[] arguments) =>
        RunProgramAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpeElsa.Server.dll"), .. arguments], dataDirectory);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunProgramAsync(string program, string[] arguments, string? dataDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (dataDirectory is not null)
        {
            start.Environment["DataDirectory"] = dataDirectory;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
