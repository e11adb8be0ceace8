using System.Text.Json.Serialization;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;

namespace SpeElsa.Activities;

/// <summary>
/// What a machine finds out about what a person said. A step looks after a task where one of its outcomes leads back to it: who is asked again because a step did
/// not find the thing done has said so before. When it finds it, the answer is confirmed; until then, and where no step looks after a task, it is claimed.
/// </summary>
public static class AnswerProof
{
    /// <summary>The journal row that says that a step found what a person said.</summary>
    public const string ConfirmedEvent = "AnswerConfirmed";

    /// <summary>The journal row that says that a step did not find it.</summary>
    public const string RefutedEvent = "AnswerRefuted";

    /// <summary>The journal row that says that a step looked and could not tell; what the person said still stands as a claim.</summary>
    public const string UnprovenEvent = "AnswerUnproven";

    private const string Key = "Answers";

    /// <summary>The three.</summary>
    public static IReadOnlyList<string> Events { get; } = [ConfirmedEvent, RefutedEvent, UnprovenEvent];

    /// <summary>Remembers an answer, for the steps that look after it.</summary>
    internal static void Claim(ActivityExecutionContext context, string taskName)
    {
        if (context.ParentActivityExecutionContext is not { Activity: Flowchart } chart)
        {
            return;
        }

        var round = context.WorkflowExecutionContext.GetProperty<int>(HumanTasks.RoundKey(taskName));
        var claims = Read(chart);
        claims.RemoveAll(claim => claim.TaskName == taskName);
        claims.Add(new Claimed(HumanTasks.TaskId(context.WorkflowExecutionContext.Id, taskName, round), taskName, context.Activity.Id));
        chart.SetProperty(Key, Wire.Write(claims));
    }

    /// <summary>Says what the end of a step means for the answers that it looks after.</summary>
    /// <param name="context">The step.</param>
    /// <param name="step">The step's activity.</param>
    /// <param name="end">What it saw last.</param>
    internal static void Judge(ActivityExecutionContext context, MoveStep step, ClosingState end)
    {
        if (context.ParentActivityExecutionContext is not { Activity: Flowchart flowchart } chart || Read(chart) is not { Count: > 0 } claims)
        {
            return;
        }

        var asks = flowchart.Connections
            .Where(connection => connection.Source.Activity.Id == step.Id && connection.Target.Activity is HumanTask && LeadsBack(connection, step, flowchart))
            .ToLookup(connection => (HumanTask)connection.Target.Activity, connection => PortOf(connection));
        var name = HumanTasks.NameOf(context);
        foreach (var claim in claims)
        {
            if (asks.Where(ports => claim.IsAbout(ports.Key)).SelectMany(ports => ports).ToArray() is not { Length: > 0 } ports)
            {
                continue;
            }

            var (what, said, why) = ports.Contains(end.Outcome) ? (RefutedEvent, $"'{name}' did not find it done: {end.Finding}", end.Finding)
                : end.Unproven is { } reason ? (UnprovenEvent, $"'{name}' could not tell: {reason}", reason)
                : (ConfirmedEvent, $"'{name}' found it done", null);
            context.AddExecutionLogEntry(what, said, null, Wire.Plain(new { taskId = claim.TaskId, taskName = claim.TaskName, why }));
        }
    }

    /// <summary>Whether an arrow leads from a step back to a task. Where the unwanted is what the step looks for, such as a role that is to be gone, the task leads straight to it.</summary>
    private static bool LeadsBack(Connection arrow, MoveStep step, Flowchart flowchart) =>
        PortOf(arrow) != step.Passes
        || (step is MoveCheck && flowchart.Connections.Any(other => other.Source.Activity.Id == arrow.Target.Activity.Id && other.Target.Activity.Id == step.Id));

    private static string PortOf(Connection arrow) => arrow.Source.Port ?? HumanTasks.DoneOutcome;

    private static List<Claimed> Read(ActivityExecutionContext chart) => Wire.Read<List<Claimed>>(chart.GetProperty<string>(Key)) ?? [];

    /// <summary>An answer that a step may look after. Several activities may ask for the same task: first before, and again when it was not found done.</summary>
    private sealed record Claimed(
        [property: JsonPropertyName("taskId")] string TaskId,
        [property: JsonPropertyName("taskName")] string TaskName,
        [property: JsonPropertyName("activityId")] string ActivityId)
    {
        public bool IsAbout(HumanTask task) => task.Id == ActivityId || Written.In(task.TaskName).Constant == TaskName;
    }
}
