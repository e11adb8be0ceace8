using System.Text.Json;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>A row of a move's journal, as far as it tells what steps did. Hosts make it of their own journal.</summary>
/// <param name="At">When.</param>
/// <param name="ExecutionId">Of which execution.</param>
/// <param name="NodeId">At which node of the definition.</param>
/// <param name="Event">What happened.</param>
/// <param name="Message">In words.</param>
/// <param name="Payload">The facts, as JSON.</param>
/// <param name="IsIntent">Whether it says that the execution is about to act.</param>
/// <param name="IsResult">Whether it says what came of the last intent.</param>
public sealed record MoveJournalRow(
    DateTimeOffset At, string ExecutionId, string NodeId, string Event, string? Message, string? Payload, bool IsIntent, bool IsResult);

/// <summary>What the steps of a move did, read off its journal, in the order they began.</summary>
public static class MoveHistory
{
    /// <summary>Reads the journal of one workflow of the move.</summary>
    /// <param name="move">The move.</param>
    /// <param name="graph">The workflow.</param>
    /// <param name="rows">Its rows, in order.</param>
    /// <returns>Every execution of a step or a task of a person, with the step itself.</returns>
    public static IReadOnlyList<StepHistory> Read(MoveFacts move, WorkflowGraph graph, IEnumerable<MoveJournalRow> rows)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var history = new List<StepHistory>();
        foreach (var execution in rows.GroupBy(row => row.ExecutionId))
        {
            MoveJournalRow[] own = [.. execution];
            if (graph.FindNodeById(own[0].NodeId)?.Activity is MoveStep or HumanTask && graph.FindNodeById(own[0].NodeId)!.Activity is { } activity)
            {
                history.Add(new StepHistory(Read(move, HumanTasks.NameOf(activity), activity.Id, activity is HumanTask, own), activity));
            }
        }

        return history;
    }

    private static StepFacts Read(MoveFacts move, string name, string activityId, bool isByPerson, MoveJournalRow[] rows)
    {
        var end = rows.LastOrDefault(row => row.Event == "Completed");
        var payload = Object(end?.Payload);
        return new StepFacts
        {
            Move = move,
            ExecutionId = rows[0].ExecutionId,
            ActivityId = activityId,
            Name = name,
            StartedAt = rows[0].At,
            Inputs = Inputs(rows),
            HasEnded = end is not null,
            Outcome = payload.TryGetValue("Outcomes", out var outcomes) && outcomes.ValueKind is JsonValueKind.Array && outcomes.GetArrayLength() > 0 ? outcomes[0].GetString() : null,
            MayHaveActed = isByPerson || MayHaveActed(rows),
            Evidence = rows.LastOrDefault(row => row.Event == "Observed" && row.Payload is not null) is { } observed ? JsonSerializer.Deserialize<JsonElement>(observed.Payload!) : null,
            Tickets = end is not null ? [] : [.. rows.Select(Ticket).OfType<MoveTicket>().Distinct()],
            CompletedBy = payload.TryGetValue("CompletedBy", out var by) && by.ValueKind is JsonValueKind.String ? by.GetString() : null,
        };
    }

    /// <summary>
    /// A step acts only after it has seen that something is missing, and says that it saw it; or a person did it and says so. An intent without a
    /// result was cut off: its act may have happened with only its record lost.
    /// </summary>
    private static bool MayHaveActed(MoveJournalRow[] rows)
    {
        var open = false;
        foreach (var row in rows)
        {
            if (row.IsIntent && open)
            {
                return true;
            }

            open = row.IsIntent || (open && !row.IsResult && row.Event is not "Completed");
        }

        return open
            || rows.Any(row => row.Event == "Observed" && !Begins(row, nameof(ObservationState.Done)))
            || rows.Any(row => row.Event == "Decided" && Begins(row, HumanTasks.MarkDoneOutcome));
    }

    private static bool Begins(MoveJournalRow row, string word) => row.Message?.StartsWith(word, StringComparison.Ordinal) == true;

    private static Dictionary<string, JsonElement> Inputs(MoveJournalRow[] rows)
    {
        var found = rows.Select(row => Object(row.Payload)).LastOrDefault(payload => payload.ContainsKey("Inputs"));
        return found is null || found["Inputs"].ValueKind is not JsonValueKind.Object
            ? []
            : new(found["Inputs"].EnumerateObject().Select(input => KeyValuePair.Create(input.Name, input.Value)), StringComparer.OrdinalIgnoreCase);
    }

    private static MoveTicket? Ticket(MoveJournalRow row) =>
        row.Event is MoveStep.TicketStartedEvent or MoveStep.TicketUnclearEvent
        && Object(row.Payload) is { } payload && payload.TryGetValue("ticket", out var ticket) && payload.TryGetValue("machine", out var machine)
            ? new MoveTicket(machine.GetString()!, ticket.GetString()!)
            : null;

    private static Dictionary<string, JsonElement> Object(string? json) =>
        json is not null && JsonSerializer.Deserialize<JsonElement>(json) is { ValueKind: JsonValueKind.Object } element
            ? element.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal)
            : [];
}

/// <summary>An execution and how it is undone.</summary>
/// <param name="Facts">What the journal tells of it.</param>
/// <param name="Activity">The step in its definition.</param>
public sealed record StepHistory(StepFacts Facts, Elsa.Workflows.IActivity Activity)
{
    /// <summary>Asks the step how this execution is undone.</summary>
    public StepUndo Undo => Activity switch
    {
        MoveStep step => step.UndoOf(Facts),
        HumanTask => HumanTask.UndoOf(Facts),
        _ => StepUndo.Nothing("It is not a step of a move."),
    };

    /// <summary>Whether the move can not be undone as a whole from here on.</summary>
    public bool EndsUndo => Activity is HumanTask && Facts.HasEnded && Facts.Flag(nameof(HumanTask.EndsUndo));
}
