namespace SpeElsa.Engine.Api.Rest;

/// <summary>Texts that are stored and shown: names, ids of callers, descriptions.</summary>
internal static class RestTexts
{
    /// <summary>How long a name is at most.</summary>
    public const int LongestName = 200;

    /// <summary>How long words are at most: descriptions, passwords, secrets.</summary>
    public const int LongestWords = 20_000;

    /// <summary>What is wrong with a text; null: nothing. Only what is no name may have lines.</summary>
    public static string? Fault(string? text, int longest = LongestName) => text switch
    {
        null => null,
        _ when text.Length > longest => $"This text has {text.Length} characters; at most {longest} are taken.",
        _ when text.Any(character => char.IsControl(character) && (longest <= LongestName || character is not ('\t' or '\r' or '\n'))) => "This text holds a control character. Leave it out.",
        _ => null,
    };

    /// <summary>Refuses a text that can not be used.</summary>
    /// <exception cref="BadRestRequestException">It is too long, or holds control characters.</exception>
    public static void Check(string member, string? text, int longest = LongestName)
    {
        if (Fault(text, longest) is { } fault)
        {
            throw new BadRestRequestException(member, fault);
        }
    }
}
