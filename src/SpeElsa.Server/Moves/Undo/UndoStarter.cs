using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>
/// Starts undos that were wished: by a person at a decision of a step, and by a request that a stop of this process has cut off. Everything it does
/// is found in the store, so it begins anew after a start; commits only wake it early.
/// </summary>
internal sealed class UndoStarter(IInstanceReader reader, MoveUndo undo, ILogger<UndoStarter> logger) : BackgroundService, ICommitObserver
{
    private const int MostWishes = 10_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim _rung = new(1, 1);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Committed(InstanceRecord instance)
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been woken already.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _rung.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _rung.WaitAsync(LookEvery, stoppingToken);
            try
            {
                await TakeDecisionsAsync(stoppingToken);
                await BeginAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The edge of the loop: what can not be started now is found again by the next look.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.UndoLookFailed(exception);
            }
        }
    }

    /// <summary>A step whose decision is to undo waits at a bookmark until its move ends.</summary>
    private async Task TakeDecisionsAsync(CancellationToken cancellationToken)
    {
        var (bookmarks, _) = await reader.ListBookmarksAsync(UndoRequest.BookmarkName, null, 0, MostWishes, cancellationToken);
        foreach (var bookmark in bookmarks)
        {
            if (UndoRequest.Read(bookmark.Payload) is { } request)
            {
                await undo.WishAsync(await RootOfAsync(bookmark.InstanceId, cancellationToken), request, cancellationToken);
            }
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var wish in await reader.FindStimuliAsync(MoveUndo.WishPrefix, MostWishes, cancellationToken))
        {
            var moveId = wish.Stimulus.InstanceId;
            if (_settled.Contains(moveId) || MoveUndo.ReadWish(wish) is not { } request)
            {
                continue;
            }

            try
            {
                if (await undo.BeginAsync(moveId, request, cancellationToken) is { } receipt)
                {
                    _settled.Add(moveId);
                    logger.UndoStarted(moveId, receipt.Id, receipt.RequestedBy);
                }
            }
            catch (UndoRefusedException refusal)
            {
                _settled.Add(moveId);
                logger.UndoRefused(moveId, refusal.Message);
            }
        }
    }

    private async Task<string> RootOfAsync(string instanceId, CancellationToken cancellationToken)
    {
        while (await reader.FindAsync(instanceId, cancellationToken) is { ParentInstanceId: { } parent })
        {
            instanceId = parent;
        }

        return instanceId;
    }
}

internal static partial class UndoLog
{
    [LoggerMessage(EventId = 7501, Level = LogLevel.Information, Message = "The undo {UndoId} of {MoveId} stands; {RequestedBy} wants it")]
    public static partial void UndoStarted(this ILogger logger, string moveId, string undoId, string requestedBy);

    [LoggerMessage(EventId = 7502, Level = LogLevel.Warning, Message = "The move {MoveId} has ended and is not undone: {Reason}")]
    public static partial void UndoRefused(this ILogger logger, string moveId, string reason);

    [LoggerMessage(EventId = 7503, Level = LogLevel.Error, Message = "Looking for undos to start has failed; it is tried again")]
    public static partial void UndoLookFailed(this ILogger logger, Exception exception);
}
