using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>Lets the database grow no further, as a full disk does.</summary>
internal sealed class FullDisk : IDbConnectionInterceptor, IDbTransactionInterceptor
{
    private int _refusals;
    private long _pages = int.MaxValue;

    /// <summary>How often a checkpoint was refused.</summary>
    public int Refusals => _refusals;

    /// <summary>From the next transaction on there is room for so many pages, in all; null: for any number.</summary>
    public void LimitTo(long? pages) => Volatile.Write(ref _pages, pages ?? int.MaxValue);

    public void AddTo(IServiceCollection services)
    {
        services.ConfigureDbContext<EngineDbContext>(options => options.AddInterceptors(this));
        services.Replace(ServiceDescriptor.Singleton<IRuntimeStore>(provider => new Counted(ActivatorUtilities.CreateInstance<EngineStore>(provider), this)));
    }

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Limit(connection);
        return Task.CompletedTask;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Limit(connection, result);
        return new(result);
    }

    private void Limit(DbConnection connection, DbTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"PRAGMA max_page_count = {Volatile.Read(ref _pages)}";
        command.ExecuteNonQuery();
    }

    private sealed class Counted(IRuntimeStore inner, FullDisk disk) : StoreDecorator(inner)
    {
        public override async Task<CommitOutcome> CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
        {
            try
            {
                return await base.CommitAsync(checkpoint, cancellationToken);
            }
            catch (SqliteException)
            {
                Interlocked.Increment(ref disk._refusals);
                throw;
            }
        }
    }
}
