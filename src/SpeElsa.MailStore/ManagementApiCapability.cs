namespace SpeElsa.MailStore;

/// <summary>What stands between this client and a call on some version of the server.</summary>
public enum ManagementApiGap
{
    /// <summary>Nothing: the call can be made.</summary>
    None,

    /// <summary>The server has no such function.</summary>
    Function,

    /// <summary>The function does not take an argument that this client sends.</summary>
    Argument,

    /// <summary>The function demands an argument that this client does not know.</summary>
    Demand,
}

/// <summary>Whether a server can be asked to do something. Where it can not, a person does it.</summary>
/// <param name="Function">The function.</param>
/// <param name="Gap">What is missing.</param>
/// <param name="Arguments">The arguments that the gap is about; empty when it is about none.</param>
public sealed record ManagementApiCapability(string Function, ManagementApiGap Gap, IReadOnlyList<string> Arguments)
{
    /// <summary>Whether the call can be made.</summary>
    public bool IsAvailable => Gap is ManagementApiGap.None;

    /// <summary>Why it can not, in a sentence; null when it can.</summary>
    public string? Why => Gap switch
    {
        ManagementApiGap.None => null,
        ManagementApiGap.Function => $"This version of the Management Server has no function {Function}.",
        ManagementApiGap.Argument => $"{Function} of this version of the Management Server does not take {string.Join(", ", Arguments)}.",
        _ => $"{Function} of this version of the Management Server demands {string.Join(", ", Arguments)}, which is not known here.",
    };
}
