using Microsoft.Data.Sqlite;

namespace SpeElsa.Engine.Persistence;

/// <summary>The database can not be used. The message says why and what to do.</summary>
public sealed class DatabaseUnusableException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Says in words what SQLite says in numbers.</summary>
    internal static DatabaseUnusableException For(string path, SqliteException exception) => new(
        exception.SqliteErrorCode switch
        {
            8 or 10 or 14 => $"The database '{path}' can not be read or written ({exception.Message}). Give this account write access to the file and its folder, and check the disk.",
            11 or 26 => $"The database '{path}' is damaged or is not a SQLite file ({exception.Message}). Nothing was changed. Put back the last backup.",
            13 => $"The disk of the database '{path}' is full. Free some space and start again; nothing is lost.",
            _ => $"The database '{path}' can not be opened ({exception.Message}).",
        },
        exception);
}
