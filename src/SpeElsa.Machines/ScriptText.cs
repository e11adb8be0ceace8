using System.Globalization;
using System.Text;

namespace SpeElsa.Machines;

/// <summary>
/// Composes what is sent: a header, the prelude, the functions that the script names in its first line, the script as one block.
/// </summary>
internal static class ScriptText
{
    /// <summary>Begins the line that names the script.</summary>
    public const string NameMark = "# SpeElsa script: ";

    private const string UsesMark = "# Uses: ";
    private const string TicketPart = "_Ticket";

    /// <summary>The text for a script that takes its input from standard input and gives its result on standard output.</summary>
    public static string ForInvocation(MachineScript script) =>
        Compose(script, "Invoke-SpeScript", "$SpeTicketDirectory = $null\n", linesBefore: 0, []);

    /// <summary>
    /// The text for a script that runs as a task; whoever stores it puts one line before it that names the ticket's folder.
    /// </summary>
    public static string ForTicket(MachineScript script) =>
        Compose(script, "Invoke-SpeTicket", "", linesBefore: 1, [TicketPart]);

    private static string Compose(MachineScript script, string runner, string header, int linesBefore, IEnumerable<string> parts)
    {
        var preamble = new StringBuilder()
            .Append(MachineScripts.Prelude)
            .AppendJoin("", parts.Union(UsedBy(script)).Select(MachineScripts.Part))
            .Append(runner).Append(" {\n")
            .ToString();

        // The offset's own line is among the lines it counts.
        var head = $"{NameMark}{script.Name}\n{header}$SpeScriptName = '{script.Name}'\n";
        var offset = linesBefore + Lines(head) + 1 + Lines(preamble);
        return string.Create(CultureInfo.InvariantCulture, $"{head}$SpeLineOffset = {offset}\n{preamble}{script.Text}\n}}\n");
    }

    private static string[] UsedBy(MachineScript script)
    {
        var firstLine = script.Text.AsSpan();
        firstLine = firstLine[..Math.Max(0, firstLine.IndexOf('\n'))];
        return firstLine.StartsWith(UsesMark)
            ? firstLine[UsesMark.Length..].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
    }

    private static int Lines(string text) => text.Count(c => c == '\n');
}
