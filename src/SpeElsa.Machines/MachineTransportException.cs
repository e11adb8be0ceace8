namespace SpeElsa.Machines;

/// <summary>The way to a machine is closed, and why is known.</summary>
/// <param name="code">One of <see cref="ScriptErrorCodes"/>.</param>
/// <param name="message">What is wrong and how to mend it, without secrets.</param>
/// <param name="innerException">What the connection said.</param>
public sealed class MachineTransportException(string code, string message, Exception? innerException = null)
    : IOException(message, innerException)
{
    /// <summary>One of <see cref="ScriptErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The fingerprint that was shown and is not trusted, as <c>ssh-keygen -l</c> writes it; null when that is not what is wrong.</summary>
    public string? ShownHostKey { get; init; }
}
