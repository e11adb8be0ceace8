using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Audit;

/// <summary>Which acts are wanted.</summary>
/// <param name="Actor">Only of this account or key.</param>
/// <param name="Path">Only where the path begins with this.</param>
/// <param name="From">Only from this time on.</param>
/// <param name="To">Only before this time.</param>
internal sealed record AuditFilter(string? Actor, string? Path, DateTimeOffset? From, DateTimeOffset? To);

/// <summary>Reads who did what.</summary>
internal sealed class AuditReader(IDbContextFactory<ServerDbContext> contexts)
{
    /// <summary>A page of acts, newest first.</summary>
    public async Task<PagedList<AuditView>> ListAsync(AuditFilter filter, int page, int pageSize, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Audit.AsNoTracking();
        rows = filter.Actor is null ? rows : rows.Where(row => row.Actor == filter.Actor);
        rows = filter.Path is null ? rows : rows.Where(row => row.Path.StartsWith(filter.Path));
        rows = filter.From is null ? rows : rows.Where(row => row.At >= filter.From);
        rows = filter.To is null ? rows : rows.Where(row => row.At < filter.To);
        var items = await rows.OrderByDescending(row => row.Id).Skip((page - 1) * pageSize).Take(pageSize)
            .Select(row => new AuditView(row.At, row.Actor, row.Account, row.Address, row.Method, row.Path, row.Status)).ToListAsync(cancellationToken);
        return new PagedList<AuditView>(items, await rows.CountAsync(cancellationToken), page, pageSize);
    }
}
