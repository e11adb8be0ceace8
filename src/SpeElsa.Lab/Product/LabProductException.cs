namespace SpeElsa.Lab;

/// <summary>What a person tried in the lab could not be done, and why.</summary>
public sealed class LabProductException : Exception
{
    internal LabProductException(string message, bool notFound = false)
        : base(message) => IsNotFound = notFound;

    /// <summary>Whether what was named is not there; otherwise it is in the wrong state.</summary>
    public bool IsNotFound { get; }
}
