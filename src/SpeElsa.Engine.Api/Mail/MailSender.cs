using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Api.Mail;

/// <summary>One connection a mail: they are few, and a new one is never stale.</summary>
internal sealed class MailSender(IOptions<MailOptions> options, IEnumerable<MailPassword> passwords) : IMailSender
{
    private MailOptions Options => options.Value;

    public bool IsSetUp => Options.Host.Length > 0;

    public async Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mail);
        if (!IsSetUp)
        {
            throw new MailException("No mail server is set up. Enter Mail:Host in appsettings.json, with Mail:From, and start the server again.", canRetry: false);
        }

        using var message = MailMessages.Make(mail, Options.From);
        using var client = new SmtpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // The client has a time limit of its own, which does not hold while it waits for an answer.
            limit.CancelAfter(Options.Timeout);
            await client.ConnectAsync(Options.Host, Options.Port, SecurityOf(Options.Security), limit.Token);
            if (Options.UserName.Length > 0)
            {
                limit.CancelAfter(Options.Timeout);
                await client.AuthenticateAsync(Options.UserName, await PasswordAsync(limit.Token), limit.Token);
            }

            limit.CancelAfter(Options.Timeout);
            await client.SendAsync(message, limit.Token);
        }
        catch (Exception exception) when (IsKnown(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new MailException($"{Options.Host}:{Options.Port} did not take the mail. {Why(exception)}", CanRetry(exception), exception);
        }

        await LeaveAsync(client, limit.Token);
        return message.MessageId ?? mail.Id;
    }

    private async Task<string> PasswordAsync(CancellationToken cancellationToken)
    {
        foreach (var password in passwords)
        {
            if (await password(Options.PasswordSecret, cancellationToken) is { Length: > 0 } value)
            {
                return value;
            }
        }

        throw new MailException($"The password of the mail server is not stored. Store the secret '{Options.PasswordSecret}', which Mail:PasswordSecret names.", canRetry: false);
    }

    /// <summary>The mail is taken; a server that hangs up in place of a goodbye changes nothing.</summary>
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (IsKnown(exception) || exception is OperationCanceledException)
        {
            return;
        }
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    private static bool IsKnown(Exception exception) => exception is
        ProtocolException or CommandException or ServiceNotConnectedException or SslHandshakeException or AuthenticationException
        or NotSupportedException or SocketException or IOException or TimeoutException or OperationCanceledException;

    private static bool CanRetry(Exception exception) => exception switch
    {
        // Codes from 400 on are passing, from 500 on final.
        SmtpCommandException command => (int)command.StatusCode is >= 400 and < 500,
        SslHandshakeException or AuthenticationException or NotSupportedException => false,
        _ => true,
    };

    private static string Why(Exception exception) => exception switch
    {
        SmtpCommandException { Mailbox: { } mailbox } command => $"{(int)command.StatusCode} for {mailbox.Address}: {command.Message}",
        SmtpCommandException command => $"{(int)command.StatusCode}: {command.Message}",
        SslHandshakeException => "Its certificate is not trusted, or it does not speak TLS on this port. Look at Mail:Security and Mail:Port, and at who issued the certificate.",
        AuthenticationException => "It does not let the account in. Look at Mail:UserName and at the secret of Mail:PasswordSecret.",
        NotSupportedException => "It does not offer what Mail:Security or Mail:UserName asks for: encryption, or a way to sign in.",
        OperationCanceledException or TimeoutException => "It did not answer in time.",
        _ => exception.Message,
    };
}
