using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Elsa.Workflows.Management.Features;
using Elsa.Workflows.Runtime.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Storage;

namespace Elsa.Persistence.EFCore.Modules.Runtime
{
    /// <summary>The engine's stores on EF Core. Definitions, instances and journal are in one database, since they change in one transaction.</summary>
    public class EFCorePersistenceFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>What Elsa uses when none is named.</summary>
        public const string DefaultConnectionString = "Data Source=elsa.sqlite.db;Cache=Shared;";

        private string? _path;

        /// <summary>Keeps everything in a SQLite file.</summary>
        /// <param name="connectionString">Names the file; the engine sets everything else. Default: elsa.sqlite.db in the working directory.</param>
        /// <exception cref="InvalidOperationException">Another file was named before.</exception>
        public EFCorePersistenceFeature UseSqlite(string connectionString = DefaultConnectionString)
        {
            var path = new SqliteConnectionStringBuilder(connectionString).DataSource;
            if (_path is not null && _path != path)
            {
                throw new InvalidOperationException($"Management and runtime share one database, but '{_path}' and '{path}' are named. Name the same one for both.");
            }

            _path = path;
            return this;
        }

        /// <inheritdoc />
        public override void ConfigureHostedServices() => ConfigureHostedService<OpenDatabase>(priority: -100);

        /// <inheritdoc />
        public override void Apply() =>
            Services.AddSqliteStore(_path ?? throw new InvalidOperationException("UseEntityFrameworkCore needs a database: call UseSqlite() in it."));

        /// <summary>Opens the database before anything uses it: a file that can not be used stops the start.</summary>
        private sealed class OpenDatabase(EngineDatabase database, IRuntimeStore store) : IHostedService
        {
            public async Task StartAsync(CancellationToken cancellationToken)
            {
                await database.OpenAsync(cancellationToken);

                // The database's lock is ours, so whoever owned instances in it is dead.
                await store.EvictAsync("", cancellationToken);
            }

            public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Persistence.EFCore.Modules.Runtime;

    /// <summary>Keeps the engine's data by EF Core.</summary>
    public static class EFCoreModuleExtensions
    {
        /// <summary>Keeps definitions by EF Core, in the database of the runtime.</summary>
        public static WorkflowManagementFeature UseEntityFrameworkCore(this WorkflowManagementFeature feature, Action<EFCorePersistenceFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(feature);
            feature.Module.Configure(configure);
            return feature;
        }

        /// <summary>Keeps instances by EF Core, in the database of the definitions.</summary>
        public static WorkflowRuntimeFeature UseEntityFrameworkCore(this WorkflowRuntimeFeature feature, Action<EFCorePersistenceFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(feature);
            feature.Module.Configure(configure);
            return feature;
        }
    }
}
