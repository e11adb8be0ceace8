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
    /// <param name="input">What is read where a file is called -; left out: nothing.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TextReader? input = null)
    {
        var root = Build(output, error, input ?? TextReader.Null);
        if (args.Length == 0)
        {
            args = ["--help"];
        }

        if (CompletionCommand.IsAskedFor(args))
        {
            return await CompletionCommand.CompleteAsync(root, args, output);
        }

        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            return await SayAsync(error, $"{string.Join(" ", result.Errors.Select(problem => InWords(problem.Message)))} See '{PathOf(result.CommandResult)} --help'.");
        }

        return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>All commands.</summary>
    public static RootCommand Build(TextWriter output, TextWriter error, TextReader input)
    {
        var root = new RootCommand("SpeElsa from a terminal. 'spe COMMAND --help' tells more about a command.");
        var (options, screen) = (new ServerOptions(), new Screen(output, input));
        Func<ServerOptions, Screen, TextWriter, Command>[] ofServer =
        [
            MoveCommands.Build, PlanCommands.Build, TaskCommands.Build, MachineCommands.Build, DefinitionCommands.Build, SecretCommands.Build, KeyCommands.Build, UserCommands.Build,
            AuditCommands.Build, NoticeCommands.Build, ServerCommands.Build, LabCommands.Build,
        ];
        foreach (var command in ofServer.Select(build => build(options, screen, error)))
        {
            foreach (var option in options.All)
            {
                command.Options.Add(option);
            }

            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(ProfileCommands.Build(screen, error));
        root.Subcommands.Add(VerifyCommand.Build(output, error));
        root.Subcommands.Add(CompletionCommand.Build(output));
        return root;
    }

    /// <summary>Says in one line what can not be done.</summary>
    /// <returns>How the program ends.</returns>
    public static async Task<int> SayAsync(TextWriter error, string message, int exitCode = ExitCodes.Unusable)
    {
        await error.WriteLineAsync($"spe: {message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)}");
        return exitCode;
    }

    /// <summary>Nobody who types a command knows types of .NET.</summary>
    private static string InWords(string problem) => problem
        .Replace("as expected type 'System.Int32'.", "as a whole number.", StringComparison.Ordinal)
        .Replace("as expected type 'System.Nullable`1[System.Int32]'.", "as a whole number.", StringComparison.Ordinal)
        .Replace("as expected type 'System.Int64'.", "as a whole number.", StringComparison.Ordinal)
        .Replace("as expected type 'System.Double'.", "as a number.", StringComparison.Ordinal);

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "spe";
}
