using System.Text.Json;
using Elsa.Http.Options;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SpeElsa.Activities;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Moves.Windows;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Storage;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Notices;

/// <summary>Writes down who is to be told what, in the transaction of whatever happened.</summary>
internal sealed class NoticeWriter(ServerOptions options, IEnumerable<INoticeChannel> channels, IOptions<HttpActivityOptions> http, MoveReader moves, TimeProvider timeProvider)
{
    private const int LongestText = 2000;
    private readonly bool _tellsPeople = channels.Any(channel => channel is { Name: INoticeChannel.Mail, IsSetUp: true });

    /// <summary>A task waits.</summary>
    public Task TaskOpenedAsync(ServerDbContext context, TaskRow task, CancellationToken cancellationToken) =>
        TellAsync(context, NoticeEvents.TaskOpened, task.Id, task, "", task.Role, cancellationToken);

    /// <summary>A task is overdue.</summary>
    public Task TaskReminderAsync(ServerDbContext context, TaskRow task, CancellationToken cancellationToken) =>
        TellAsync(context, NoticeEvents.TaskReminder, $"{task.Id}.{task.Reminders}", task, $"This was due at {task.DueAt:u}. ", task.Role, cancellationToken);

    /// <summary>A task stays overdue.</summary>
    public Task TaskEscalatedAsync(ServerDbContext context, TaskRow task, string role, CancellationToken cancellationToken) =>
        TellAsync(context, NoticeEvents.TaskEscalated, $"{task.Id}.{task.Escalations}", task, $"This was due at {task.DueAt:u}, and nobody has answered it. ", role, cancellationToken);

    /// <summary>A move has ended, one way or another.</summary>
    public Task MoveEndedAsync(ServerDbContext context, MoveSummary move, CancellationToken cancellationToken) => AddAsync(
        context,
        new Notice(
            $"{NoticeEvents.MoveEnded}.{move.Id}", NoticeEvents.MoveEnded, move.FinishedAt ?? timeProvider.GetUtcNow(), $"{move.Name}: {move.Status}", $"The move {move.Id} has ended: {move.Status}.", move.Id, null, null, null, null),
        ServerRoles.Operator,
        isUrgent: move.Status != "finished",
        cancellationToken);

    /// <summary>A move will miss its window, or has.</summary>
    public Task WindowAsync(ServerDbContext context, MoveView move, WindowView window, CancellationToken cancellationToken) => AddAsync(
        context,
        new Notice(
            $"{NoticeEvents.WindowEndangered}.{move.Id}.{window.SetAt.UtcTicks}.{window.Level}",
            NoticeEvents.WindowEndangered,
            timeProvider.GetUtcNow(),
            $"{move.Name}: window {window.Level}",
            window.Text,
            move.Id,
            null,
            null,
            null,
            null),
        ServerRoles.Operator,
        isUrgent: true,
        cancellationToken);

    private async Task TellAsync(ServerDbContext context, string what, string subject, TaskRow task, string before, string role, CancellationToken cancellationToken)
    {
        if (!_tellsPeople && options.Notices.Webhooks.Count == 0)
        {
            return;
        }

        var asked = HumanTasks.ReadStimulus(task.Asked)!;
        var text = $"{before}{(asked.Finding is null ? "" : $"Found: {asked.Finding}\n\n")}{asked.Instructions}";
        var notice = new Notice(
            $"{what}.{subject}",
            what,
            timeProvider.GetUtcNow(),
            asked.Title,
            text.Length > LongestText ? text[..LongestText] + " …" : text,
            task.MoveId,
            task.Id,
            task.Role,
            task.DueAt,
            http.Value.BaseUrl is { } root ? new Uri(root, $"/designer/instances/{Uri.EscapeDataString(task.MoveId)}").ToString() : null);
        await AddAsync(context, notice, role, await IsUrgentAsync(task.MoveId, cancellationToken), cancellationToken, task.ClaimedId ?? task.AssignedId);
    }

    /// <summary>While services are down nobody waits for the morning.</summary>
    private async Task<bool> IsUrgentAsync(string moveId, CancellationToken cancellationToken) =>
        options.Notices.QuietHours is null || await moves.ReadAsync(moveId, cancellationToken) is { Downtime: { StartedAt: not null, EndedAt: null } };

    private async Task AddAsync(ServerDbContext context, Notice notice, string role, bool isUrgent, CancellationToken cancellationToken, string? owner = null)
    {
        // Nobody is to be woken for what happens on copies, or to take it for the real move. Whoever rehearses looks at the plan.
        if (notice.MoveId is { } move && RehearsalId.PlanOf(move) is not null)
        {
            return;
        }

        var now = timeProvider.GetUtcNow();
        var when = isUrgent || options.Notices.QuietHours is not { } quiet ? now : quiet.NextTime(now);
        var told = options.Notices.Webhooks.Where(webhook => webhook.Events.Count == 0 || webhook.Events.Contains(notice.Event, StringComparer.Ordinal))
            .Select(webhook => (Channel: INoticeChannel.Webhook, Recipient: webhook.Name))
            .Concat(_tellsPeople ? (await ReadersAsync(context, role, owner, cancellationToken)).Select(id => (Channel: INoticeChannel.Mail, Recipient: id)) : []);
        foreach (var (channel, recipient) in told)
        {
            var id = $"{notice.Id}.{channel}.{recipient}";
            if (context.Notices.Local.All(row => row.Id != id) && !await context.Notices.AnyAsync(row => row.Id == id, cancellationToken))
            {
                context.Notices.Add(new NoticeRow
                {
                    Id = id,
                    Channel = channel,
                    Recipient = recipient,
                    Content = JsonSerializer.Serialize(notice with { Id = MarkOf(id) }, JsonSerializerOptions.Web),
                    CreatedAt = now,
                    NextAt = when,
                });
            }
        }
    }

    /// <summary>The id as others see it: of letters and digits only, and telling nothing of accounts.</summary>
    private static string MarkOf(string id) => Access.Idempotency.Hash(id)[..32];

    /// <summary>Whoever has taken the task or was given it; otherwise everybody with its role who has an address.</summary>
    private static async Task<IReadOnlyList<string>> ReadersAsync(ServerDbContext context, string role, string? owner, CancellationToken cancellationToken)
    {
        var reachable = context.Users.Where(account => account.Email != null && account.Email != "");
        return owner is not null && await reachable.AnyAsync(account => account.Id == owner, cancellationToken)
            ? [owner]
            : await reachable.Where(account => context.UserRoles.Any(held => held.UserId == account.Id && held.RoleId == role)).Select(account => account.Id).ToListAsync(cancellationToken);
    }
}
