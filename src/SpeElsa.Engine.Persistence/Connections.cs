using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>The writer's connection. It stays open, and so its statements stay prepared.</summary>
internal sealed class WriteConnection : IAsyncDisposable
{
    private readonly EngineDbContext _context;
    private IDbContextTransaction? _transaction;

    private WriteConnection(EngineDbContext context)
    {
        _context = context;
        Statements = new Statements((SqliteConnection)context.Database.GetDbConnection());
    }

    /// <summary>Writes that are run for every burst.</summary>
    public Statements Statements { get; }

    /// <summary>All others. What it tracks is forgotten after each write.</summary>
    public EngineDbContext Context => _context;

    public static async Task<WriteConnection> OpenAsync(IDbContextFactory<EngineDbContext> contexts)
    {
        var context = await contexts.CreateDbContextAsync();
        try
        {
            await context.Database.OpenConnectionAsync();
            return new WriteConnection(context);
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    public async Task BeginAsync()
    {
        _transaction = await _context.Database.BeginTransactionAsync();
        Statements.Transaction = (SqliteTransaction)_transaction.GetDbTransaction();
    }

    public async Task CommitAsync()
    {
        await _transaction!.CommitAsync();
        await EndAsync();
    }

    /// <summary>Ends the transaction if there is one; what was not committed is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Statements.Dispose();
        await EndAsync();
        await _context.DisposeAsync();
    }

    private async Task EndAsync()
    {
        Statements.Transaction = null;
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.DisposeAsync();
        }
    }
}

/// <summary>Connections that only read, kept open with their prepared statements. Each read sees what is committed when it begins.</summary>
internal sealed class ReadConnections(IDbContextFactory<EngineDbContext> contexts) : IDisposable
{
    private readonly ConcurrentBag<ReadConnection> _free = [];
    private volatile bool _isDisposed;

    /// <summary>Reads with one statement.</summary>
    public T Read<T>(Func<Statements, T> read)
    {
        if (!_free.TryTake(out var connection))
        {
            connection = Open();
        }

        try
        {
            var result = read(connection.Statements);
            Keep(connection);
            return result;
        }
        catch
        {
            // Whatever was wrong may be wrong with the connection; the next read opens another one.
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Reads with several statements that all see the same moment.</summary>
    public T ReadMoment<T>(Func<Statements, T> read) => Read(statements =>
    {
        statements.Execute("BEGIN");
        try
        {
            return read(statements);
        }
        finally
        {
            // The pool of connections does not look whether one that comes back is in a transaction, and the next to have it would go on to see this moment.
            statements.Execute("ROLLBACK");
        }
    });

    public void Dispose()
    {
        _isDisposed = true;
        while (_free.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private void Keep(ReadConnection connection)
    {
        _free.Add(connection);
        if (_isDisposed)
        {
            Dispose();
        }
    }

    private ReadConnection Open()
    {
        var context = contexts.CreateDbContext();
        try
        {
            context.Database.OpenConnection();
            return new ReadConnection(context);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private sealed class ReadConnection(EngineDbContext context) : IDisposable
    {
        public Statements Statements { get; } = new((SqliteConnection)context.Database.GetDbConnection());

        public void Dispose()
        {
            Statements.Dispose();
            context.Dispose();
        }
    }
}
