namespace SpeElsa.Engine.Api.Mail;

/// <summary>Hands mails to the mail server of the settings.</summary>
public interface IMailSender
{
    /// <summary>Whether there is a mail server. Where there is none, sending fails with what to do.</summary>
    bool IsSetUp { get; }

    /// <summary>
    /// Hands a mail over. At least once: who does not see it return sends again under the same id, and a mail program that gets both shows one.
    /// </summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Stops waiting; whether the server has taken it is then open.</param>
    /// <returns>The Message-Id that it bears, without brackets.</returns>
    /// <exception cref="MailException">It was not taken; says whether trying again can help.</exception>
    Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>Reads the password that the settings name; null where it is not stored.</summary>
/// <param name="name">The name of the secret.</param>
/// <param name="cancellationToken">Stops waiting.</param>
public delegate ValueTask<string?> MailPassword(string name, CancellationToken cancellationToken);

/// <summary>A mail to be sent.</summary>
public sealed record OutgoingMail
{
    /// <summary>What its Message-Id begins with, made of persisted facts so that a repeat bears the same: letters, digits, dots, hyphens and underscores.</summary>
    public required string Id { get; init; }

    /// <summary>The sender; null or empty: as in the settings.</summary>
    public string? From { get; init; }

    /// <summary>Whom it is for.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Who gets a copy.</summary>
    public IReadOnlyList<string> Cc { get; init; } = [];

    /// <summary>Who gets a copy that the others do not see.</summary>
    public IReadOnlyList<string> Bcc { get; init; } = [];

    /// <summary>Its subject.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Its text as HTML; null where it has none.</summary>
    public string? Html { get; init; }

    /// <summary>Its plain text; null where it has none.</summary>
    public string? Text { get; init; }

    /// <summary>What is attached.</summary>
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
}

/// <summary>A file that is attached to a mail.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="ContentType">Its MIME type.</param>
/// <param name="Content">Its bytes.</param>
public sealed record MailAttachment(string FileName, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>A mail was not taken.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="canRetry">Whether trying again can help without anybody changing anything.</param>
/// <param name="innerException">What was thrown.</param>
public sealed class MailException(string message, bool canRetry, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether trying again can help without anybody changing anything.</summary>
    public bool CanRetry { get; } = canRetry;
}
