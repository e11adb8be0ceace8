using Elsa.Workflows;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Torture;

/// <summary>
/// Looks at what a dead process left behind. It looks at a copy of the files: the next process is to be the first that opens the database after the
/// death, as it is after a power cut.
/// </summary>
internal sealed class Audit : IDisposable
{
    private readonly string _data;
    private readonly string _copy;
    private readonly Findings _findings;
    private ServiceProvider _services;
    private IInstanceReader _reader;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JournalRecord>> _steps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private int _worldLines;

    public Audit(string data, string copy, Findings findings)
    {
        _data = data;
        _copy = copy;
        _findings = findings;
        Directory.CreateDirectory(copy);
        (_services, _reader) = Open();
    }

    /// <summary>Instances that were in a burst, or about to be in one, when the process died.</summary>
    public IReadOnlyList<string> CutOff { get; private set; } = [];

    /// <summary>Instances that have begun and not ended.</summary>
    public IReadOnlyList<string> Unfinished { get; private set; } = [];

    /// <summary>Instances that are set aside.</summary>
    public IReadOnlyList<string> SetAside { get; private set; } = [];

    /// <summary>Effects in the world.</summary>
    public int Effects { get; private set; }

    public void Dispose() => _services.Dispose();

    /// <summary>What is known of an instance, in a line.</summary>
    public string Describe(string instanceId)
    {
        var last = _known.GetValueOrDefault(instanceId);
        return last is null ? "it is not stored" : $"it stands at row {last.Instance.JournalSequence} ({last.LastRow}), incidents: {last.Instance.IncidentCount}, set aside: {last.Instance.SetAside ?? "no"}";
    }

    /// <summary>Checks what must hold after every death.</summary>
    /// <param name="where">The moment, for the report.</param>
    /// <param name="answered">The keys whose callers have been told that they are stored.</param>
    public async Task LookAsync(string where, IReadOnlyCollection<string> answered)
    {
        _findings.Audited();
        Copy();
        if (!await CheckFileAsync(where))
        {
            // It died before it had made the schema.
            foreach (var key in answered)
            {
                Report(Finding.Lost, where, $"{key} was answered and is not stored");
            }

            return;
        }

        await CheckAnswersAsync(where, answered);
        var (instances, _) = await _reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, int.MaxValue, default);
        foreach (var instance in instances)
        {
            await CheckJournalAsync(where, instance);
        }

        CheckWorld(where);
        var (cutOff, _) = await _reader.ListAsync(new InstanceFilter { IsExecuting = true }, InstanceOrder.NewestFirst, 0, int.MaxValue, default);
        CutOff = [.. cutOff.Select(instance => instance.Id)];
        Unfinished = [.. instances.Where(instance => instance.Status is WorkflowStatus.Running && instance.StateVersion > 0 && instance.SetAside is null).Select(instance => instance.Id)];
        SetAside = [.. instances.Where(instance => instance.SetAside is not null).Select(instance => instance.Id)];
    }

    /// <summary>Checks what must hold when all is over.</summary>
    /// <param name="where">The moment, for the report.</param>
    /// <param name="plans">What each instance was to do.</param>
    /// <param name="signals">The keys of all signals, each of which something waited for.</param>
    public async Task EndAsync(string where, IReadOnlyDictionary<string, DrawnWorkflow> plans, IReadOnlyCollection<string> signals)
    {
        var effects = World().Where(line => line.IsEffect).GroupBy(line => (Root: RootOf(line.InstanceId), line.ActivityId)).ToDictionary(group => group.Key, group => group.Count());
        Effects = effects.Values.Sum();
        foreach (var (id, plan) in plans)
        {
            foreach (var (activity, expected) in plan.Effects)
            {
                var found = effects.GetValueOrDefault((id, activity));
                if (found != expected)
                {
                    Report(found < expected ? Finding.Lost : Finding.Doubled, where, $"{activity} of {id} acted {found} times and not {expected}");
                }
            }
        }

        foreach (var (root, activity) in effects.Keys.Where(key => !plans.TryGetValue(key.Root, out var plan) || !plan.Effects.ContainsKey(key.ActivityId)))
        {
            // One of another version, or behind a branch that is not taken.
            Report(Finding.Violation, where, $"{activity} of {root} should not have acted");
        }

        foreach (var key in signals)
        {
            if ((await _reader.FindStimulusAsync(key, default))?.State is not StimulusState.Consumed and var state)
            {
                Report(Finding.Violation, where, $"{key} is {state?.ToString() ?? "not stored"} although its instance has ended");
            }
        }

        foreach (var (execution, rows) in _steps)
        {
            CheckExecution(where, execution, rows);
        }
    }

    private void CheckExecution(string where, string execution, List<JournalRecord> rows)
    {
        var completed = rows.Count(row => row.EventName == "Completed");
        if (completed != 1)
        {
            Report(completed == 0 ? Finding.Lost : Finding.Doubled, where, $"{rows[0].ActivityId} ({execution}) completed {completed} times");
        }

        var late = rows.Count(row => row.Payload?.Contains("LatenessMilliseconds", StringComparison.Ordinal) == true);
        if (rows[0].ActivityType == "Elsa.Delay" && late != 1)
        {
            Report(Finding.Violation, where, $"the timer of {rows[0].ActivityId} ({execution}) has {late} rows with its lateness and not one");
        }

        int[] intents = [.. rows.Where(row => row.Role is JournalRole.Intent).Select(row => row.Attempt)];
        if (!intents.SequenceEqual(Enumerable.Range(1, intents.Length)))
        {
            Report(Finding.Violation, where, $"the attempts of {rows[0].ActivityId} ({execution}) are {string.Join(", ", intents)}");
        }
    }

    /// <returns>Whether there is a schema.</returns>
    private async Task<bool> CheckFileAsync(string where)
    {
        await using var context = await _services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        var result = (await context.Database.SqlQueryRaw<string>("PRAGMA quick_check(1)").ToListAsync())[0];
        if (result != "ok")
        {
            Report(Finding.Violation, where, $"the database is damaged: {result}");
        }

        return (await context.Database.SqlQueryRaw<string>("SELECT name FROM sqlite_master WHERE name = 'Triggers'").ToListAsync()).Count > 0
            && (await context.Database.GetPendingMigrationsAsync()).FirstOrDefault() is null;
    }

    private async Task CheckAnswersAsync(string where, IReadOnlyCollection<string> answered)
    {
        foreach (var key in answered.Except(_stored).ToArray())
        {
            if (await _reader.FindStimulusAsync(key, default) is null)
            {
                Report(Finding.Lost, where, $"{key} was answered and is not stored");
            }

            _stored.Add(key);
        }
    }

    /// <summary>What was seen of the journal before must be there, unchanged; what is new must go on from it.</summary>
    private async Task CheckJournalAsync(string where, InstanceRecord instance)
    {
        var known = _known.GetValueOrDefault(instance.Id);
        if (known is not null && known.Instance.StateVersion == instance.StateVersion && known.Instance.SetAside == instance.SetAside)
        {
            return;
        }

        var rows = await _reader.ReadJournalAsync(instance.Id, 0, int.MaxValue, default);
        if (JournalChain.FindBreak(rows, instance) is { } broken)
        {
            Report(Finding.Violation, where, $"the journal of {instance.Id} breaks at row {broken}");
        }

        var before = (int)(known?.Instance.JournalSequence ?? 0);
        if (before > 0 && (rows.Count < before || rows[before - 1].Hash != known!.Instance.JournalHash))
        {
            Report(Finding.Violation, where, $"rows of the journal of {instance.Id} that were there are gone or changed");
        }

        foreach (var row in rows.Skip(before))
        {
            if (!_steps.TryGetValue(row.ActivityInstanceId, out var steps))
            {
                _steps.Add(row.ActivityInstanceId, steps = []);
            }

            steps.Add(row);
        }

        _known[instance.Id] = new Known(instance, rows.Count == 0 ? "" : $"{rows[^1].EventName} {rows[^1].ActivityId}");
    }

    private void CheckWorld(string where)
    {
        var lines = World();
        foreach (var line in lines.Skip(_worldLines))
        {
            if (!_steps.TryGetValue(line.ExecutionId, out var rows) || !rows.Exists(row => row.Role is JournalRole.Intent && row.Attempt == line.Attempt))
            {
                Report(Finding.Violation, where, $"{line.ActivityId} of {line.InstanceId} acted as attempt {line.Attempt} without a stored intent");
            }
        }

        _worldLines = lines.Length;
        foreach (var doubled in lines.Where(line => line.IsEffect).GroupBy(line => line.ExecutionId).Where(group => group.Count() > 1))
        {
            Report(Finding.Doubled, where, $"{doubled.First().ActivityId} of {doubled.First().InstanceId} ({doubled.Key}) acted {doubled.Count()} times");
        }
    }

    /// <summary>A broken promise is reported once, at the first look that sees it.</summary>
    private void Report(Finding kind, string where, string what)
    {
        if (_reported.Add(what))
        {
            _findings.Report(kind, where, what);
        }
    }

    private WorldLine[] World()
    {
        var path = Path.Combine(_data, "world.txt");
        return File.Exists(path) ? [.. File.ReadLines(path).Select(WorldLine.Parse)] : [];
    }

    private string RootOf(string instanceId)
    {
        while (_known.GetValueOrDefault(instanceId)?.Instance.ParentInstanceId is { } parent)
        {
            instanceId = parent;
        }

        return instanceId;
    }

    private (ServiceProvider Services, IInstanceReader Reader) Open()
    {
        var services = new ServiceCollection().AddLogging().AddSqliteStore(Path.Combine(_copy, "engine.db")).BuildServiceProvider();
        return (services, services.GetRequiredService<IInstanceReader>());
    }

    /// <summary>Connections stay open: those to the copy of before would go on to read it.</summary>
    private void Copy()
    {
        using (var context = _services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContext())
        using (var pool = new SqliteConnection(context.Database.GetConnectionString()))
        {
            _services.Dispose();
            SqliteConnection.ClearPool(pool);
        }

        foreach (var old in Directory.GetFiles(_copy))
        {
            File.Delete(old);
        }

        foreach (var file in Directory.GetFiles(_data, "engine.db*").Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(_copy, Path.GetFileName(file)));
        }

        (_services, _reader) = Open();
    }

    private sealed record Known(InstanceRecord Instance, string LastRow);
}
