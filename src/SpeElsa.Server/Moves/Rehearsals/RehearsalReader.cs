using SpeElsa.Activities;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Tells how the last rehearsal of a plan went: from its file, and from the journal of its move.</summary>
internal sealed class RehearsalReader(RehearsalStore store, MoveReader moves, TimeProvider timeProvider)
{
    /// <summary>The last rehearsal of a plan, without its move; null when there was none.</summary>
    public RehearsalView? ReadShort(string planId) => store.Find(planId) is { } rehearsal ? View(rehearsal) : null;

    /// <summary>The last rehearsal of a plan; null when there was none.</summary>
    public async Task<RehearsalView?> ReadAsync(string planId, CancellationToken cancellationToken)
    {
        if (store.Find(planId) is not { } rehearsal)
        {
            return null;
        }

        var view = View(rehearsal);
        if (await moves.ReadAsync(rehearsal.Id, cancellationToken) is not { } move)
        {
            return view;
        }

        return view with
        {
            Status = rehearsal.Stage is RehearsalStage.Failed ? view.Status : move.Status,
            EndedAt = move.FinishedAt ?? view.EndedAt,
            Minutes = Minutes(move.CreatedAt, move.FinishedAt ?? timeProvider.GetUtcNow()),
            Steps = [.. move.Steps.Select(step => new RehearsedStep(step.ActivityId, step.Name, step.Status, step.CompletedAt is { } end ? Minutes(step.StartedAt, end) : null))],
            CameUp = [.. move.Steps.SelectMany(Events).Concat(Failures(move)).OrderBy(happened => happened.At)],
        };
    }

    private static RehearsalView View(Rehearsal rehearsal) => new()
    {
        Id = rehearsal.Id,
        Status = rehearsal.Stage switch
        {
            RehearsalStage.Preparing => "preparing",
            RehearsalStage.Running => "running",
            RehearsalStage.Ended => "ended",
            _ => "failed",
        },
        RequestedBy = rehearsal.RequestedBy,
        RequestedAt = rehearsal.RequestedAt,
        EndedAt = rehearsal.EndedAt,
        AnswerTasks = rehearsal.AnswerTasks,
        Machines = rehearsal.Machines,
        HasCopies = rehearsal.HasCopies,
        Steps = [],
        CameUp = [],
        Notes = rehearsal.Notes,
    };

    private static IEnumerable<RehearsalEvent> Events(StepView step)
    {
        for (var index = 0; index < step.Evidence.Count; index++)
        {
            var (row, answer) = (step.Evidence[index], step.Evidence.Skip(index + 1).FirstOrDefault(later => later.What is "Decided" or "TaskCompleted"));
            if (row.What is "DecisionRequested" or "TaskOpened")
            {
                yield return new RehearsalEvent(row.At, step.Name, row.What is "TaskOpened" ? HumanTasks.TaskKind : HumanTasks.DecisionKind, row.Message, answer?.Message);
            }
            else if (row.What is "Retrying" or "TicketLost")
            {
                yield return new RehearsalEvent(row.At, step.Name, "fault", row.Message, null);
            }
        }
    }

    private static IEnumerable<RehearsalEvent> Failures(MoveView move) =>
        move.Incidents.Select(incident => new RehearsalEvent(move.FinishedAt ?? move.UpdatedAt, incident.Split(':')[0], "failure", incident, null));

    private static double Minutes(DateTimeOffset from, DateTimeOffset until) => Math.Round((until - from).TotalMinutes, 2);
}
