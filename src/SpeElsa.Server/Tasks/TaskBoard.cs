using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Notices;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Tasks;

/// <summary>
/// Keeps the inbox as the engine has its tasks. It follows the commits of this process, and looks at everything once when the server starts, so a crash in between
/// loses nothing: which tasks wait is the engine's to say, always.
/// </summary>
internal sealed partial class TaskBoard(
    IDbContextFactory<ServerDbContext> contexts, IInstanceReader reader, TaskSettings settings, NoticeWriter notices, TimeProvider timeProvider, ILogger<TaskBoard> logger)
    : BackgroundService, ICommitObserver
{
    private const int Page = 500;

    /// <summary>How many moves share a commit.</summary>
    private const int Most = 100;
    private const int Tries = 5;
    private static readonly TimeSpan Recently = TimeSpan.FromHours(1);
    private static readonly Elsa.Workflows.WorkflowSubStatus[] Ended = [Elsa.Workflows.WorkflowSubStatus.Finished, Elsa.Workflows.WorkflowSubStatus.Faulted, Elsa.Workflows.WorkflowSubStatus.Cancelled];
    private readonly ConcurrentDictionary<string, byte> _noted = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });

    public void Committed(InstanceRecord instance)
    {
        // A burst that goes on has neither opened nor closed anything yet.
        if (instance.SubStatus is not Elsa.Workflows.WorkflowSubStatus.Executing && _noted.TryAdd(instance.Id, 0))
        {
            _changed.Writer.TryWrite(instance.Id);
        }
    }

    /// <summary>Brings the tasks of one move up to date.</summary>
    public async Task FollowAsync(string moveId, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await FollowOnceAsync([moveId], cancellationToken);
                return;
            }
            catch (DbUpdateException) when (tries < Tries)
            {
                // Somebody has taken a task at the same moment; what is left to do is looked up again.
            }
        }
    }

    /// <summary>Brings the tasks of several moves up to date, with one commit where nothing stands against it.</summary>
    private async Task FollowManyAsync(IReadOnlyList<string> moveIds, CancellationToken cancellationToken)
    {
        try
        {
            await FollowOnceAsync(moveIds, cancellationToken);
        }
#pragma warning disable CA1031 // One move that can not be followed must not keep the others out of the inbox: each is tried alone.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            foreach (var moveId in moveIds)
            {
                await TryAsync(() => FollowAsync(moveId, cancellationToken));
            }
        }
    }

    private async Task FollowOnceAsync(IReadOnlyList<string> moveIds, CancellationToken cancellationToken)
    {
        using var turn = await TurnAsync(cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var moveId in moveIds)
        {
            await FollowOnceAsync(context, moveId, cancellationToken);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    private async Task FollowOnceAsync(ServerDbContext context, string moveId, CancellationToken cancellationToken)
    {
        var (waiting, _) = await reader.ListBookmarksAsync(HumanTasks.BookmarkName, moveId, 0, int.MaxValue, cancellationToken);
        var open = await context.Tasks.Where(row => row.MoveId == moveId && row.State == TaskState.Open).ToListAsync(cancellationToken);
        await OpenAsync(context, [.. waiting.Where(bookmark => open.TrueForAll(row => row.Id != bookmark.Id))], cancellationToken);
        foreach (var row in open.Where(row => waiting.All(bookmark => bookmark.Id != row.Id)))
        {
            await CloseAsync(context, row, cancellationToken);
        }

        if (await reader.FindAsync(moveId, cancellationToken) is { Status: Elsa.Workflows.WorkflowStatus.Finished, ParentInstanceId: null } move)
        {
            await notices.MoveEndedAsync(context, await MoveReader.SummarizeAsync(reader, move, cancellationToken), cancellationToken);
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FollowAllAsync(stoppingToken);
            var moveIds = new List<string>(Most);
            while (await _changed.Reader.WaitToReadAsync(stoppingToken))
            {
                moveIds.Clear();
                while (moveIds.Count < Most && _changed.Reader.TryRead(out var moveId))
                {
                    _noted.TryRemove(moveId, out _);
                    moveIds.Add(moveId);
                }

                await FollowManyAsync(moveIds, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>One at a time: two that follow the same move at once would write the same rows.</summary>
    private async Task<IDisposable> TurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    private async Task FollowAllAsync(CancellationToken cancellationToken)
    {
        var moves = new HashSet<string>(StringComparer.Ordinal);
        await TryAsync(async () =>
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var open = await context.Tasks.AsNoTracking().Where(row => row.State == TaskState.Open).Select(row => new { row.Id, row.MoveId })
                .ToDictionaryAsync(row => row.Id, row => row.MoveId, StringComparer.Ordinal, cancellationToken);
            await foreach (var waiting in reader.ReadWaitingAsync(HumanTasks.BookmarkName, cancellationToken))
            {
                if (!open.Remove(waiting.Id))
                {
                    moves.Add(waiting.InstanceId);
                }
            }

            // What is left in the inbox nobody waits for any more.
            moves.UnionWith(open.Values);
        });
        await TryAsync(async () =>
        {
            // The end of a move is told, too; what a stop cut off was shortly before it.
            var recent = timeProvider.GetUtcNow() - Recently;
            var (ended, _) = await reader.ListAsync(new InstanceFilter { SubStatuses = Ended }, InstanceOrder.NewestFirst, 0, Page, cancellationToken);
            moves.UnionWith(ended.Where(instance => instance.FinishedAt > recent).Select(instance => instance.Id));
        });
        foreach (var some in moves.Chunk(Most))
        {
            await FollowManyAsync(some, cancellationToken);
        }
    }

    private async Task OpenAsync(ServerDbContext context, IReadOnlyList<BookmarkRecord> opened, CancellationToken cancellationToken)
    {
        foreach (var bookmark in opened)
        {
            // A workflow that was brought back from a copy may ask again under an id that was closed.
            if (await context.Tasks.FindAsync([bookmark.Id], cancellationToken) is { } known)
            {
                (known.State, known.ClosedAt, known.ClosedBy, known.Outcome) = (TaskState.Open, null, null, null);
                continue;
            }

            var asked = HumanTasks.ReadStimulus(bookmark.Payload)!;
            var due = asked.DueAt ?? (settings.DueAfter is { } time ? bookmark.CreatedAt + time : null);
            var row = context.Tasks.Add(new TaskRow
            {
                Id = bookmark.Id,
                MoveId = bookmark.InstanceId,
                Kind = asked.Kind,
                Role = asked.Role,
                Asked = bookmark.Payload!,
                CreatedAt = bookmark.CreatedAt,
                DueAt = due,
                NudgeAt = due,
                Version = 1,
            }).Entity;
            await notices.TaskOpenedAsync(context, row, cancellationToken);
        }
    }

    private async Task CloseAsync(ServerDbContext context, TaskRow row, CancellationToken cancellationToken)
    {
        var answer = (await reader.FindStimulusByTargetAsync(TaskAnswers.TargetOf(row.Id), cancellationToken))?.Stimulus.Receipt is { } receipt
            ? JsonSerializer.Deserialize<TaskReceipt>(receipt, JsonSerializerOptions.Web)
            : null;
        (row.State, row.ClosedAt, row.ClosedBy, row.Outcome) = (TaskState.Closed, answer?.AcceptedAt ?? timeProvider.GetUtcNow(), answer?.CompletedBy, answer?.Outcome);
        row.Version++;
        if (answer is not null)
        {
            context.TaskNotes.Add(new TaskNoteRow { TaskId = row.Id, At = answer.AcceptedAt, By = answer.CompletedBy, Kind = TaskNotes.Answered, Text = answer.Outcome });
        }
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
#pragma warning disable CA1031 // The edge of the loop: one move that can not be followed must not keep the others out of the inbox.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            FollowFailed(logger, exception);
        }
    }

    private sealed class Turn(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }

    [LoggerMessage(EventId = 7401, Level = LogLevel.Error, Message = "The inbox could not be brought up to date; it is tried again with the next change of the move")]
    private static partial void FollowFailed(ILogger logger, Exception exception);
}
