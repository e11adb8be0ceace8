using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A check says in words what is wrong, and only what is wrong.</summary>
public sealed class DatabaseCheckTests
{
    [Fact]
    public async Task A_database_in_use_is_sound_and_its_contents_are_told()
    {
        var (file, _, _) = await FilledFile.WithRunsAsync();
        using var _file = file;

        var report = await DatabaseCheck.RunAsync(file.Path, default);

        Assert.Empty(report.Problems);
        Assert.Contains("2 instances: 1 Suspended, 1 Finished", report.Facts);
        Assert.Contains("1 waits, 0 of them for a time", report.Facts);
        Assert.Contains("1 versions of definitions", report.Facts);
    }

    [Theory]
    [InlineData("UPDATE JournalPages SET Hash = replace(Hash, substr(Hash, 1, 1), 'x') WHERE InstanceId = '{ended}'", "The journal of instance {ended} breaks at row 1")]
    [InlineData("UPDATE JournalPages SET Content = x'0203' WHERE InstanceId = '{ended}'", "The page of the journal of instance {ended} that begins with row 1 can not be read")]
    [InlineData("UPDATE JournalPages SET Count = Count - 1 WHERE InstanceId = '{ended}'", "The page of the journal of instance {ended} that begins with row 1 can not be read")]
    [InlineData("DELETE FROM JournalPages WHERE InstanceId = '{ended}' AND FirstSequence = 1", "The journal of instance {ended} breaks at row 1")]
    [InlineData("DELETE FROM JournalPages WHERE InstanceId = '{waiting}' AND FirstSequence = (SELECT max(FirstSequence) FROM JournalPages WHERE InstanceId = '{waiting}')", "The journal of instance {waiting} breaks")]
    [InlineData("DELETE FROM Bookmarks", "Instance {waiting} waits at")]
    [InlineData("UPDATE Bookmarks SET Id = 'other'", "Instance {waiting} does not wait at other any more")]
    [InlineData("UPDATE Bookmarks SET InstanceId = 'nobody'", "has no instance")]
    [InlineData("INSERT INTO Timers (BookmarkId, InstanceId, DueAt) VALUES ('gone', '{waiting}', 1)", "The timer of the wait gone has no wait")]
    [InlineData("UPDATE InstanceStates SET State = x'0203' WHERE InstanceId = '{waiting}'", "The state of instance {waiting} can not be read")]
    [InlineData("DELETE FROM InstanceStates WHERE InstanceId = '{waiting}'", "The state of instance {waiting} is missing")]
    [InlineData("UPDATE Definitions SET Json = replace(Json, 'before', 'behind')", "Version 1 of the definition 'filled' is not what was stored")]
    [InlineData("DELETE FROM Definitions", "Instance {waiting} is bound to version 1 of 'filled', which is not there")]
    [InlineData("PRAGMA foreign_keys = OFF; UPDATE InstanceStates SET InstanceId = 'nobody' WHERE InstanceId = '{ended}'", "refers to nothing in Instances")]
    public async Task What_was_changed_behind_the_engines_back_is_found(string sql, string problem)
    {
        var (file, waiting, ended) = await FilledFile.WithRunsAsync();
        using var _ = file;
        string Fill(string text) => text.Replace("{waiting}", waiting, StringComparison.Ordinal).Replace("{ended}", ended, StringComparison.Ordinal);
        file.Query<object>(Fill(sql));
        var before = FilledFile.Bytes(file);

        var report = await DatabaseCheck.RunAsync(file.Path, default);

        Assert.Contains(report.Problems, found => found.Contains(Fill(problem), StringComparison.Ordinal));
        Assert.Equal(before, FilledFile.Bytes(file));
    }

    /// <summary>A row in the middle of a page, changed by somebody who can write pages, but not what follows from it.</summary>
    [Fact]
    public async Task A_row_that_was_changed_is_found_by_the_hash_of_its_page()
    {
        var (file, _, ended) = await FilledFile.WithRunsAsync();
        using var _file = file;
        var page = await ChangedAsync(file, ended, rows => rows[1] = rows[1] with { Message = "changed" });

        var report = await DatabaseCheck.RunAsync(file.Path, default);

        var last = page.FirstSequence + page.Count - 1;
        Assert.Equal([$"The journal of instance {ended} breaks at row {page.FirstSequence} to {last}: it was changed, or rows are missing"], report.Problems);
    }

    /// <summary>Changes the rows of the first page of an instance's journal.</summary>
    internal static async Task<JournalPageRow> ChangedAsync(SqliteFile file, string instanceId, Action<List<JournalRecord>> change)
    {
        await using var context = SqliteFiles.Context(new SqliteConnection($"Data Source={file.Path};Pooling=False"));
        var page = await context.JournalPages.AsNoTracking().OrderBy(row => row.FirstSequence).FirstAsync(row => row.InstanceId == instanceId);
        var rows = JournalPages.Decode([page], "").ToList();
        Assert.True(rows.Count > 2, "There is no row in the middle of the page.");
        change(rows);
        var content = JournalPages.Encode(rows);
        await context.JournalPages.Where(row => row.InstanceId == instanceId && row.FirstSequence == page.FirstSequence).ExecuteUpdateAsync(set => set.SetProperty(row => row.Content, content));
        return page;
    }

    [Fact]
    public async Task What_is_set_aside_is_told_and_no_problem_of_the_database()
    {
        var (file, waiting, _) = await FilledFile.WithRunsAsync();
        using var _file = file;
        file.Query<object>("UPDATE Instances SET SetAside = 'some reason' WHERE Status = 'Running'");

        var report = await DatabaseCheck.RunAsync(file.Path, default);

        Assert.True(report.IsSound);
        Assert.Contains($"Instance {waiting} is set aside: some reason", report.Facts);
    }

    [Fact]
    public async Task A_file_that_is_no_database_of_ours_is_named()
    {
        using var file = new SqliteFile();
        file.Query<object>("CREATE TABLE Other (Id INTEGER)");
        Assert.Contains("not a database of SpeElsa", Assert.Single((await DatabaseCheck.RunAsync(file.Path, default)).Problems), StringComparison.Ordinal);

        var text = Path.Combine(file.Folder, "notes.txt");
        await File.WriteAllTextAsync(text, new string('n', 5000));
        Assert.Contains("not a SQLite file", (await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseCheck.RunAsync(text, default))).Message, StringComparison.Ordinal);
        var nothing = Path.Combine(file.Folder, "nothing.db");
        Assert.Contains("There is no database", (await Assert.ThrowsAsync<DatabaseUnusableException>(() => DatabaseCheck.RunAsync(nothing, default))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(nothing));
    }
}
