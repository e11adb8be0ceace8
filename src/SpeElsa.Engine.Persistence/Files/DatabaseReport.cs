namespace SpeElsa.Engine.Persistence;

/// <summary>What a check of a database file found, in words.</summary>
/// <param name="Facts">How much is in it, and what is worth knowing.</param>
/// <param name="Problems">What is wrong. Empty: the database is sound.</param>
public sealed record DatabaseReport(IReadOnlyList<string> Facts, IReadOnlyList<string> Problems)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Problems.Count == 0;
}
