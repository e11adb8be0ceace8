using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Notices;

/// <summary>Reads who was told what.</summary>
internal sealed class NoticeReader(IDbContextFactory<ServerDbContext> contexts)
{
    /// <summary>The states that can be asked for.</summary>
    public static IReadOnlyList<string> States { get; } = ["waiting", "sent", "failed"];

    /// <summary>A page of notices, newest first; null when there is no such state.</summary>
    /// <param name="state">One of <see cref="States"/>; null: all.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="pageSize">How many rows a page has.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<PagedList<NoticeView>?> ListAsync(string? state, int page, int pageSize, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = state switch
        {
            null => context.Notices.AsNoTracking(),
            "waiting" => context.Notices.AsNoTracking().Where(row => row.NextAt != null),
            "sent" => context.Notices.AsNoTracking().Where(row => row.SentAt != null),
            "failed" => context.Notices.AsNoTracking().Where(row => row.NextAt == null && row.SentAt == null),
            _ => null,
        };
        if (rows is null)
        {
            return null;
        }

        var items = await rows.OrderByDescending(row => row.CreatedAt).ThenBy(row => row.Id).Skip((page - 1) * pageSize).Take(pageSize).ToListAsync(cancellationToken);
        return new PagedList<NoticeView>([.. items.Select(View)], await rows.CountAsync(cancellationToken), page, pageSize);
    }

    /// <summary>A notice as people and programs see it.</summary>
    public static NoticeView View(NoticeRow row)
    {
        var notice = JsonSerializer.Deserialize<Notice>(row.Content, JsonSerializerOptions.Web)!;
        return new NoticeView(row.Id, row.SentAt is not null ? "sent" : row.NextAt is not null ? "waiting" : "failed", row.Channel, row.Recipient, row.CreatedAt, row.SentAt, row.NextAt, row.Attempts, row.Error, notice);
    }
}
