using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace SpeElsa.Cli.Server;

/// <summary>Writes answers for people: colours and the width of the screen on a terminal, whole lines elsewhere.</summary>
/// <param name="output">Where to.</param>
/// <param name="input">What is read where a file is called -.</param>
internal sealed class Screen(TextWriter output, TextReader input)
{
    /// <summary>What stands for standard input, and for standard output, in place of a file.</summary>
    public const string StandardInput = "-";

    private const int NoEnd = 1000;

    /// <summary>Whether somebody looks.</summary>
    public bool IsTerminal { get; } = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    public IAnsiConsole Ansi => field ??= Create();

    public TextWriter Output => output;

    /// <summary>What a file holds; - is standard input.</summary>
    public Task<string> ReadAsync(string file, CancellationToken cancellationToken) =>
        file == StandardInput ? input.ReadToEndAsync(cancellationToken) : File.ReadAllTextAsync(file, cancellationToken);

    /// <summary>A password in a file: its last line end is none of it. Typed at a terminal it is one line, and nobody sees it.</summary>
    public async Task<string> ReadSecretAsync(string file, CancellationToken cancellationToken) => file == StandardInput && ReferenceEquals(input, Console.In) && !Console.IsInputRedirected
        ? ReadUnseen()
        : (await ReadAsync(file, cancellationToken)).TrimEnd('\r', '\n');

    public void Json(JsonNode node) => output.WriteLine(node.ToJsonString(ServerApi.Indented));

    public void Line(string text = "") => output.WriteLine(text);

    /// <summary>A table; says so when it has no rows.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, string none)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            Line(none);
            return;
        }

        var table = new Table { Border = IsTerminal ? TableBorder.Rounded : TableBorder.None };
        table.AddColumns([.. columns.Select(column => new TableColumn(new Text(column)))]);
        foreach (var row in all)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        Ansi.Write(table);
    }

    /// <summary>Pairs of a name and what it is; empty ones are left out.</summary>
    public void Facts(params IEnumerable<(string Name, string? Value)> facts)
    {
        var shown = facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).ToList();
        var width = shown.Select(fact => fact.Name.Length).DefaultIfEmpty().Max();
        foreach (var (name, value) in shown)
        {
            Line($"{name.PadRight(width)}  {value!.ReplaceLineEndings("\n").Replace("\n", "\n" + new string(' ', width + 2), StringComparison.Ordinal)}");
        }
    }

    /// <summary>A time as the reader's clock has it.</summary>
    public static string Time(JsonNode? node) => (string?)node is { } text
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : "";

    /// <summary>Texts in a row.</summary>
    public static string List(JsonNode? node) => string.Join(", ", (node?.AsArray() ?? []).Select(text => (string?)text));

    /// <summary>A span without its fractions.</summary>
    public static string Span(JsonNode? node) => (string?)node is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture) : "";

    private static string ReadUnseen()
    {
        Console.Error.Write("Type it, it is not shown, and end with Enter: ");
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key is not ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key is ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }

    private IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (!IsTerminal)
        {
            console.Profile.Width = NoEnd;
        }

        return console;
    }
}
