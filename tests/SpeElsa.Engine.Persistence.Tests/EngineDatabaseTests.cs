using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class EngineDatabaseTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task The_migrations_make_the_schema_of_the_model()
    {
        await using var services = await _file.OpenAsync();
        await using var context = await ContextAsync(services);

        Assert.False(context.Database.HasPendingModelChanges(), "the model has changed: add a migration");
        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
        foreach (var entity in context.Model.GetEntityTypes())
        {
            Assert.Equal(1L, _file.Query<long>($"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{entity.GetTableName()}'"));
        }
    }

    [Fact]
    public async Task The_compiled_model_is_the_model()
    {
        await using var services = await _file.OpenAsync();
        await using var context = await ContextAsync(services);

        CompiledModels.AssertUpToDate(context);
    }

    [Fact]
    public async Task Every_connection_keeps_the_promises_of_a_commit()
    {
        await using var services = await _file.OpenAsync();
        var contexts = new List<EngineDbContext>();
        for (var number = 0; number < 3; number++)
        {
            var context = await ContextAsync(services);
            await context.Database.OpenConnectionAsync();
            contexts.Add(context);
        }

        foreach (var context in contexts)
        {
            Assert.Equal("wal", await ReadAsync<string>(context, "PRAGMA journal_mode"));
            Assert.Equal(2L, await ReadAsync<long>(context, "PRAGMA synchronous"));
            Assert.Equal(1L, await ReadAsync<long>(context, "PRAGMA foreign_keys"));
            Assert.Equal(5000L, await ReadAsync<long>(context, "PRAGMA busy_timeout"));
            await context.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_file_that_was_made_without_a_write_ahead_log_gets_one()
    {
        // As SQLite's own tools leave it after a backup or a VACUUM INTO.
        _file.Query<object>("PRAGMA journal_mode = DELETE; CREATE TABLE \"Other\" (\"Id\" INTEGER);");

        await using var services = await _file.OpenAsync();

        Assert.Equal("wal", _file.Query<string>("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task A_second_server_on_the_same_file_is_refused_until_the_first_one_ends()
    {
        await using (await _file.OpenAsync())
        {
            await using var second = _file.Services();
            var exception = await RefusedAsync(second);
            Assert.Contains("Another SpeElsa server is using the database", exception.Message, StringComparison.Ordinal);
            Assert.Contains(_file.Path, exception.Message, StringComparison.Ordinal);
        }

        await using var third = await _file.OpenAsync();
    }

    [Fact]
    public async Task A_start_that_was_killed_while_it_migrated_does_not_block_the_next_one()
    {
        await using (await _file.OpenAsync())
        {
            // The library's own lock is a row; a kill leaves it behind, and whoever comes next would wait for it for ever.
            _file.Query<object>("INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-03-01')");
        }

        await using var services = _file.Services();
        await services.GetRequiredService<EngineDatabase>().OpenAsync(default).WaitAsync(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_is_named_with_what_to_do()
    {
        // Not even the superuser can make a folder there.
        var path = "/proc/spe-elsa/engine.db";
        await using var services = new ServiceCollection().AddLogging().AddSqliteStore(path).BuildServiceProvider();

        var exception = await RefusedAsync(services);

        Assert.Contains("The database folder can not be", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Set DataDirectory to", exception.Message.Replace("set", "Set", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_whose_path_is_a_file_is_named_with_what_to_do()
    {
        var blocked = Path.Combine(_file.Folder, "file");
        await File.WriteAllTextAsync(blocked, "");
        await using var services = new ServiceCollection().AddLogging().AddSqliteStore(Path.Combine(blocked, "engine.db")).BuildServiceProvider();

        var exception = await RefusedAsync(services);

        Assert.Contains("The database folder can not be written", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_can_not_be_written_is_named_with_what_to_do()
    {
        await using (await _file.OpenAsync())
        {
            // Made, with all its tables.
        }

        var exception = await RefusedAsync(new DatabaseOn($"Data Source={_file.Path};Mode=ReadOnly;Pooling=False", _file.Path));

        Assert.Contains("can not be read or written", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Give this account write access", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_left_alone()
    {
        await File.WriteAllTextAsync(_file.Path, string.Concat(Enumerable.Repeat("These are my notes. ", 500)));
        var before = await File.ReadAllBytesAsync(_file.Path);
        await using var services = _file.Services();

        var exception = await RefusedAsync(services);

        Assert.Contains("is damaged or is not a SQLite file", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_file.Path));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_and_left_alone()
    {
        await using (var services = await _file.OpenAsync())
        {
            var store = services.GetRequiredService<IRuntimeStore>();
            for (var number = 0; number < 200; number++)
            {
                await store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}"), default);
            }
        }

        _file.Query<object>("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = await File.ReadAllBytesAsync(_file.Path);
        bytes.AsSpan(8 * 4096, bytes.Length - (12 * 4096)).Fill(0xA5);
        await File.WriteAllBytesAsync(_file.Path, bytes);
        await using var damaged = _file.Services();

        var exception = await RefusedAsync(damaged);

        Assert.Contains("is damaged", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Put back the last backup", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_refusal_the_same_process_can_try_again()
    {
        await File.WriteAllTextAsync(_file.Path, string.Concat(Enumerable.Repeat("These are my notes. ", 500)));
        await using var services = _file.Services();
        await RefusedAsync(services);
        _file.EndProcess();
        File.Delete(_file.Path);

        await services.GetRequiredService<EngineDatabase>().OpenAsync(default);
    }

    private static Task<DatabaseUnusableException> RefusedAsync(ServiceProvider services) =>
        Assert.ThrowsAsync<DatabaseUnusableException>(() => services.GetRequiredService<EngineDatabase>().OpenAsync(default));

    private static async Task<DatabaseUnusableException> RefusedAsync(DatabaseOn contexts)
    {
        using var database = new EngineDatabase(contexts.Path, contexts, NullLogger<EngineDatabase>.Instance);
        return await Assert.ThrowsAsync<DatabaseUnusableException>(() => database.OpenAsync(default));
    }

    private static Task<EngineDbContext> ContextAsync(ServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();

    private static async Task<T> ReadAsync<T>(EngineDbContext context, string sql)
    {
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Contexts on a connection string of the test's own.</summary>
    private sealed class DatabaseOn(string connectionString, string path) : IDbContextFactory<EngineDbContext>
    {
        public string Path { get; } = path;

        public EngineDbContext CreateDbContext() => new(new DbContextOptionsBuilder<EngineDbContext>().UseSqlite(connectionString).Options);
    }
}
