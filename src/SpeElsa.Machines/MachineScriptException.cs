namespace SpeElsa.Machines;

/// <summary>A script failed on a machine, or its result did not arrive.</summary>
public sealed class MachineScriptException : Exception
{
    /// <summary>States which script failed where, and why.</summary>
    /// <param name="machine">The machine's name.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="error">What went wrong.</param>
    /// <param name="innerException">What broke the connection, if that is what happened.</param>
    public MachineScriptException(string machine, string script, ScriptError error, Exception? innerException = null)
        : base(Describe(machine, script, error), innerException)
    {
        Machine = machine;
        Script = script;
        Error = error;
    }

    /// <summary>The machine's name.</summary>
    public string Machine { get; }

    /// <summary>The script's name.</summary>
    public string Script { get; }

    /// <summary>What went wrong, and where.</summary>
    public ScriptError Error { get; }

    /// <summary>Whether trying again can help.</summary>
    public bool CanRetry => ScriptErrorCodes.CanRetry(Error.Code);

    private static string Describe(string machine, string script, ScriptError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var place = error.Line is { } line ? $" (line {line}: {error.Position})" : "";
        return $"Script {script} failed on machine {machine}: {error.Message}{place}";
    }
}
