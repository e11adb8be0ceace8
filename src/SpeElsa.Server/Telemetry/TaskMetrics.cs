using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Telemetry;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Storage;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Telemetry;

/// <summary>Counts what waits for people.</summary>
internal sealed class TaskMetrics : Clock
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private readonly IDbContextFactory<ServerDbContext> _contexts;
    private readonly SortedSet<string> _roles = new(StringComparer.Ordinal);
    private volatile Measurement<int>[] _waiting = [];

    public TaskMetrics(IDbContextFactory<ServerDbContext> contexts, EngineMeter meter, TimeProvider timeProvider, ILogger<TaskMetrics> logger)
        : base(LookEvery, timeProvider, logger)
    {
        _contexts = contexts;
        meter.Meter.CreateObservableGauge("speelsa.tasks.waiting", () => _waiting, "{task}", "Tasks that wait for a person, by role.");
    }

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var waiting = await context.Tasks.Where(row => row.State == TaskState.Open)
            .GroupBy(row => row.Role)
            .Select(rows => new { Role = rows.Key, Count = rows.Count() })
            .ToDictionaryAsync(row => row.Role, row => row.Count, StringComparer.Ordinal, cancellationToken);

        // A role that nothing waits for any more is told so.
        _roles.UnionWith(waiting.Keys);
        _waiting = [.. _roles.Select(role => new Measurement<int>(waiting.GetValueOrDefault(role), new KeyValuePair<string, object?>("role", role)))];
    }
}
