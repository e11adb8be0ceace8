using System.CommandLine;
using SpeElsa.Server.Startup;

namespace SpeElsa.Server.Commands;

/// <summary>What the program can be asked to do. Without a command it is the server.</summary>
internal static class ProgramCommands
{
    /// <summary>Builds the command line.</summary>
    /// <param name="serveAsync">Runs the server; gets the settings that stood on the command line.</param>
    public static RootCommand Build(Func<string[], Task<int>> serveAsync)
    {
        var root = new RootCommand(
            "SpeElsa moves the roles of MailStore Service Provider Edition between servers. Without a command it runs the server; appsettings.json has every "
            + "setting, which environment variables (Lab__Enabled=false) and the command line (--Lab:Enabled=false) override.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.Subcommands.Add(Backup());
        root.Subcommands.Add(Check());
        root.Subcommands.Add(Restore());
        root.SetAction((result, _) => result.UnmatchedTokens is [var first, ..] && IsUnknownCommand(first)
            ? Task.FromResult(ServerProgram.Say($"There is no command '{first}'. --help lists what there is.", ServerProgram.BadSettings))
            : serveAsync([.. result.UnmatchedTokens]));
        return root;
    }

    private static Command Backup()
    {
        var to = new Option<string>("--to") { Description = "The file to write, which must not be there yet, or a folder; in a folder the file is named by the time.", Required = true };
        var file = DatabaseOption();
        var command = new Command(
            "backup",
            "Copies the database, also while the server is running: everything that was answered before the copy began is in it. The copy is checked, and it gets "
            + "its name only when it is whole. The files that people gave as evidence go into a folder beside it, NAME.files. Keys, secrets and the API key are files of their own in the data directory; keep them with it.")
        {
            to,
            file,
        };
        command.SetAction((result, cancellationToken) => DatabaseCommands.BackupAsync(PathOf(result, file), result.GetRequiredValue(to), cancellationToken));
        return command;
    }

    private static Command Check()
    {
        var file = DatabaseOption();
        var command = new Command(
            "check",
            "Says in words what a database or a backup has in it and whether it is sound: SQLite's structure and log, the schema, the hash chain of every journal, "
            + "every state, that whatever waits can be found, and the files that people gave as evidence. Changes nothing; the server may be running. Ends with 0 when it is sound, 3 when not.")
        {
            file,
        };
        command.SetAction((result, cancellationToken) => DatabaseCommands.CheckAsync(PathOf(result, file), cancellationToken));
        return command;
    }

    private static Command Restore()
    {
        var from = new Option<string>("--from") { Description = "The backup; it stays as it is.", Required = true };
        var file = DatabaseOption();
        var command = new Command(
            "restore",
            "Puts a backup in the place of the database, while no server is running. The backup is checked first. The database that was there is kept beside it, "
            + "under a name that says when it last changed. What was done since the backup is not known to the restored database: steps whose effect is there are "
            + "found done when they run again, but answers people gave since are asked for again.")
        {
            from,
            file,
        };
        command.SetAction((result, cancellationToken) => DatabaseCommands.RestoreAsync(PathOf(result, file), result.GetRequiredValue(from), cancellationToken));
        return command;
    }

    private static Option<string?> DatabaseOption() => new("--file") { Description = "The database. Default: the one in the DataDirectory of the settings." };

    private static string PathOf(ParseResult result, Option<string?> option) => Path.GetFullPath(result.GetValue(option) ?? ServerHost.ReadOptions().DatabasePath);

    /// <summary>Settings begin with a dash or a slash, or have an equals sign; their values follow them.</summary>
    private static bool IsUnknownCommand(string token) => !token.StartsWith('-') && !token.StartsWith('/') && !token.Contains('=', StringComparison.Ordinal);
}
