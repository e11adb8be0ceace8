namespace SpeElsa.Cli.Evidence;

/// <summary>What came of checking a bundle.</summary>
/// <param name="Checks">Each check, in order; those that an earlier failure made impossible are left out.</param>
/// <param name="Fingerprint">Of the key inside the bundle; null where none can be read.</param>
/// <param name="IsPinned">Whether a key was asked for.</param>
/// <param name="MoveId">The move it is about, as the manifest says; null where that can not be read.</param>
internal sealed record Verdict(IReadOnlyList<Check> Checks, string? Fingerprint, bool IsPinned, string? MoveId)
{
    /// <summary>Whether nothing is wrong and nothing could be left out.</summary>
    public bool IsGenuine => Checks.Count == BundleVerifier.Names.Count && Checks.All(check => check.Passed);
}

/// <summary>One check.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Says">What was found, where all is well.</param>
/// <param name="Faults">What is wrong.</param>
internal sealed record Check(string Name, string Says, IReadOnlyList<string> Faults)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool Passed => Faults.Count == 0;
}

/// <summary>Something in a bundle is not as it must be; the message says what and where.</summary>
internal sealed class BundleFaultException(string message) : Exception(message);
