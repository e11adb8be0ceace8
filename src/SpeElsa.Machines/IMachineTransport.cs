namespace SpeElsa.Machines;

/// <summary>The way to a machine's PowerShell: SSH, this computer, or the lab.</summary>
public interface IMachineTransport
{
    /// <summary>Runs one PowerShell script to its end.</summary>
    /// <param name="scriptText">The whole script, ASCII, for Windows PowerShell 5.1.</param>
    /// <param name="input">ASCII text for its standard input.</param>
    /// <param name="onLine">Receives each line of its standard output, one call at a time.</param>
    /// <param name="cancellationToken">Ends the script if that is possible, and stops waiting in any case.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="IOException">The machine cannot be reached, or the connection broke; the script may have run.</exception>
    Task<int> RunAsync(string scriptText, string input, Action<string> onLine, CancellationToken cancellationToken);
}
