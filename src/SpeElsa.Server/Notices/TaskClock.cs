using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Storage;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Notices;

/// <summary>Reminds of tasks that are overdue, and passes them up. It answers none: nothing is ever approved by time.</summary>
internal sealed class TaskClock(IDbContextFactory<ServerDbContext> contexts, NoticeWriter notices, ServerOptions options, TimeProvider timeProvider, ILogger<TaskClock> logger)
    : Clock(LookEvery, timeProvider, logger)
{
    private const int Most = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private readonly EscalationSettings[] _ladder = [.. options.Notices.Escalations.OrderBy(step => step.After)];

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = Time.GetUtcNow();
        var overdue = await context.Tasks.AsNoTracking().Where(row => row.State == TaskState.Open && row.NudgeAt <= now).OrderBy(row => row.NudgeAt).Take(Most).ToListAsync(cancellationToken);
        foreach (var row in overdue)
        {
            await NudgeAsync(row, now, cancellationToken);
        }
    }

    /// <summary>Notes the reminder and writes the notices in one transaction, so that neither comes without the other.</summary>
    private async Task NudgeAsync(TaskRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Attach(row);
        var late = now - row.DueAt!.Value;
        if (late >= options.Notices.RemindEvery * row.Reminders)
        {
            row.Reminders++;
            context.TaskNotes.Add(new TaskNoteRow { TaskId = row.Id, At = now, Kind = TaskNotes.Reminded });
            await notices.TaskReminderAsync(context, row, cancellationToken);
        }

        while (row.Escalations < _ladder.Length && late >= _ladder[row.Escalations].After)
        {
            var step = _ladder[row.Escalations];
            row.Escalations++;
            context.TaskNotes.Add(new TaskNoteRow { TaskId = row.Id, At = now, Kind = TaskNotes.Escalated, Text = $"To {step.Role}" });
            await notices.TaskEscalatedAsync(context, row, step.Role, cancellationToken);
        }

        row.NudgeAt = Next(row, now);
        row.Version++;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody has taken or answered it at this moment; the next look tells.
        }
    }

    /// <summary>When there is something to say next. Reminders that fell due while the server was down are one reminder.</summary>
    private DateTimeOffset Next(TaskRow row, DateTimeOffset now)
    {
        var due = row.DueAt!.Value;
        row.Reminders = Math.Max(row.Reminders, (int)Math.Min(int.MaxValue, Math.Floor((now - due) / options.Notices.RemindEvery) + 1));
        var next = due + (options.Notices.RemindEvery * row.Reminders);
        return row.Escalations < _ladder.Length && due + _ladder[row.Escalations].After < next ? due + _ladder[row.Escalations].After : next;
    }
}
