using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>What others read of instances.</summary>
internal sealed class EngineReader(ReadConnections connections, IDbContextFactory<EngineDbContext> contexts) : IInstanceReader
{
    public Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.Instance, InstanceColumns.Read, instanceId)));

    public Task<bool> IsIdleAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(!connections.Read(statements => statements.Any(EngineStatements.IsExecuting, instanceId)));

    public async Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        InstanceFilter filter, InstanceOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Instances.AsNoTracking().Matching(filter);
        var total = await query.CountAsync(cancellationToken);
        var rows = await query.InOrder(order).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return ([.. rows.Select(row => row.ToRecord())], total);
    }

    public async Task<int> CountAsync(InstanceFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Instances.Matching(filter).CountAsync(cancellationToken);
    }

    public Task<byte[]?> ReadStateAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.State, row => row.GetFieldValue<byte[]>(0), instanceId)));

    public Task<IReadOnlyList<JournalRecord>> ReadJournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JournalRecord>>(
            connections.ReadMoment(statements => JournalReader.Read(statements, instanceId, afterSequence).Take(take).ToList()));

    public Task<(IReadOnlyList<JournalRecord> Items, int Total)> ListJournalAsync(
        string instanceId, JournalFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        var found = connections.ReadMoment(statements => JournalReader.Read(statements, instanceId, 0).Where(filter.Matches).ToList());
        return Task.FromResult<(IReadOnlyList<JournalRecord>, int)>(([.. found.Skip(skip).Take(take)], found.Count));
    }

    public Task<string?> FindInstanceOfExecutionAsync(string executionId, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.InstanceOfExecution, row => row.GetString(0), executionId)));

    public async Task<(IReadOnlyList<BookmarkRecord> Items, int Total)> ListBookmarksAsync(
        string name, string? instanceId, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (instanceId is not null)
        {
            // An instance has few. Asked for both, the database would go through all of the name, which may be very many.
            var own = await context.Bookmarks.AsNoTracking().Where(row => row.InstanceId == instanceId).ToListAsync(cancellationToken);
            var named = own.Where(row => row.Name == name).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id, StringComparer.Ordinal).ToList();
            return ([.. named.Skip(skip).Take(take)], named.Count);
        }

        var query = context.Bookmarks.AsNoTracking().Where(row => row.Name == name);
        var total = await query.CountAsync(cancellationToken);
        return (await query.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(cancellationToken), total);
    }

    public async IAsyncEnumerable<WaitingBookmark> ReadWaitingAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await foreach (var row in context.Bookmarks.AsNoTracking().Where(row => row.Name == name).Select(row => new { row.Id, row.InstanceId }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return new WaitingBookmark(row.Id, row.InstanceId);
        }
    }

    public async Task<IReadOnlyList<BookmarkRecord>> FindBookmarksAsync(string hash, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Bookmarks.AsNoTracking().Where(row => row.Hash == hash).ToListAsync(cancellationToken);
    }

    public async Task<BookmarkRecord?> FindBookmarkAsync(string bookmarkId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Bookmarks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == bookmarkId, cancellationToken);
    }

    public Task<StoredStimulus?> FindStimulusAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.StimulusOfKey, StimulusColumns.Read, key)));

    public async Task<IReadOnlyList<StoredStimulus>> FindStimuliAsync(string prefix, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Stimuli.AsNoTracking().Beginning(prefix).OrderBy(row => row.Key).Take(take).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(row => row.Sequence).Select(row => row.ToStored())];
    }

    public Task<StoredStimulus?> FindStimulusByTargetAsync(string target, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.StimulusOfTarget, StimulusColumns.Read, target)));
}
