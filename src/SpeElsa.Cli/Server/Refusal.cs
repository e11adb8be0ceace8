namespace SpeElsa.Cli.Server;

/// <summary>Something that can not be done, in one line, and how the program ends for it.</summary>
internal sealed class Refusal(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;
}
