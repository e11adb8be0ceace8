namespace SpeElsa.Engine.Storage;

/// <summary>Rules of leases that every store keeps.</summary>
public static class Lease
{
    /// <summary>No worker asks for more. A lease that ends later than this from now was given before the clock was set back, and counts as over.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
}
