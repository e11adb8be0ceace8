using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>Files that are cut off, lost, copied by hand, or of another program: opened as they are, or refused in words. Never made anew in silence.</summary>
public sealed class DamagedFileTests
{
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.01)]
    public async Task A_file_that_was_cut_off_is_refused_and_left_alone(double kept)
    {
        using var file = await CleanAsync();
        using (var stream = File.OpenWrite(file.Path))
        {
            stream.SetLength((long)(stream.Length * kept));
        }

        var before = FilledFile.Bytes(file);
        var exception = await FilledFile.RefusedAsync(file);

        Assert.Contains("is damaged", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Put back the last backup", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, FilledFile.Bytes(file));
    }

    [Theory]
    [InlineData(true, "is gone")]
    [InlineData(false, "is empty")]
    public async Task A_file_that_was_lost_is_not_made_anew(bool deleted, string word)
    {
        using var file = await CleanAsync();
        File.Delete(file.Path);
        if (!deleted)
        {
            await File.WriteAllBytesAsync(file.Path, []);
        }

        var exception = await FilledFile.RefusedAsync(file);

        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"delete '{file.Path}.lock'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(!deleted, File.Exists(file.Path));
        File.Delete(file.Path + ".lock");
        await using var services = await file.OpenAsync();
    }

    [Fact]
    public async Task A_file_without_its_pages_but_with_a_log_is_not_made_anew()
    {
        using var file = await FilledFile.WithLogAsync();
        await File.WriteAllBytesAsync(file.Path, []);
        var before = FilledFile.Bytes(file);

        Assert.Contains("is empty", (await FilledFile.RefusedAsync(file)).Message, StringComparison.Ordinal);
        Assert.Equal(before, FilledFile.Bytes(file));
    }

    [Fact]
    public async Task A_file_of_a_newer_program_is_refused_and_left_alone()
    {
        using var file = await CleanAsync();
        file.Query<object>("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20991231000000_Future', '99.0.0')");
        var before = FilledFile.Bytes(file);

        var exception = await FilledFile.RefusedAsync(file);

        Assert.Contains("A newer SpeElsa wrote the database", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, FilledFile.Bytes(file));
        Assert.False((await DatabaseCheck.RunAsync(file.Path, default)).IsSound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_made_by_hand_while_it_is_written_is_opened_or_refused_in_words(bool withLog)
    {
        using var source = new SqliteFile();
        await using var services = await source.OpenAsync();
        var store = services.GetRequiredService<IRuntimeStore>();
        await FilledFile.AcceptAsync(store);
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var number = FilledFile.Commits; !done.IsCancellationRequested; number++)
            {
                await FilledFile.AcceptAsync(store, number, 1);
                if (number % 50 == 0)
                {
                    source.Query<object>("PRAGMA wal_checkpoint(PASSIVE)");
                }
            }
        });

        for (var round = 0; round < 8; round++)
        {
            using var copy = FilledFile.Copy(source, withLog);
            await OpensOrIsRefusedAsync(copy);
        }

        await done.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_start_that_a_kill_cut_off_in_its_first_write_takes_it_back()
    {
        using var file = await CleanAsync();
        file.Query<object>("PRAGMA journal_mode = DELETE");
        using var torn = new SqliteFile();
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file.Path};Pooling=False"))
        {
            // A journal that is on disk while the file is half written is what such a kill leaves.
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; CREATE TABLE Half (Text TEXT); "
                + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO Half SELECT hex(randomblob(500)) FROM n;";
            await command.ExecuteNonQueryAsync();
            File.Copy(file.Path, torn.Path);
            File.Copy(file.Path + "-journal", torn.Path + "-journal");
        }

        await using var services = await torn.OpenAsync();

        Assert.Equal(FilledFile.Commits, FilledFile.CountAccepted(torn));
        Assert.Equal(0L, torn.Query<long>("SELECT count(*) FROM sqlite_master WHERE name = 'Half'"));
    }

    private static async Task OpensOrIsRefusedAsync(SqliteFile copy)
    {
        await using var services = copy.Services();
        try
        {
            await services.GetRequiredService<EngineDatabase>().OpenAsync(default);
        }
        catch (DatabaseUnusableException exception)
        {
            Assert.Contains("damaged", exception.Message, StringComparison.Ordinal);
            return;
        }

        var answer = await services.GetRequiredService<IRuntimeStore>().AcceptAsync(A.Start("new", "new"), A.Instance("new"), default);
        Assert.Equal(Acceptance.Accepted, answer.Acceptance);
    }

    /// <summary>A file of a process that has ended in order.</summary>
    private static async Task<SqliteFile> CleanAsync()
    {
        var file = new SqliteFile();
        await using (var services = await file.OpenAsync())
        {
            await FilledFile.AcceptAsync(services.GetRequiredService<IRuntimeStore>());
        }

        file.EndProcess();
        return file;
    }
}
