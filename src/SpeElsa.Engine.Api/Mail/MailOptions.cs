using System.ComponentModel.DataAnnotations;
using MimeKit;

namespace SpeElsa.Engine.Api.Mail;

/// <summary>The mail server that mails are handed to. Without a host nothing is ever sent.</summary>
public sealed class MailOptions : IValidatableObject
{
    /// <summary>Its name or address; empty (the default): mails can not be sent.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port. Default 587.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>How the connection is encrypted. Default <see cref="MailSecurity.StartTls"/>.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>The account to sign in with; empty: without.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The name of the secret that is its password.</summary>
    public string PasswordSecret { get; set; } = "";

    /// <summary>The sender where a mail names none, such as <c>SpeElsa &lt;speelsa@example.net&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>How long each may take: to connect, to sign in, to hand a mail over. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The waits before a mail is handed over again that could not be for a passing reason. Default: none are named, which is 10 s, 1 min and 5 min.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } = [];

    /// <summary>The waits that count. A default list of the property would be lengthened by the settings and not replaced.</summary>
    internal IReadOnlyList<TimeSpan> Retries => RetryDelays.Count > 0 ? RetryDelays : [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From.Length > 0 && !MailboxAddress.TryParse(From, out _))
        {
            yield return new ValidationResult($"Mail:From is '{From}', which is no address. Write one such as 'SpeElsa <speelsa@example.net>'.");
        }

        if (UserName.Length > 0 && PasswordSecret.Length == 0)
        {
            yield return new ValidationResult("Mail:UserName is set and Mail:PasswordSecret is not. Name the secret that is the password of that account.");
        }

        if (UserName.Length > 0 && Security is MailSecurity.None)
        {
            yield return new ValidationResult("Mail:UserName is set and Mail:Security is None: the password would travel readable. Use StartTls or Tls.");
        }
    }
}

/// <summary>How the connection to a mail server is encrypted. Its certificate is always checked.</summary>
public enum MailSecurity
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It begins readable and is encrypted before anything is said; a server that can not do that is refused.</summary>
    StartTls,

    /// <summary>From the first byte, as on port 465.</summary>
    Tls,
}
