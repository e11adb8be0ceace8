using System.Text.Encodings.Web;
using System.Text.Json;
using SpeElsa.Cli.Evidence;
using Spectre.Console;

namespace SpeElsa.Cli.Commands;

/// <summary>Shows what came of a check.</summary>
internal static class VerdictWriter
{
    private const int NoEnd = 1000;
    private const int MostFaults = 20;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteJsonAsync(Verdict verdict, string path, TextWriter output) => output.WriteLineAsync(JsonSerializer.Serialize(
        new
        {
            file = path,
            genuine = verdict.IsGenuine,
            keyPinned = verdict.IsPinned,
            fingerprint = verdict.Fingerprint,
            moveId = verdict.MoveId,
            checks = verdict.Checks.Select(check => new { name = check.Name, passed = check.Passed, faults = check.Faults, says = check.Says }),
        },
        Json));

    public static Task WriteTableAsync(Verdict verdict, string path, TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (!isTerminal)
        {
            console.Profile.Width = NoEnd;
        }

        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(new TableColumn("").NoWrap(), new TableColumn("").NoWrap(), new TableColumn(""));
        foreach (var check in verdict.Checks)
        {
            var says = check.Passed || check.Faults.Count == 0 ? [check.Says] : check.Faults.Take(MostFaults);
            var more = check.Faults.Count > MostFaults ? $"\n… and {check.Faults.Count - MostFaults} more" : "";
            table.AddRow(
                !check.Passed ? new Text("FAILED", new Style(Color.Red))
                    : check.Name == BundleVerifier.KeyCheck && !verdict.IsPinned ? new Text("note", new Style(Color.Yellow)) : new Text("ok", new Style(Color.Green)),
                new Text(check.Name),
                new Text(string.Join('\n', says) + more));
        }

        console.Write(table);
        console.WriteLine();
        if (!verdict.IsGenuine)
        {
            console.Write(new Text($"NOT GENUINE: {path} is not what a server signed, or not all of it.\n", new Style(Color.Red)));
        }
        else if (verdict.IsPinned)
        {
            console.Write(new Text($"Genuine: {path} is, to the byte, what the server with this key signed.\n", new Style(Color.Green)));
        }
        else
        {
            console.Write(new Text(
                $"Consistent: {path} fits the key inside it. That alone does not say who made it: anybody can change a bundle and sign it with a key of his own.\n"
                + $"Get the server's fingerprint on another way and compare it with this one, or give it with --key:\n{verdict.Fingerprint}\n",
                new Style(Color.Yellow)));
        }

        return output.FlushAsync();
    }
}
