using Elsa.Common.Models;
using Elsa.Workflows;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Versions of definitions and their triggers.</summary>
internal sealed class DefinitionStore(GroupCommitWriter writer, ReadConnections connections, IDbContextFactory<EngineDbContext> contexts) : IDefinitionStore
{
    public Task<DefinitionRecord?> FindAsync(string versionId, CancellationToken cancellationToken) =>
        Task.FromResult(connections.Read(statements => statements.First(EngineStatements.Definition, DefinitionColumns.Read, versionId)));

    public async Task<DefinitionRecord?> FindAsync(string definitionId, VersionOptions versionOptions, CancellationToken cancellationToken)
    {
        if (versionOptions == VersionOptions.Published)
        {
            return connections.Read(statements => statements.First(EngineStatements.PublishedDefinition, DefinitionColumns.Read, definitionId));
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Versions(context, definitionId).Meant(versionOptions).OrderByDescending(row => row.Version).FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<DefinitionRecord>> FindManyAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Definitions.AsNoTracking().Matching(filter).InOrder(order).Skip(skip).Take(take).ToListAsync(cancellationToken);
    }

    public async Task<(IReadOnlyList<DefinitionSummary> Items, int Total)> ListAsync(
        DefinitionFilter filter, DefinitionOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var query = context.Definitions.Matching(filter);
        var total = await query.CountAsync(cancellationToken);
        return (await query.InOrder(order).Skip(skip).Take(take).Select(DefinitionQueries.Summary).ToListAsync(cancellationToken), total);
    }

    public async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Definitions.CountAsync(row => row.IsLatest, cancellationToken);
    }

    public async Task<bool> IsNameUniqueAsync(string name, string? definitionId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return !await context.Definitions.AnyAsync(row => row.IsLatest && row.Name == name && row.DefinitionId != definitionId, cancellationToken);
    }

    public Task<DraftResult> SaveDraftAsync(DefinitionRecord draft, DraftBase? basedOn, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => SaveAsync(context, draft, basedOn), cancellationToken);

    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => PublishAsync(context, publication), cancellationToken);

    public Task<DefinitionRecord?> RetractAsync(string definitionId, CancellationToken cancellationToken) => writer.WriteAsync<DefinitionRecord?>(
        async context =>
        {
            var published = await Versions(context, definitionId).FirstOrDefaultAsync(row => row.IsPublished);
            await UnpublishAsync(context, definitionId);
            return published is null ? null : published with { IsPublished = false };
        },
        cancellationToken);

    public Task<DefinitionRecord?> RevertAsync(string definitionId, int version, DateTimeOffset createdAt, CancellationToken cancellationToken) =>
        writer.WriteAsync<DefinitionRecord?>(
            async context => await Versions(context, definitionId).FirstOrDefaultAsync(row => row.Version == version) is { } source
                ? await AppendAsync(context, source with { CreatedAt = createdAt }, await Versions(context, definitionId).SingleAsync(row => row.IsLatest))
                : null,
            cancellationToken);

    public Task<DeleteResult> DeleteVersionAsync(string versionId, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => DeleteAsync(context, context.Definitions.Where(row => row.Id == versionId)), cancellationToken);

    public Task<DeleteResult> DeleteAsync(string definitionId, CancellationToken cancellationToken) =>
        writer.WriteAsync(context => DeleteAsync(context, context.Definitions.Where(row => row.DefinitionId == definitionId)), cancellationToken);

    public Task<bool> KeepAsync(string versionId, string source, string sourceHash, CancellationToken cancellationToken) => writer.WriteAsync(
        async context => await context.Definitions.Where(row => row.Id == versionId && row.IsLatest)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Source, source).SetProperty(row => row.SourceHash, sourceHash), CancellationToken.None) > 0,
        cancellationToken);

    public async Task<IReadOnlyList<TriggerRecord>> FindTriggersAsync(string hash, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Triggers.AsNoTracking().Where(row => row.Hash == hash).OrderBy(row => row.DefinitionId).ThenBy(row => row.Id).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<TriggerRecord>> ListTriggersAsync(string? definitionId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Triggers.AsNoTracking()
            .If(definitionId is not null, row => row.DefinitionId == definitionId)
            .OrderBy(row => row.DefinitionId)
            .ThenBy(row => row.Id)
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<DefinitionRecord> Versions(EngineDbContext context, string definitionId) =>
        context.Definitions.AsNoTracking().Where(row => row.DefinitionId == definitionId);

    private static async Task<DraftResult> SaveAsync(EngineDbContext context, DefinitionRecord draft, DraftBase? basedOn)
    {
        var latest = await Versions(context, draft.DefinitionId).FirstOrDefaultAsync(row => row.IsLatest);
        if (DraftRules.IsConflict(basedOn, latest))
        {
            return new DraftResult(DraftOutcome.Conflict, latest);
        }

        var hasInstances = latest is not null && await context.Instances.AnyAsync(row => row.DefinitionVersionId == latest.Id);
        if (!DraftRules.IsInPlace(draft, latest, hasInstances))
        {
            return new DraftResult(DraftOutcome.Saved, await AppendAsync(context, draft, latest));
        }

        var replaced = DraftRules.Replace(draft, latest!);
        context.Definitions.Update(replaced);
        await context.SaveChangesAsync();
        return new DraftResult(DraftOutcome.Saved, replaced);
    }

    private static async Task<DefinitionRecord> AppendAsync(EngineDbContext context, DefinitionRecord draft, DefinitionRecord? latest)
    {
        // Numbers that an instance is bound to are taken, also when their version is gone: its id would mean something else.
        var lastStored = await Versions(context, draft.DefinitionId).MaxAsync(row => (int?)row.Version) ?? 0;
        var lastBound = await context.Instances.Where(row => row.DefinitionId == draft.DefinitionId).MaxAsync(row => (int?)row.DefinitionVersion) ?? 0;
        await context.Definitions.Where(row => row.DefinitionId == draft.DefinitionId && row.IsLatest)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsLatest, false));
        var appended = DraftRules.Append(draft, latest, Math.Max(lastStored, lastBound));
        context.Definitions.Add(appended);
        await context.SaveChangesAsync();
        return appended;
    }

    private static async Task<PublishResult> PublishAsync(EngineDbContext context, Publication publication)
    {
        var version = await context.Definitions.AsNoTracking().FirstOrDefaultAsync(row => row.Id == publication.VersionId);
        if (version is null || version.ContentHash != publication.ContentHash)
        {
            return new PublishResult(version is null ? PublishOutcome.NotFound : PublishOutcome.Changed, version);
        }

        await UnpublishAsync(context, version.DefinitionId);
        var published = DraftRules.Publish(version, publication);
        context.Definitions.Update(published);
        context.Triggers.AddRange(publication.Triggers);
        await context.SaveChangesAsync();
        return new PublishResult(version.IsPublished ? PublishOutcome.AlreadyPublished : PublishOutcome.Published, published);
    }

    private static async Task UnpublishAsync(EngineDbContext context, string definitionId)
    {
        await context.Triggers.Where(row => row.DefinitionId == definitionId).ExecuteDeleteAsync();
        await context.Definitions.Where(row => row.DefinitionId == definitionId && row.IsPublished)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsPublished, false));
    }

    private static async Task<DeleteResult> DeleteAsync(EngineDbContext context, IQueryable<DefinitionRecord> versions)
    {
        var found = await versions.Select(row => new { row.Id, row.DefinitionId, row.IsPublished }).ToListAsync();
        if (found.Count == 0)
        {
            return new DeleteResult(DeleteOutcome.NotFound, 0, 0);
        }

        var bound = await context.Instances.CountAsync(row => row.Status == WorkflowStatus.Running && versions.Any(version => version.Id == row.DefinitionVersionId));
        if (bound > 0)
        {
            return new DeleteResult(DeleteOutcome.InUse, 0, bound);
        }

        var definitionId = found[0].DefinitionId;
        await versions.ExecuteDeleteAsync();
        if (found.Any(version => version.IsPublished))
        {
            await context.Triggers.Where(row => row.DefinitionId == definitionId).ExecuteDeleteAsync();
        }

        var newest = await Versions(context, definitionId).MaxAsync(row => (int?)row.Version);
        await context.Definitions.Where(row => row.DefinitionId == definitionId && row.Version == newest)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.IsLatest, true));
        return new DeleteResult(DeleteOutcome.Deleted, found.Count, 0);
    }
}
