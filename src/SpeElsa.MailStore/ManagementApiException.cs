namespace SpeElsa.MailStore;

/// <summary>Why a Management API call did not succeed.</summary>
public enum ManagementApiFailure
{
    /// <summary>No answer: the server is down, the name does not resolve, the connection broke.</summary>
    Unreachable,

    /// <summary>The server showed another certificate than the pinned one, or an untrusted one when none is pinned.</summary>
    CertificateMismatch,

    /// <summary>User or password is wrong, or the administrator has MFA and the API password was not sent.</summary>
    Unauthorized,

    /// <summary>This version of the server has no such function, or asks for arguments that this client does not know.</summary>
    FunctionMissing,

    /// <summary>The server carried the call out and reports an error.</summary>
    Refused,

    /// <summary>
    /// The server no longer knows the token of a long-running call: it was restarted. Whether the work was done must be observed.
    /// </summary>
    TokenLost,

    /// <summary>No final answer in time. The server may still be at work.</summary>
    Timeout,

    /// <summary>What came back is not an answer of the Management API.</summary>
    InvalidAnswer,
}

/// <summary>
/// A Management API call that did not succeed. Holds no secret: what the server says is cleaned of every password the call carried.
/// </summary>
public sealed class ManagementApiException : Exception
{
    internal ManagementApiException(
        ManagementApiFailure failure,
        string message,
        string? function = null,
        string? details = null,
        bool? canRetry = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Function = function;
        Details = details;
        CanRetry = canRetry ?? failure is ManagementApiFailure.Unreachable or ManagementApiFailure.Timeout;
    }

    /// <summary>What kind of failure it is.</summary>
    public ManagementApiFailure Failure { get; }

    /// <summary>The function that was called, if it was one.</summary>
    public string? Function { get; }

    /// <summary>What the server added, if anything.</summary>
    public string? Details { get; }

    /// <summary>
    /// Whether trying again may help. It does not say that nothing happened: observe before repeating a call that writes.
    /// </summary>
    public bool CanRetry { get; }
}
