namespace SpeElsa.Server.Notices;

/// <summary>A way to tell somebody.</summary>
internal interface INoticeChannel
{
    /// <summary>The name of mail.</summary>
    const string Mail = "mail";

    /// <summary>The name of webhooks.</summary>
    const string Webhook = "webhook";

    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Whether it leads anywhere.</summary>
    bool IsSetUp { get; }

    /// <summary>Tells it. Called again with the same notice when it is not known whether it arrived.</summary>
    /// <exception cref="NoticeException">It was not taken; says whether trying again can help.</exception>
    Task SendAsync(string recipient, Notice notice, CancellationToken cancellationToken);
}

/// <summary>Somebody could not be told.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="canRetry">Whether trying again can help without anybody changing anything.</param>
/// <param name="innerException">What was thrown.</param>
internal sealed class NoticeException(string message, bool canRetry, Exception? innerException = null) : Exception(message, innerException)
{
    public bool CanRetry { get; } = canRetry;
}
