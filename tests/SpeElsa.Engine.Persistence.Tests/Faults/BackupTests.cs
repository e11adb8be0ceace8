using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A backup is one moment of a database in use, whole or not there; putting it back loses neither it nor what it replaces.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    private string Copy => Path.Combine(_file.Folder, "copy.db");

    [Fact]
    public async Task A_copy_of_a_database_in_use_has_all_that_was_answered_before_it_began()
    {
        await using var services = await _file.OpenAsync();
        var store = services.GetRequiredService<IRuntimeStore>();
        await FilledFile.AcceptAsync(store);
        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var number = FilledFile.Commits;
            for (; !done.IsCancellationRequested; number++)
            {
                await FilledFile.AcceptAsync(store, number, 1);
            }

            return number;
        });
        for (var round = 0; round < 5; round++)
        {
            File.Delete(Copy);
            await DatabaseBackup.CreateAsync(_file.Path, Copy, default);
        }

        await done.CancelAsync();
        var written = await writing;

        Assert.Equal(["copy.db"], Directory.EnumerateFiles(_file.Folder, "copy*").Select(Path.GetFileName));
        using var copy = new SqliteFile();
        File.Copy(Copy, copy.Path);
        Assert.InRange(FilledFile.CountAccepted(copy), FilledFile.Commits, written);
    }

    [Fact]
    public async Task A_run_goes_on_from_a_backup_and_what_was_replaced_is_kept()
    {
        string id;
        await using (var host = await FilledFile.StartAsync(_file))
        {
            id = await host.StartWorkflowAsync(FilledFile.Definition);
            var wait = await host.WaitForBookmarkOfAsync(id, "wait");
            Assert.True((await DatabaseBackup.CreateAsync(_file.Path, Copy, default)).IsSound);
            await host.SignalAsync(wait);
            await host.WaitForFinishAsync(id);
            var refusal = await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseRestore.RunAsync(_file.Path, Copy, default));
            Assert.Contains("Another SpeElsa server is using the database", refusal.Message, StringComparison.Ordinal);
        }

        _file.EndProcess();
        var restored = await DatabaseRestore.RunAsync(_file.Path, Copy, default);

        await using var after = await FilledFile.StartAsync(_file);
        await after.SignalAsync(await after.WaitForBookmarkOfAsync(id, "wait"), "again");
        Assert.Equal(WorkflowSubStatus.Finished, (await after.WaitForFinishAsync(id)).SubStatus);
        Assert.Contains("1 Finished", string.Join(";", (await DatabaseCheck.RunAsync(restored.ReplacedPath!, default)).Facts), StringComparison.Ordinal);
        Assert.True(File.Exists(Copy));
    }

    [Fact]
    public async Task A_backup_overwrites_nothing_and_clears_away_what_an_earlier_one_left()
    {
        await using var services = await _file.OpenAsync();
        await File.WriteAllTextAsync(Copy, "mine");
        await File.WriteAllTextAsync(Path.Combine(_file.Folder, "next.db.partial"), "cut off");

        var exception = await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseBackup.CreateAsync(_file.Path, Copy, default));
        await DatabaseBackup.CreateAsync(_file.Path, Path.Combine(_file.Folder, "next.db"), default);

        Assert.Contains("There is a file", exception.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Copy));
        Assert.Equal(["next.db"], Directory.EnumerateFiles(_file.Folder, "next*").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("nowhere/copy.db")]
    [InlineData("/proc/copy.db")]
    public async Task A_backup_that_can_not_be_written_says_so_and_leaves_nothing(string target)
    {
        await using var services = await _file.OpenAsync();
        var path = Path.Combine(_file.Folder, target);

        var exception = await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseBackup.CreateAsync(_file.Path, path, default));

        Assert.Contains("can not be written", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("UPDATE JournalPages SET Hash = 'changed'", "The journal of instance")]
    [InlineData("DROP TABLE __EFMigrationsHistory", "not a database of SpeElsa")]
    public async Task A_backup_that_is_not_sound_replaces_nothing(string sql, string problem)
    {
        var (broken, _, _) = await FilledFile.WithRunsAsync();
        using var _b = broken;
        broken.Query<object>(sql);
        await using (await _file.OpenAsync())
        {
            // The one that must stay.
        }

        _file.EndProcess();
        var before = FilledFile.Bytes(_file);

        var exception = await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseRestore.RunAsync(_file.Path, broken.Path, default));

        Assert.Contains("nothing was replaced", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, FilledFile.Bytes(_file));
        await using var services = await _file.OpenAsync();
    }

    /// <summary>The files as a kill leaves them after each step; see the list at <see cref="DatabaseRestore"/>.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_restore_that_was_killed_changes_nothing_or_is_ended_by_running_it_again(int step)
    {
        await using (var services = await _file.OpenAsync())
        {
            await FilledFile.AcceptAsync(services.GetRequiredService<IRuntimeStore>());
        }

        _file.EndProcess();
        using var backup = new SqliteFile();
        await using (await backup.OpenAsync())
        {
            // Empty, so that it can be told from the other.
        }

        backup.EndProcess();
        File.Copy(backup.Path, _file.Path + (step == 2 ? ".restore-copy" : ".restoring"));
        if (step == 4)
        {
            File.Move(_file.Path, Path.Combine(_file.Folder, "engine-replaced.db"));
        }

        if (step == 2)
        {
            await using var services = await _file.OpenAsync();
            Assert.Equal(FilledFile.Commits, FilledFile.CountAccepted(_file));
        }
        else
        {
            Assert.Contains("was interrupted. Run it again", (await FilledFile.RefusedAsync(_file)).Message, StringComparison.Ordinal);
        }

        _file.EndProcess();
        await DatabaseRestore.RunAsync(_file.Path, backup.Path, default);

        Assert.Equal(0, FilledFile.CountAccepted(_file));
        Assert.Single(Directory.EnumerateFiles(_file.Folder, "engine-replaced*.db"));
        Assert.Empty(Directory.EnumerateFiles(_file.Folder, "*.restor*"));
        await using var restored = await _file.OpenAsync();
    }
}
