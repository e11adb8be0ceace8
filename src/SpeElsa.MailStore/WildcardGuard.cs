namespace SpeElsa.MailStore;

/// <summary>
/// Keeps a call that changes something from meaning more than one thing: the server takes <c>*</c> for all instances, and a function that
/// this client has no member for may do so as well.
/// </summary>
internal static class WildcardGuard
{
    private static readonly string[] ReadingVerbs = ["Get", "Ping", "CanRun", "Test", "Verify"];
    private static readonly string[] NamingArguments = ["instanceFilter", "serverNameFilter", "instanceID", "serverName", "userName", "id"];

    /// <exception cref="ArgumentException">The call changes something, and its argument is a filter or empty.</exception>
    public static void Check(string function, IReadOnlyDictionary<string, string?> arguments)
    {
        if (ReadingVerbs.Any(verb => function.StartsWith(verb, StringComparison.Ordinal)))
            return;
        foreach (var (name, value) in arguments)
        {
            if (value is null || !NamingArguments.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            if (string.IsNullOrWhiteSpace(value) || value.AsSpan().ContainsAny('*', '?') || (IsFilter(name) && value.Contains(',', StringComparison.Ordinal)))
                throw new ArgumentException($"{function} changes something, and '{value}' for {name} could mean more than one.", nameof(arguments));
        }
    }

    private static bool IsFilter(string name) => name.EndsWith("Filter", StringComparison.OrdinalIgnoreCase);
}
