using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Notices;

/// <summary>Tells what is written down, and tries again what was not taken. What a stop cuts off is told again under the same id.</summary>
internal sealed partial class NoticeRelay(
    IDbContextFactory<ServerDbContext> contexts, IEnumerable<INoticeChannel> channels, ServerOptions options, TimeProvider timeProvider, ILogger<NoticeRelay> logger)
    : Clock(LookEvery, timeProvider, logger)
{
    private const int Most = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, INoticeChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>Where nobody is told anything there is nothing to look for.</summary>
    protected override bool IsNeeded => _channels.Values.Any(channel => channel.IsSetUp);

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var now = Time.GetUtcNow();
        var due = await context.Notices.Where(row => row.NextAt <= now).OrderBy(row => row.NextAt).ThenBy(row => row.CreatedAt).Take(Most).ToListAsync(cancellationToken);

        // Whoever is slow to take something keeps nobody else waiting but himself.
        await Task.WhenAll(due.GroupBy(row => (row.Channel, row.Recipient)).Select(rows => SendAsync([.. rows], cancellationToken)));
        await context.SaveChangesAsync(cancellationToken);
    }

    private async Task SendAsync(IReadOnlyList<NoticeRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            await SendAsync(row, cancellationToken);
            if (row.SentAt is null)
            {
                // The others to the same address are looked at again right after.
                return;
            }
        }
    }

    private async Task SendAsync(NoticeRow row, CancellationToken cancellationToken)
    {
        row.Attempts++;
        try
        {
            await _channels[row.Channel].SendAsync(row.Recipient, JsonSerializer.Deserialize<Notice>(row.Content, JsonSerializerOptions.Web)!, cancellationToken);
            (row.SentAt, row.NextAt, row.Error) = (Time.GetUtcNow(), null, null);
        }
        catch (NoticeException exception)
        {
            var now = Time.GetUtcNow();
            var next = now + Pause(row.Attempts);
            row.Error = exception.Message;
            row.NextAt = exception.CanRetry && next < row.CreatedAt + options.Notices.GiveUpAfter ? next : null;
            if (row.NextAt is null)
            {
                GivenUp(Logger, row.Id, row.Attempts, exception.Message);
            }
            else if (row.Attempts == 1)
            {
                Delayed(Logger, row.Id, exception.Message);
            }
        }
    }

    /// <summary>2, 4, 8 seconds and so on, half an hour at most.</summary>
    private static TimeSpan Pause(int attempts) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(attempts, 12))));

    [LoggerMessage(EventId = 7501, Level = LogLevel.Warning, Message = "The notice {NoticeId} was not taken and is tried again: {Reason}")]
    private static partial void Delayed(ILogger logger, string noticeId, string reason);

    [LoggerMessage(EventId = 7502, Level = LogLevel.Error, Message = "The notice {NoticeId} was not taken in {Attempts} tries and is not tried any more: {Reason} POST /api/notices/{NoticeId}/retry tries it again")]
    private static partial void GivenUp(ILogger logger, string noticeId, int attempts, string reason);
}
