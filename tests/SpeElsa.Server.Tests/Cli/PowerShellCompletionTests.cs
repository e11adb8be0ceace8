using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>Completion in PowerShell: its own engine runs the script, which calls the program.</summary>
public sealed class PowerShellCompletionTests
{
    private static string Spe => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "spe.exe" : "spe");

    [Theory]
    [InlineData("spe defi", "definition")]
    [InlineData("spe move w", "watch window")]
    [InlineData("spe task list --state ", "closed open overdue unclaimed")]
    [InlineData("spe definition check --fi", "--file")]
    [InlineData("$x = 1; spe lab fault set spe-new L", "LockedFile LostReply")]
    public async Task PowerShell_completes_commands_options_and_values(string typed, string expected)
    {
        await using var script = new StringWriter();
        await SpeElsa.Cli.Commands.SpeCommands.RunAsync(["completion", "pwsh"], script, TextWriter.Null);
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script.ToString()).Invoke();
        Assert.Empty(shell.Streams.Error);
        shell.Commands.Clear();
        var line = typed.Replace("spe ", $"{Spe} ", StringComparison.Ordinal);

        var found = CommandCompletion.CompleteInput(line, line.Length, new Hashtable(), shell);

        Assert.Equal(expected, string.Join(' ', found.CompletionMatches.Select(match => match.CompletionText)));
    }
}
