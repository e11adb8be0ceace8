using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>Lets the database grow no further, as a full disk does.</summary>
internal sealed class FullDisk : IDbConnectionInterceptor, IDbCommandInterceptor
{
    private int _refusals;
    private long _pages = int.MaxValue;

    /// <summary>How often a statement was refused.</summary>
    public int Refusals => _refusals;

    /// <summary>From the next transaction on there is room for so many pages, in all; null: for any number.</summary>
    public void LimitTo(long? pages) => Volatile.Write(ref _pages, pages ?? int.MaxValue);

    public void AddTo(IServiceCollection services) => services.ConfigureDbContext<EngineDbContext>(options => options.AddInterceptors(this));

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {Volatile.Read(ref _pages)}";
        command.ExecuteNonQuery();
    }

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Exception is SqliteException { SqliteErrorCode: 13 })
        {
            Interlocked.Increment(ref _refusals);
        }

        return Task.CompletedTask;
    }
}
