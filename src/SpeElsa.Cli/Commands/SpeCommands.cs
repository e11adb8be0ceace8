using System.CommandLine;
using SpeElsa.Cli.Server;

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
        var (options, screen) = (new ServerOptions(), new Screen(output));
        foreach (var command in new[]
        {
            MoveCommands.Build(options, screen, error), PlanCommands.Build(options, screen, error), TaskCommands.Build(options, screen, error), MachineCommands.Build(options, screen, error),
        })
        {
            foreach (var option in options.All)
            {
                command.Options.Add(option);
            }

            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(ProfileCommands.Build(screen, error));
        root.Subcommands.Add(VerifyCommand.Build(output, error));
        if (args.Length == 0)
        {
            args = ["--help"];
        }

        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            return await SayAsync(error, $"{string.Join(" ", result.Errors.Select(problem => problem.Message))} See '{PathOf(result.CommandResult)} --help'.");
        }

        return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>Says in one line what can not be done.</summary>
    /// <returns>How the program ends.</returns>
    public static async Task<int> SayAsync(TextWriter error, string message, int exitCode = ExitCodes.Unusable)
    {
        await error.WriteLineAsync($"spe: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "spe";
}
