using System.Globalization;
using System.Text;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Torture;

/// <summary>One line of the world's file.</summary>
/// <param name="InstanceId">The instance that did it.</param>
/// <param name="ActivityId">The activity.</param>
/// <param name="ExecutionId">Its execution.</param>
/// <param name="Attempt">As which attempt it saw itself.</param>
/// <param name="IsEffect">Whether it acted; else it failed, as it was made to.</param>
internal sealed record WorldLine(string InstanceId, string ActivityId, string ExecutionId, int Attempt, bool IsEffect)
{
    public static WorldLine Parse(string line)
    {
        var parts = line.Split(' ');
        return new WorldLine(parts[0], parts[1], parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture), parts[4] == "effect");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{InstanceId} {ActivityId} {ExecutionId} {Attempt} {(IsEffect ? "effect" : "failure")}");
}

/// <summary>The world outside the engine: a file that activities append to, a line with one write. It does not end with the process.</summary>
internal sealed class World(string path, Sabotage sabotage)
{
    private readonly Lock _lock = new();

    public bool HidesAttempts => sabotage is Sabotage.HideAttempts;

    public WorldLine[] Read()
    {
        lock (_lock)
        {
            return File.Exists(path) ? [.. File.ReadLines(path).Select(WorldLine.Parse)] : [];
        }
    }

    public void Append(WorldLine line)
    {
        lock (_lock)
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.UTF8.GetBytes($"{line}\n"));
        }
    }
}

/// <summary>
/// Acts once in the world. The first attempt acts without looking; a later one knows that it is one, and looks whether it has acted already. So a
/// run of it too many, or one that is not told that it is a later one, doubles the effect.
/// </summary>
[Activity("Torture", "Torture", "Appends a line to the world's file", Kind = ActivityKind.Task)]
public sealed class Act : CodeActivity
{
    /// <summary>How often it fails before it acts.</summary>
    [Input]
    public Input<int> Failures { get; set; } = new(0);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var world = context.GetRequiredService<World>();
        var attempt = context.GetMetadata<int>("Attempt");
        var line = new WorldLine(context.WorkflowExecutionContext.Id, context.Activity.Id, context.Id, attempt, true);
        var failures = context.Get(Failures);
        if ((attempt > 1 && !world.HidesAttempts) || failures > 0)
        {
            var mine = world.Read().Where(other => other.ExecutionId == context.Id).ToArray();
            if (mine.Any(other => other.IsEffect) && !world.HidesAttempts)
            {
                return;
            }

            if (mine.Count(other => !other.IsEffect) < failures)
            {
                world.Append(line with { IsEffect = false });
                throw new InvalidOperationException("It fails, as it was made to.");
            }
        }

        world.Append(line);
        await Task.Delay(Random.Shared.Next(4), context.CancellationToken);
    }
}
