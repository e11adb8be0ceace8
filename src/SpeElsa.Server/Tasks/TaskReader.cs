using SpeElsa.Activities;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Moves.Rehearsals;

namespace SpeElsa.Server.Tasks;

/// <summary>Tells of tasks what people and programs see of them.</summary>
internal sealed class TaskReader(TaskStore tasks, TaskProofs proofs, TimeProvider timeProvider)
{
    /// <summary>A page of tasks.</summary>
    public async Task<PagedList<TaskView>> ListAsync(TaskFilter filter, int page, int pageSize, CancellationToken cancellationToken)
    {
        var (items, total) = await tasks.ListAsync(filter, (page - 1) * pageSize, pageSize, cancellationToken);
        var now = timeProvider.GetUtcNow();
        var proved = await proofs.FindAsync(items, cancellationToken);
        return new PagedList<TaskView>([.. items.Select(row => View(row, proved, now))], total, page, pageSize);
    }

    /// <summary>A task with everything about it; null when there is none of that id.</summary>
    public async Task<TaskDetail?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await tasks.FindAsync(id, cancellationToken) is not { } row)
        {
            return null;
        }

        var (notes, files) = await tasks.ReadHistoryAsync(id, cancellationToken);
        return new TaskDetail(
            View(row, await proofs.FindAsync([row], cancellationToken), timeProvider.GetUtcNow()),
            TaskSchema.Of(HumanTasks.ReadStimulus(row.Asked)!),
            [.. notes.Select(note => new TaskNoteView(note.At, note.By, note.Kind, note.Text))],
            [.. files.Select(View)]);
    }

    /// <summary>A file of a task.</summary>
    public static TaskFileView View(TaskFileRow file) => new(file.Id, file.Name, file.Type, file.Bytes, file.Digest, file.At, file.By);

    private static TaskView View(TaskRow row, IReadOnlyDictionary<string, TaskProof> proved, DateTimeOffset now)
    {
        var asked = HumanTasks.ReadStimulus(row.Asked)!;
        var isClaimed = row.ClaimedUntil > now && row.State is TaskState.Open;
        return new TaskView
        {
            Id = row.Id,
            MoveId = row.MoveId,
            Rehearses = RehearsalId.PlanOf(row.MoveId),
            TaskName = asked.TaskName,
            Round = asked.Round,
            Kind = asked.Kind,
            Title = asked.Title,
            Instructions = asked.Instructions,
            Finding = asked.Finding,
            Fields = asked.Fields,
            Outcomes = asked.Outcomes,
            Role = asked.Role,
            NeedsPerson = asked.NeedsPerson,
            NotBy = [.. asked.NotBy.Select(person => person.Name)],
            CreatedAt = row.CreatedAt,
            DueAt = row.DueAt,
            IsOverdue = row.State is TaskState.Open && row.DueAt <= now,
            AssignedTo = row.AssignedTo,
            ClaimedBy = isClaimed ? row.ClaimedBy : null,
            ClaimedUntil = isClaimed ? row.ClaimedUntil : null,
            ClosedAt = row.ClosedAt,
            ClosedBy = row.ClosedBy,
            Outcome = row.Outcome,
            Proof = proved.GetValueOrDefault(row.Id),
        };
    }
}
