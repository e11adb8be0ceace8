using System.Globalization;
using SpeElsa.Engine.Persistence;
using SpeElsa.Server.Startup;

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
        Console.WriteLine($"Copied '{path}' to '{target}'.");
        return Tell(target, report);
    });

    public static Task<int> CheckAsync(string path, CancellationToken cancellationToken) =>
        RunAsync(async () => Tell(path, await DatabaseCheck.RunAsync(path, cancellationToken)));

    public static Task<int> RestoreAsync(string path, string from, CancellationToken cancellationToken) => RunAsync(async () =>
    {
        var restored = await DatabaseRestore.RunAsync(path, Path.GetFullPath(from), cancellationToken);
        Console.WriteLine($"'{path}' is now what was in '{from}'.");
        Console.WriteLine(restored.ReplacedPath is { } replaced ? $"The database that was there is kept as '{replaced}'." : "There was no database there before.");
        return Tell(path, restored.Report);
    });

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
    }
}
