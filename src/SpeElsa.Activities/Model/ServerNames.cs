namespace SpeElsa.Activities;

/// <summary>Names of one server, which stand with their domain in one place and without it in another.</summary>
internal static class ServerNames
{
    /// <summary>Whether two names are one server's: the same, or one of them the other without its domain.</summary>
    public static bool AreOne(string? left, string? right) =>
        left is { Length: > 0 } && right is { Length: > 0 }
        && (Same(left, right) || (left.Contains('.') != right.Contains('.') && Same(left.Split('.')[0], right.Split('.')[0])));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
