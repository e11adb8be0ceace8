namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A log that is cut off or damaged. SQLite reads it up to the damage and says nothing; what was answered must not go missing in silence.</summary>
public sealed class DamagedLogTests
{
    private const int Header = 32;
    private const int Frame = 24 + 4096;

    [Theory]
    [InlineData(10)]
    [InlineData(Frame)]
    [InlineData((5 * Frame) + 100)]
    public async Task What_stands_before_the_end_of_a_log_that_was_cut_off_survives(int missingBytes)
    {
        using var file = await FilledFile.WithLogAsync();
        using (var log = File.OpenWrite(file.Path + "-wal"))
        {
            log.SetLength(log.Length - missingBytes);
        }

        await using var services = await file.OpenAsync();

        var commitsLost = FilledFile.Commits - FilledFile.CountAccepted(file);
        Assert.InRange(commitsLost, 1, 1 + (missingBytes / Frame));
    }

    [Fact]
    public async Task A_log_that_ends_in_half_a_commit_is_opened_without_it()
    {
        using var file = await FilledFile.WithLogAsync();
        Flip(file, at: new FileInfo(file.Path + "-wal").Length - 100);

        await using var services = await file.OpenAsync();

        Assert.Equal(FilledFile.Commits - 1, FilledFile.CountAccepted(file));
        Assert.True((await DatabaseCheck.RunAsync(file.Path, default)).Problems.All(problem => !problem.Contains("log", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Header + 500, "frame 1")]
    [InlineData(Header + (7 * Frame) + 12, "frame 8")]
    [InlineData(Header + (9 * Frame) + 2000, "frame 10")]
    [InlineData(18, "frame 0")]
    public async Task A_log_that_is_damaged_in_its_middle_is_refused_with_what_to_do_and_left_alone(int at, string where)
    {
        using var file = await FilledFile.WithLogAsync();
        Flip(file, at);
        var before = FilledFile.Bytes(file);

        var exception = await FilledFile.RefusedAsync(file);

        Assert.Contains($"is damaged at {where}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("restore --from", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, FilledFile.Bytes(file));
        Assert.Contains((await DatabaseCheck.RunAsync(file.Path, default)).Problems, problem => problem.Contains(where, StringComparison.Ordinal));
        Assert.Equal(before, FilledFile.Bytes(file));
    }

    [Fact]
    public async Task The_way_out_of_a_damaged_log_keeps_what_stands_before_the_damage()
    {
        using var file = await FilledFile.WithLogAsync();
        Flip(file, new FileInfo(file.Path + "-wal").Length / 2);
        var copy = Path.Combine(file.Folder, "readable.db");

        var report = await DatabaseBackup.CreateAsync(file.Path, copy, default);
        await DatabaseRestore.RunAsync(file.Path, copy, default);
        await using var services = await file.OpenAsync();

        Assert.Contains(report.Facts, fact => fact.Contains("which is damaged there", StringComparison.Ordinal));
        Assert.InRange(FilledFile.CountAccepted(file), 1, FilledFile.Commits - 1);
    }

    [Fact]
    public async Task A_log_in_use_is_whole_at_every_moment()
    {
        using var file = new SqliteFile();
        await using var services = await file.OpenAsync();
        var store = (Storage.IRuntimeStore)services.GetService(typeof(Storage.IRuntimeStore))!;
        using var done = new CancellationTokenSource();
        var looking = Task.Run(() =>
        {
            var looks = 0;
            for (; !done.IsCancellationRequested; looks++)
            {
                Assert.True(WriteAheadLog.Read(file.Path) is null or { IsDamaged: false });
            }

            return looks;
        });

        // Enough for the log to be begun anew some times.
        for (var round = 0; round < 10; round++)
        {
            await FilledFile.AcceptAsync(store, round * 40, 40);
            file.Query<object>("PRAGMA wal_checkpoint(RESTART)");
        }

        await done.CancelAsync();
        Assert.True(await looking > 0);
    }

    private static void Flip(SqliteFile file, long at)
    {
        using var log = File.Open(file.Path + "-wal", FileMode.Open);
        log.Position = at;
        var value = log.ReadByte();
        log.Position = at;
        log.WriteByte((byte)(value ^ 0xFF));
    }
}
