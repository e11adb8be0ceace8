using System.Net;

namespace SpeElsa.Cli.Server;

/// <summary>Something that can not be done, in one line, and how the program ends for it.</summary>
/// <param name="message">What and why.</param>
/// <param name="exitCode">How the program ends.</param>
/// <param name="status">What the server answered; null when it was not asked, or did not.</param>
internal sealed class Refusal(string message, int exitCode, HttpStatusCode? status = null) : Exception(message)
{
    public int ExitCode => exitCode;

    public HttpStatusCode? Status => status;
}
