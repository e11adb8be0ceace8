namespace SpeElsa.Engine.Persistence;

/// <summary>The right to use a database file, for one process. The lock is the operating system's: it ends with the process, however that ends.</summary>
internal sealed class DatabaseLock : IDisposable
{
    private const string Used = "The database beside this file has been in use.";
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    /// <summary>Whether the database was opened before: then a file that is missing or empty was lost, and is not a new one.</summary>
    public bool WasUsed => _file.Length > 0;

    /// <exception cref="DatabaseUnusableException">Another process has it, or the folder can not be written.</exception>
    public static DatabaseLock Take(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(databasePath))!);
            return new DatabaseLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DatabaseUnusableException($"The database folder can not be written ('{path}'). Give this account write access to it, or set DataDirectory to another folder.", exception);
        }
        catch (IOException exception) when (IsTaken(exception))
        {
            throw new DatabaseUnusableException($"Another SpeElsa server is using the database '{databasePath}'. Stop it first, or set DataDirectory to another folder.", exception);
        }
        catch (IOException exception)
        {
            throw new DatabaseUnusableException($"The database folder can not be written: {exception.Message} Set DataDirectory to a folder that can be written.", exception);
        }
    }

    /// <summary>Remembers that there is a database now.</summary>
    public void MarkUsed()
    {
        if (!WasUsed)
        {
            _file.Write(System.Text.Encoding.UTF8.GetBytes(Used));
            _file.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>"Would block" on Linux and macOS, "sharing violation" on Windows; a disk that is full or read-only says something else.</summary>
    private static bool IsTaken(IOException exception) =>
        (exception.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsMacOS() ? 35 : 11);
}
