using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Tasks;

/// <summary>Reads from journals what machines found out about answers. Nothing is kept beside them, so it can not contradict them.</summary>
internal sealed class TaskProofs(IInstanceReader reader)
{
    /// <summary>A person says so.</summary>
    public const string Claimed = "claimed";

    /// <summary>A machine has found it done.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>A machine did not find it done.</summary>
    public const string Refuted = "refuted";

    private static readonly JournalFilter Filter = new() { EventNames = [.. AnswerProof.Events] };

    /// <summary>Finds out how the answered ones of these tasks are proved, by their ids.</summary>
    public async Task<IReadOnlyDictionary<string, TaskProof>> FindAsync(IReadOnlyCollection<TaskRow> tasks, CancellationToken cancellationToken)
    {
        var proofs = new Dictionary<string, TaskProof>(StringComparer.Ordinal);
        foreach (var answered in tasks.Where(row => row.State is TaskState.Closed && row.ClosedBy is not null && row.Kind == HumanTasks.TaskKind).GroupBy(row => row.MoveId))
        {
            var (rows, _) = await reader.ListJournalAsync(answered.Key, Filter, 0, int.MaxValue, cancellationToken);
            foreach (var row in answered)
            {
                proofs[row.Id] = Find(row.Id, rows);
            }
        }

        return proofs;
    }

    /// <summary>What the last step that looked found.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="journal">The journal of its instance, or those of its rows that are about answers.</param>
    public static TaskProof Find(string taskId, IEnumerable<JournalRecord> journal)
    {
        var last = journal.LastOrDefault(row => AnswerProof.Events.Contains(row.EventName, StringComparer.Ordinal) && TaskOf(row) == taskId);
        return last is null
            ? new TaskProof(Claimed, null, null, null, null)
            : new TaskProof(
                last.EventName switch { AnswerProof.ConfirmedEvent => Confirmed, AnswerProof.RefutedEvent => Refuted, _ => Claimed },
                last.ActivityId,
                last.Timestamp,
                last.Message,
                last.Sequence);
    }

    private static string? TaskOf(JournalRecord row) =>
        MoveReader.Facts(row.Payload) is { ValueKind: JsonValueKind.Object } facts && facts.TryGetProperty("taskId", out var id) ? id.GetString() : null;
}
