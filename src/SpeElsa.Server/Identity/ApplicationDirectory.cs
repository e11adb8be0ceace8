using System.Data.Common;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity;

/// <summary>Programs with keys, in the database.</summary>
internal sealed class ApplicationDirectory(IDbContextFactory<ServerDbContext> contexts, TimeProvider timeProvider, ILogger<ApplicationDirectory> logger) : IApplicationStore
{
    public async Task<Application?> FindAsync(ApplicationFilter filter, CancellationToken cancellationToken = default) =>
        (await FindManyAsync(filter, cancellationToken)).FirstOrDefault();

    public async Task<IEnumerable<Application>> FindManyAsync(ApplicationFilter filter, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (await Find(context, filter).AsNoTracking().ToListAsync(cancellationToken)).ConvertAll(row => new Application
        {
            Id = row.Id,
            Name = row.Name,
            ClientId = row.ClientId,
            HashedClientSecret = row.HashedClientSecret,
            HashedClientSecretSalt = row.HashedClientSecretSalt,
            HashedApiKey = row.HashedApiKey,
            HashedApiKeySalt = row.HashedApiKeySalt,
            Roles = row.Roles.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ExpiresAt = row.ExpiresAt,
            LastUsedAt = row.LastUsedAt,
        });
    }

    public async Task SaveAsync(Application application, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.Applications.AsNoTracking().FirstOrDefaultAsync(row => row.Id == application.Id, cancellationToken);
        var changed = new ApplicationRow
        {
            Id = application.Id,
            Name = application.Name,
            ClientId = application.ClientId,
            HashedClientSecret = application.HashedClientSecret,
            HashedClientSecretSalt = application.HashedClientSecretSalt,
            HashedApiKey = application.HashedApiKey,
            HashedApiKeySalt = application.HashedApiKeySalt,
            Roles = string.Join(' ', application.Roles),
            CreatedAt = known?.CreatedAt ?? timeProvider.GetUtcNow(),
            ExpiresAt = application.ExpiresAt,
            LastUsedAt = application.LastUsedAt,
        };
        context.Entry(changed).State = known is null ? EntityState.Added : EntityState.Modified;
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task DeleteAsync(ApplicationFilter filter, CancellationToken cancellationToken = default)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Applications.RemoveRange(await Find(context, filter).ToListAsync(cancellationToken));
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>What can not be written is not worth keeping anybody out for: a full disk must not lock out who comes to free it.</summary>
    public async Task NoteUseAsync(string id, DateTimeOffset usedAt, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            await context.InOneTurnAsync(
                async () => (true, await context.Applications.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(one => one.LastUsedAt, usedAt), cancellationToken)),
                cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or IOException)
        {
            logger.UseNotNoted(id, exception);
        }
    }

    private static IQueryable<ApplicationRow> Find(ServerDbContext context, ApplicationFilter filter) => context.Applications.Where(row =>
        (filter.Id == null || row.Id == filter.Id) && (filter.ClientId == null || row.ClientId == filter.ClientId) && (filter.Name == null || row.Name == filter.Name));
}
