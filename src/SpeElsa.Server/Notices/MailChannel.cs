using System.Globalization;
using Elsa.Http.Options;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Notices;

/// <summary>Tells people by mail, under a Message-Id that stays the same however often it is tried.</summary>
internal sealed class MailChannel(
    IMailSender mails, IServiceScopeFactory scopes, TaskStore tasks, TaskLinks links, SecretMark mark, ServerOptions options, IOptions<HttpActivityOptions> http) : INoticeChannel
{
    public string Name => INoticeChannel.Mail;

    public bool IsSetUp => mails.IsSetUp;

    public async Task SendAsync(string recipient, Notice notice, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        if (await accounts.FindByIdAsync(recipient) is not { Email: { Length: > 0 } address } account)
        {
            throw new NoticeException("The account is gone, or has no address any more.", canRetry: false);
        }

        try
        {
            await mails.SendAsync(
                new OutgoingMail { Id = notice.Id, To = [address], Subject = $"[SpeElsa] {notice.Title}", Text = Text(notice, await LinkAsync(notice, account, accounts, cancellationToken)) }, cancellationToken);
        }
        catch (MailException exception)
        {
            throw new NoticeException(exception.Message, exception.CanRetry, exception);
        }
    }

    private static string Text(Notice notice, string? link)
    {
        string?[] lines =
        [
            notice.Text,
            "",
            notice.DueAt is { } due ? $"Due: {due.ToString("u", CultureInfo.InvariantCulture)}" : null,
            notice.MoveId is null ? null : $"Move: {notice.MoveId}{(notice.Url is null ? "" : $"  {notice.Url}")}",
            notice.TaskId is null ? null : $"Task: {notice.TaskId}",
            link is null ? null : $"\nAnswer it here, once; the link is yours only: {link}",
        ];
        return string.Join('\n', lines.Where(line => line is not null));
    }

    /// <summary>The same link for everything that somebody is told of one task, so that a mail that comes twice, or a reminder, does not end the one before.</summary>
    private async Task<string?> LinkAsync(Notice notice, Account account, UserManager<Account> accounts, CancellationToken cancellationToken)
    {
        if (!options.Notices.LinksInMails || http.Value.BaseUrl is not { } root || notice.TaskId is null || await tasks.FindAsync(notice.TaskId, cancellationToken) is not { State: TaskState.Open } task)
        {
            return null;
        }

        var person = await Caller.OfAsync(account, accounts);
        if (!person.MayAnswer(task.Role) || HumanTasks.ReadStimulus(task.Asked)!.NeedsPerson)
        {
            return null;
        }

        var code = mark.Of($"link in a mail\n{task.Id}\n{account.Id}");
        await links.KeepAsync(code, task, person, "mail", cancellationToken);
        return new Uri(root, $"{TaskLinks.Path}/{code}").ToString();
    }
}
