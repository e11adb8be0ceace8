using MimeKit;

namespace SpeElsa.Engine.Api.Mail;

/// <summary>Makes the message of a mail.</summary>
internal static class MailMessages
{
    /// <summary>Makes it; everything is looked at before anybody is called.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="defaultSender">The sender where it names none.</param>
    /// <exception cref="MailException">It can not be sent as it is.</exception>
    public static MimeMessage Make(OutgoingMail mail, string defaultSender)
    {
        var sender = string.IsNullOrWhiteSpace(mail.From) ? defaultSender : mail.From;
        if (string.IsNullOrWhiteSpace(sender))
        {
            throw new MailException("The mail has no sender. Give it one in 'From', or enter Mail:From in appsettings.json.", canRetry: false);
        }

        if (mail.Id.Length == 0 || !mail.Id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_'))
        {
            throw new MailException($"'{mail.Id}' is no id of a mail; use letters, digits, dots, hyphens and underscores.", canRetry: false);
        }

        var from = Address(sender, "sender");
        var message = new MimeMessage { Subject = OneLine(mail.Subject), MessageId = $"{mail.Id}@{from.Domain}" };
        message.From.Add(from);
        message.To.AddRange(Addresses(mail.To));
        message.Cc.AddRange(Addresses(mail.Cc));
        message.Bcc.AddRange(Addresses(mail.Bcc));
        if (message.To.Count + message.Cc.Count + message.Bcc.Count == 0)
        {
            throw new MailException("The mail is for nobody. Give it a recipient in 'To'.", canRetry: false);
        }

        // Absence notes and other programs that answer leave such mails alone.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        var body = new BodyBuilder { HtmlBody = mail.Html, TextBody = mail.Text };
        foreach (var attachment in mail.Attachments)
        {
            body.Attachments.Add(OneLine(attachment.FileName), attachment.Content.ToArray(), TypeOf(attachment));
        }

        message.Body = body.ToMessageBody();
        return message;
    }

    private static IEnumerable<MailboxAddress> Addresses(IReadOnlyList<string> texts) =>
        texts.Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => Address(text, "recipient"));

    private static MailboxAddress Address(string text, string what) =>
        !text.AsSpan().ContainsAny('\r', '\n') && MailboxAddress.TryParse(text, out var address) && address.Domain.Length > 0
            ? address
            : throw new MailException($"The {what} '{OneLine(text)}' is no address. Write one such as 'Ann <ann@example.net>'.", canRetry: false);

    private static ContentType TypeOf(MailAttachment attachment) =>
        ContentType.TryParse(attachment.ContentType, out var type) ? type : new ContentType("application", "octet-stream");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
