using System.Collections.Concurrent;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>One entry of an activity with effects, as it saw itself.</summary>
public sealed record Entry(string ActivityId, string ExecutionId, int Attempt, bool Acted);

/// <summary>The world outside the engine: a file that activities append to. It outlives hosts, as the real one does.</summary>
public sealed class EffectWorld : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("spe-effects-").FullName, "effects.txt");
    private readonly Lock _lock = new();

    /// <summary>Who entered, in order.</summary>
    public ConcurrentQueue<Entry> Entries { get; } = new();

    /// <summary>Effects that came before their intent was stored; there should be none.</summary>
    public ConcurrentQueue<string> Unannounced { get; } = new();

    /// <summary>What is stored, to look at from inside an effect.</summary>
    public IInstanceReader? Reader { get; set; }

    /// <summary>Runs inside an activity, before it acts.</summary>
    public Func<string, CancellationToken, Task> BeforeActing { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The lines of the file: the activity and its execution.</summary>
    public string[] Lines()
    {
        lock (_lock)
        {
            return File.Exists(_file) ? File.ReadAllLines(_file) : [];
        }
    }

    /// <summary>The activities whose effect is in the world, in order.</summary>
    public string[] Effects() => [.. Lines().Select(line => line.Split(' ')[0])];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    internal async Task ActAsync(ActivityExecutionContext context)
    {
        var instanceId = context.WorkflowExecutionContext.Id;
        if (Reader is not null && !(await Reader.ReadJournalAsync(instanceId, 0, int.MaxValue, default)).Any(row =>
                row.Role is JournalRole.Intent && row.ActivityInstanceId == context.Id && row.Attempt == context.GetMetadata<int>("Attempt")))
        {
            Unannounced.Enqueue(context.Activity.Id);
        }

        await BeforeActing(context.Activity.Id, context.CancellationToken);
        var line = $"{context.Activity.Id} {context.Id}";
        bool acts;
        lock (_lock)
        {
            // Looking first makes the second entry harmless, as every step of a move does it.
            acts = !File.Exists(_file) || !File.ReadAllLines(_file).Contains(line);
            if (acts)
            {
                File.AppendAllLines(_file, [line]);
            }
        }

        Entries.Enqueue(new Entry(context.Activity.Id, context.Id, context.GetMetadata<int>("Attempt"), acts));
    }
}

/// <summary>Appends its name to the file of the <see cref="EffectWorld"/>, once per execution.</summary>
[Activity("Test", "Test", "Appends a line to a file", Kind = ActivityKind.Task)]
public sealed class Effect : CodeActivity<string>
{
    [Input]
    public Input<string> Note { get; set; } = new("");

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.GetRequiredService<EffectWorld>().ActAsync(context);
        context.Set(Result, context.Activity.Id);
    }
}
