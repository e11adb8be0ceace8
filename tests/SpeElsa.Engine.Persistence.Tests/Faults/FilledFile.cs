using System.Security.Cryptography;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A database with what a server leaves in it, and with a log that was not written back: as after a kill.</summary>
internal static class FilledFile
{
    public const int Commits = 20;

    private static readonly DefinitionRecord Some = A.Definition("some");

    /// <summary>The workflow every instance in it runs.</summary>
    public static string Definition => A.Sequence("filled").With(A.Line("before"), A.Event("wait", "go"), A.Line("after")).ToJson();

    /// <summary>Copies the files of a database in use, as "cp" would; whoever uses it goes on.</summary>
    public static SqliteFile Copy(SqliteFile source, bool withLog = true)
    {
        var copy = new SqliteFile();
        File.Copy(source.Path, copy.Path);
        if (withLog)
        {
            File.Copy(source.Path + "-wal", copy.Path + "-wal");
        }

        return copy;
    }

    /// <summary>Accepts one start after the other: each is a commit of its own, and the caller was told yes.</summary>
    public static async Task AcceptAsync(IRuntimeStore store, int first = 0, int count = Commits)
    {
        for (var number = first; number < first + count; number++)
        {
            Assert.Equal(Acceptance.Accepted, (await store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}") with { DefinitionHash = Some.ContentHash }, default)).Acceptance);
        }
    }

    /// <summary>A file with so many accepted starts, all of which stand in the log.</summary>
    public static async Task<SqliteFile> WithLogAsync()
    {
        using var source = new SqliteFile();
        await using var services = await source.OpenAsync();
        await services.GetRequiredService<IDefinitionStore>().PublishAsync(Some, default);
        source.Query<object>("PRAGMA wal_checkpoint(TRUNCATE)");
        await AcceptAsync(services.GetRequiredService<IRuntimeStore>());
        return Copy(source);
    }

    /// <summary>A file with an instance that waits and one that has ended.</summary>
    public static async Task<(SqliteFile File, string Waiting, string Ended)> WithRunsAsync()
    {
        var file = new SqliteFile();
        await using (var host = await StartAsync(file))
        {
            var waiting = await host.StartWorkflowAsync(Definition);
            var ended = await host.StartWorkflowAsync(Definition);
            await host.WaitForBookmarkOfAsync(waiting, "wait");
            await host.SignalAsync(await host.WaitForBookmarkOfAsync(ended, "wait"));
            Assert.Equal(WorkflowSubStatus.Finished, (await host.WaitForFinishAsync(ended)).SubStatus);
            return (file, waiting, ended);
        }
    }

    public static Task<TestHost> StartAsync(SqliteFile file, TimeProvider? clock = null, Action<IServiceCollection>? configure = null) => TestHost.StartAsync(
        services =>
        {
            services.AddSqliteStore(file.Path);
            configure?.Invoke(services);
        },
        services => services.GetRequiredService<EngineDatabase>().OpenAsync(default),
        clock,
        typeof(Effect).Assembly);

    /// <summary>How many of the accepted starts are there; they are the first ones without a gap.</summary>
    public static int CountAccepted(SqliteFile file)
    {
        var count = (int)file.Query<long>("SELECT count(*) FROM Inbox WHERE Key LIKE 'k%'");
        Assert.Equal(count, (int)file.Query<long>($"SELECT count(*) FROM Inbox WHERE Key IN ({string.Join(", ", Enumerable.Range(0, count).Select(number => $"'k{number}'").DefaultIfEmpty("''"))})"));
        Assert.Equal(count, (int)file.Query<long>("SELECT count(*) FROM Instances"));
        return count;
    }

    /// <summary>The bytes of the file and its log in a few letters, to see that nothing was changed.</summary>
    public static (string File, string Log) Bytes(SqliteFile file) => (HashOf(file.Path), HashOf(file.Path + "-wal"));

    public static async Task<DatabaseUnusableException> RefusedAsync(SqliteFile file)
    {
        await using var services = file.Services();
        return await Assert.ThrowsAsync<DatabaseUnusableException>(() => services.GetRequiredService<EngineDatabase>().OpenAsync(default));
    }

    private static string HashOf(string path) => File.Exists(path) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : Convert.ToHexString(SHA256.HashData([]));
}
