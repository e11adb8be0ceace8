using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Moves.Plans;
using SpeElsa.Server.Notices;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Moves.Windows;

/// <summary>Keeps the maintenance windows of moves and says how they stand.</summary>
internal sealed class MoveWindows(
    IDbContextFactory<ServerDbContext> contexts, IInstanceReader reader, DefinitionCatalog definitions, PlanForecast forecast, NoticeWriter notices, ServerOptions options, TimeProvider timeProvider)
{
    /// <summary>Keeps the window of a move that is about to start. A repeat of the start leaves what was set since.</summary>
    public async Task OpenAsync(string moveId, WindowRequest? request, string who, CancellationToken cancellationToken)
    {
        if (request is null or { EndsAt: null, Length: null, DowntimeBudget: null })
        {
            return;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Windows.AnyAsync(row => row.MoveId == moveId, cancellationToken))
        {
            var now = timeProvider.GetUtcNow();
            context.Add(new WindowRow { MoveId = moveId, EndsAt = EndOf(request, now), DowntimeBudget = request.DowntimeBudget, SetBy = who, SetAt = now });
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>Sets, changes or (with nothing in it) takes away the window of a move.</summary>
    public async Task SetAsync(string moveId, WindowRequest request, DateTimeOffset startedAt, string who, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Windows.FirstOrDefaultAsync(known => known.MoveId == moveId, cancellationToken);
        if (request is { EndsAt: null, Length: null, DowntimeBudget: null })
        {
            context.Windows.RemoveRange(row is null ? [] : [row]);
        }
        else
        {
            row ??= context.Add(new WindowRow { MoveId = moveId, SetBy = who, SetAt = default }).Entity;
            (row.EndsAt, row.DowntimeBudget) = (EndOf(request, startedAt), request.DowntimeBudget);
            (row.SetBy, row.SetAt, row.Level) = (who, timeProvider.GetUtcNow(), WindowJudge.Ok);
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>How a move stands in its window; null where it has none.</summary>
    public async Task<WindowView?> ReadAsync(MoveView move, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Windows.AsNoTracking().FirstOrDefaultAsync(known => known.MoveId == move.Id, cancellationToken);
        return row is null ? null : await JudgeAsync(row, move, cancellationToken);
    }

    /// <summary>How a move stands in its window.</summary>
    public async Task<WindowView> JudgeAsync(WindowRow row, MoveView move, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var remaining = move.FinishedAt is null && await reader.FindAsync(move.Id, cancellationToken) is { } instance
            ? await forecast.RemainingAsync(await definitions.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken), move, now, cancellationToken)
            : null;
        return WindowJudge.Judge(row, move, remaining, now, options.Plans.WarnBefore);
    }

    /// <summary>The windows of moves that have not ended.</summary>
    public async Task<IReadOnlyList<WindowRow>> ListOpenAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Windows.AsNoTracking().Where(row => !row.IsClosed).ToListAsync(cancellationToken);
    }

    /// <summary>Notes how a window stands, and tells people of each turn for the worse.</summary>
    /// <param name="seen">The window as it was judged.</param>
    /// <param name="view">How it stands now.</param>
    /// <param name="move">The move.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the window was changed meanwhile.</returns>
    public async Task<bool> NoteAsync(WindowRow seen, WindowView view, MoveView move, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Windows.FirstOrDefaultAsync(known => known.MoveId == seen.MoveId && known.SetAt == seen.SetAt, cancellationToken);
        if (row is null)
        {
            return false;
        }

        if (view.Level != row.Level && view.Level != WindowJudge.Ok)
        {
            await notices.WindowAsync(context, move, view, cancellationToken);
        }

        (row.Level, row.IsClosed) = (view.Level, move.FinishedAt is not null);
        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static DateTimeOffset? EndOf(WindowRequest request, DateTimeOffset start) => request.EndsAt?.ToUniversalTime() ?? (request.Length is { } length ? start + length : null);
}
