using System.CommandLine;

namespace SpeElsa.Cli.Commands;

/// <summary>The command line. Each command is a class of its own beside this one.</summary>
internal static class SpeCommands
{
    /// <summary>Runs what the arguments ask for.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where answers go.</param>
    /// <param name="error">Where one line goes about what can not be done.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("SpeElsa from a terminal. 'spe COMMAND --help' tells more about a command.");
        root.Subcommands.Add(VerifyCommand.Build(output, error));
        if (args.Length == 0)
        {
            args = ["--help"];
        }

        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            var command = result.CommandResult.Command is RootCommand ? "" : $" {result.CommandResult.Command.Name}";
            return await SayAsync(error, $"{string.Join(" ", result.Errors.Select(problem => problem.Message))} See 'spe{command} --help'.");
        }

        return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>Says in one line what can not be done.</summary>
    /// <returns><see cref="ExitCodes.Unusable"/>.</returns>
    public static async Task<int> SayAsync(TextWriter error, string message)
    {
        await error.WriteLineAsync($"spe: {message.ReplaceLineEndings(" ")}");
        return ExitCodes.Unusable;
    }
}
