using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>What others read of instances.</summary>
internal sealed class EngineReader(IDbContextFactory<EngineDbContext> contexts) : IInstanceReader
{
    public async Task<InstanceRecord?> FindAsync(string instanceId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.Id == instanceId, cancellationToken))?.ToRecord();
    }

    public async Task<(IReadOnlyList<InstanceRecord> Items, int Total)> ListAsync(
        IReadOnlyCollection<string> definitionIds, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Instances.AsNoTracking();
        if (definitionIds.Count > 0)
        {
            query = query.Where(row => definitionIds.Contains(row.DefinitionId));
        }

        var total = await query.CountAsync(cancellationToken);
        var rows = await query.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return ([.. rows.Select(row => row.ToRecord())], total);
    }

    public async Task<byte[]?> ReadStateAsync(string instanceId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.States.Where(row => row.InstanceId == instanceId).Select(row => row.State).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<JournalRecord>> ReadJournalAsync(string instanceId, long afterSequence, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Journal.AsNoTracking()
            .Where(row => row.InstanceId == instanceId && row.Sequence > afterSequence)
            .OrderBy(row => row.Sequence)
            .Take(take)
            .ToListAsync(cancellationToken);
    }

    public async Task<(IReadOnlyList<BookmarkRecord> Items, int Total)> ListBookmarksAsync(
        string name, string? instanceId, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Bookmarks.AsNoTracking().Where(row => row.Name == name && (instanceId == null || row.InstanceId == instanceId));
        var total = await query.CountAsync(cancellationToken);
        return (await query.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).Skip(skip).Take(take).ToListAsync(cancellationToken), total);
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

    public async Task<StoredStimulus?> FindStimulusAsync(string key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Stimuli.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellationToken))?.ToStored();
    }

    public async Task<StoredStimulus?> FindStimulusByTargetAsync(string target, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await context.Stimuli.AsNoTracking().FirstOrDefaultAsync(row => row.Target == target, cancellationToken))?.ToStored();
    }
}

/// <summary>Versions of definitions.</summary>
internal sealed class DefinitionStore(GroupCommitWriter writer, IDbContextFactory<EngineDbContext> contexts) : IDefinitionStore
{
    public async Task<DefinitionRecord?> FindAsync(string versionId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Definitions.AsNoTracking().FirstOrDefaultAsync(row => row.Id == versionId, cancellationToken);
    }

    public async Task<DefinitionRecord?> FindPublishedAsync(string definitionId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Definitions.AsNoTracking().FirstOrDefaultAsync(row => row.DefinitionId == definitionId && row.IsPublished, cancellationToken);
    }

    public async Task<IReadOnlyList<DefinitionRecord>> ListLatestAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Definitions.AsNoTracking().Where(row => row.IsLatest).OrderBy(row => row.Name).ToListAsync(cancellationToken);
    }

    public Task<DefinitionRecord> PublishAsync(DefinitionRecord version, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            async context =>
            {
                var number = 1 + (await context.Definitions.Where(row => row.DefinitionId == version.DefinitionId).MaxAsync(row => (int?)row.Version) ?? 0);
                await context.Definitions.Where(row => row.DefinitionId == version.DefinitionId)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsLatest, false).SetProperty(row => row.IsPublished, false));
                var stored = version with { Id = DefinitionVersionId.Of(version.DefinitionId, number), Version = number, IsLatest = true, IsPublished = true };
                context.Definitions.Add(stored);
                await context.SaveChangesAsync();
                return stored;
            },
            cancellationToken);
}
