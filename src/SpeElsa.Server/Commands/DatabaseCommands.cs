using System.Globalization;
using SpeElsa.Engine.Persistence;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Commands;

/// <summary>The commands that look after the database. Each says on the console what it found and did.</summary>
internal static class DatabaseCommands
{
    public static Task<int> BackupAsync(string path, string to, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        var target = Path.GetFullPath(to);
        if (Directory.Exists(target))
        {
            var now = TimeProvider.System.GetUtcNow();
            target = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-{now:yyyyMMdd-HHmmss}{Path.GetExtension(path)}"));
        }

        var report = await DatabaseBackup.CreateAsync(path, target, cancellationToken);
        var files = EvidenceFiles.BackupFolder(target);
        await EvidenceFiles.CopyAsync(target, EvidenceFiles.FolderBeside(path), files, cancellationToken);
        Console.WriteLine(Directory.Exists(files) ? $"Copied '{path}' to '{target}', and the files of evidence to '{files}'." : $"Copied '{path}' to '{target}'.");
        return Tell(target, With(report, await EvidenceFiles.CheckAsync(target, files, cancellationToken)));
    });

    public static Task<int> CheckAsync(string path, CancellationToken cancellationToken) =>
        RunAsync(async () =>
        {
            var report = await DatabaseCheck.RunAsync(path, cancellationToken);
            return Tell(path, report.IsSound ? With(report, await EvidenceFiles.CheckAsync(path, EvidenceFiles.FolderBeside(path), cancellationToken)) : report);
        });

    public static Task<int> RestoreAsync(string path, string from, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        var source = Path.GetFullPath(from);
        var restored = await DatabaseRestore.RunAsync(path, source, cancellationToken);
        var files = EvidenceFiles.FolderOf(Path.GetDirectoryName(path)!);
        await EvidenceFiles.CopyAsync(path, EvidenceFiles.FolderBeside(source), files, cancellationToken);
        Console.WriteLine($"'{path}' is now what was in '{from}'.");
        Console.WriteLine(restored.ReplacedPath is { } replaced ? $"The database that was there is kept as '{replaced}'." : "There was no database there before.");
        return Tell(path, With(restored.Report, await EvidenceFiles.CheckAsync(path, files, cancellationToken)));
    });

    private static DatabaseReport With(DatabaseReport report, DatabaseReport files) => new([.. report.Facts, .. files.Facts], [.. report.Problems, .. files.Problems]);

    private static int Tell(string path, DatabaseReport report)
    {
        Console.WriteLine(report.IsSound ? $"'{path}' is sound." : $"'{path}' is NOT sound:");
        foreach (var problem in report.Problems)
        {
            Console.WriteLine($"  ! {problem}");
        }

        foreach (var fact in report.Facts)
        {
            Console.WriteLine($"  - {fact}");
        }

        return report.IsSound ? ServerProgram.Ok : ServerProgram.DatabaseUnusable;
    }

    private static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (DatabaseUnusableException exception)
        {
            return ServerProgram.Say(exception.Message, ServerProgram.DatabaseUnusable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ServerProgram.Say($"The files of evidence can not be copied: {exception.Message} Run the command again afterwards.", ServerProgram.DatabaseUnusable);
        }
    }
}
