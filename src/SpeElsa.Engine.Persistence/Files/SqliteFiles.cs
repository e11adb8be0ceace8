using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Engine.Persistence;

/// <summary>Database files past the engine: opened to look at, or to copy.</summary>
public static class SqliteFiles
{
    private const int CanNotOpen = 14;

    /// <summary>The files that belong to a database file.</summary>
    internal static readonly string[] Companions = ["-wal", "-shm", "-journal"];

    /// <summary>Opens a file to read. It is not changed: not even its log is written back when it is closed. A server may be using it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A connection that is open; the caller disposes it.</returns>
    /// <exception cref="DatabaseUnusableException">It has a log, and its folder can not be written, which reading a log needs.</exception>
    public static async Task<SqliteConnection> OpenReadOnlyAsync(string path, CancellationToken cancellationToken)
    {
        // A write that a kill cut off has to be taken back before anything can be read.
        var mode = File.Exists(path + "-journal") ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly;
        try
        {
            return await OpenAsync(path, mode, cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is CanNotOpen && File.Exists(path))
        {
            // Reading beside a writer needs a file of shared memory, which can not be made here; then there is no writer either.
            return new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 }
                ? await OpenAsync($"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly, cancellationToken)
                : throw new DatabaseUnusableException(
                    $"The database '{path}' has a log, and reading it needs a folder that can be written. Copy '{path}' and '{path}-wal' to another folder and name the copy: check --file FILE.");
        }
    }

    /// <summary>Makes a context on a connection; the connection stays the caller's.</summary>
    internal static EngineDbContext Context(SqliteConnection connection) => new(new DbContextOptionsBuilder<EngineDbContext>().UseSqlite(connection).Options);

    private static async Task<SqliteConnection> OpenAsync(string source, SqliteOpenMode mode, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);

            // What can not be opened shows itself at the first look.
            await connection.ReadAsync("PRAGMA schema_version", cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first column of what a statement gives, as text.</summary>
    internal static async Task<IReadOnlyList<string>> ReadAsync(this SqliteConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.IsDBNull(0) ? "" : reader.GetValue(0).ToString() ?? "");
        }

        return rows;
    }

    /// <summary>Puts what was written to a file on disk.</summary>
    internal static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
