namespace Elsa.Workflows;

/// <summary>How many cases of a switch may apply.</summary>
public enum SwitchMode
{
    /// <summary>The first one whose condition holds.</summary>
    MatchFirst = 0,

    /// <summary>All whose conditions hold.</summary>
    MatchAny = 1,
}
