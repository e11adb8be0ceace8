using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Tasks;

/// <summary>Which tasks are wanted.</summary>
/// <param name="MoveId">Only of this move.</param>
/// <param name="Roles">Only for these roles; null: for all.</param>
/// <param name="Owner">Only what this person has taken or was given.</param>
/// <param name="State">open, unclaimed, overdue or closed.</param>
internal sealed record TaskFilter(string? MoveId, IReadOnlyCollection<string>? Roles, string? Owner, string State)
{
    public const string Open = "open";
    public const string Unclaimed = "unclaimed";
    public const string Overdue = "overdue";
    public const string Closed = "closed";

    public static IReadOnlyList<string> States { get; } = [Open, Unclaimed, Overdue, Closed];
}

/// <summary>Reads the inbox.</summary>
internal sealed class TaskStore(IDbContextFactory<ServerDbContext> contexts, TimeProvider timeProvider)
{
    /// <summary>Lists tasks: those that wait longest first, of closed ones the last first.</summary>
    public async Task<(IReadOnlyList<TaskRow> Items, int Total)> ListAsync(TaskFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = timeProvider.GetUtcNow();
        var isClosed = filter.State == TaskFilter.Closed;
        var rows = context.Tasks.AsNoTracking().Where(row => row.State == (isClosed ? TaskState.Closed : TaskState.Open));
        rows = filter.MoveId is null ? rows : rows.Where(row => row.MoveId == filter.MoveId);
        rows = filter.Roles is null ? rows : rows.Where(row => filter.Roles.Contains(row.Role));
        rows = filter.Owner is null ? rows : rows.Where(row => row.AssignedId == filter.Owner || (row.ClaimedId == filter.Owner && row.ClaimedUntil > now));
        rows = filter.State switch
        {
            TaskFilter.Unclaimed => rows.Where(row => row.AssignedId == null && (row.ClaimedId == null || row.ClaimedUntil <= now)),
            TaskFilter.Overdue => rows.Where(row => row.DueAt <= now),
            _ => rows,
        };
        var ordered = isClosed ? rows.OrderByDescending(row => row.ClosedAt).ThenByDescending(row => row.Id) : rows.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id);
        return (await ordered.Skip(skip).Take(take).ToListAsync(cancellationToken), await rows.CountAsync(cancellationToken));
    }

    public async Task<TaskRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Tasks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>What happened to a task, and the files that belong to it, oldest first.</summary>
    public async Task<(IReadOnlyList<TaskNoteRow> Notes, IReadOnlyList<TaskFileRow> Files)> ReadHistoryAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (
            await context.TaskNotes.AsNoTracking().Where(note => note.TaskId == id).OrderBy(note => note.Id).ToListAsync(cancellationToken),
            await context.TaskFiles.AsNoTracking().Where(file => file.TaskId == id).OrderBy(file => file.At).ThenBy(file => file.Id).ToListAsync(cancellationToken));
    }

    public async Task<TaskFileRow?> FindFileAsync(string taskId, string fileId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.TaskFiles.AsNoTracking().FirstOrDefaultAsync(file => file.TaskId == taskId && file.Id == fileId, cancellationToken);
    }

    /// <summary>Changes a task and notes what was done, if nobody else has changed it since it was read.</summary>
    /// <returns>False when somebody has.</returns>
    public async Task<bool> ChangeAsync(TaskRow row, string? by, string kind, string? text, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Tasks.Update(row).Property(task => task.Version).OriginalValue = row.Version;
        row.Version++;
        context.TaskNotes.Add(new TaskNoteRow { TaskId = row.Id, At = timeProvider.GetUtcNow(), By = by, Kind = kind, Text = text });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    /// <summary>Notes something that changes nothing else.</summary>
    public async Task NoteAsync(string taskId, string? by, string kind, string? text, TaskFileRow? file, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.TaskNotes.Add(new TaskNoteRow { TaskId = taskId, At = timeProvider.GetUtcNow(), By = by, Kind = kind, Text = text });
        if (file is not null)
        {
            context.TaskFiles.Add(file);
        }

        await context.SaveChangesAsync(cancellationToken);
    }
}
