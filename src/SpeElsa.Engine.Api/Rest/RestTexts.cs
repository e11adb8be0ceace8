namespace SpeElsa.Engine.Api.Rest;

/// <summary>Texts that are stored and shown: names, ids of callers, descriptions.</summary>
public static class RestTexts
{
    /// <summary>How long a name is at most.</summary>
    public const int LongestName = 200;

    /// <summary>How long words are at most: descriptions, passwords, secrets.</summary>
    public const int LongestWords = 20_000;

    /// <summary>What is wrong with a text; null: nothing. Only what is no name may have lines.</summary>
    internal static string? Fault(string? text, int longest = LongestName) => Fault(text, longest, lines: longest > LongestName);

    /// <summary>What is wrong with a text.</summary>
    /// <param name="text">The text; null has no fault.</param>
    /// <param name="longest">How many characters it may have.</param>
    /// <param name="lines">Whether it may have tabs and line ends.</param>
    /// <returns>In words for whoever sent it; null when nothing is wrong.</returns>
    public static string? Fault(string? text, int longest, bool lines) => text switch
    {
        null => null,
        _ when text.Length > longest => $"This text has {text.Length} characters; at most {longest} are taken.",
        _ when text.Any(character => char.IsControl(character) && (!lines || character is not ('\t' or '\r' or '\n'))) => "This text holds a control character. Leave it out.",
        _ => null,
    };

    /// <summary>Refuses a text that can not be used.</summary>
    /// <exception cref="BadRestRequestException">It is too long, or holds control characters.</exception>
    internal static void Check(string member, string? text, int longest = LongestName)
    {
        if (Fault(text, longest) is { } fault)
        {
            throw new BadRestRequestException(member, fault);
        }
    }
}
