using System.Management.Automation.Language;

namespace SpeElsa.Machines.Tests;

/// <summary>The scripts must run on Windows PowerShell 5.1, which the tests do not have: what can be read off their text is checked here.</summary>
public sealed class ScriptLibraryTests
{
    private static readonly TokenKind[] NewerTokens =
    [
        TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot, TokenKind.QuestionLBracket, TokenKind.QuestionMark,
        TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean,
    ];

    private static readonly string[] NewerParameters =
        ["AsHashtable", "Parallel", "ThrottleLimit", "AsByteStream", "AsUTC", "EscapeHandling", "NoEnumerate", "SkipCertificateCheck", "LeafBase"];

    // Windows PowerShell 5.1 of Windows Server 2016 has all of these, and the two programs.
    private static readonly string[] KnownCommands =
    [
        "Convert-Path", "ConvertFrom-Json", "ConvertTo-Json", "ConvertTo-SecureString", "Export-PfxCertificate", "ForEach-Object",
        "Get-ChildItem", "Get-CimInstance", "Get-Item", "Get-ScheduledTask", "Get-Service", "Import-PfxCertificate", "Join-Path", "Move-Item",
        "New-Item", "New-Object", "New-ScheduledTaskAction", "New-ScheduledTaskPrincipal", "New-ScheduledTaskSettingsSet", "Out-Null",
        "Register-ScheduledTask", "Remove-Item", "Rename-Item", "Set-Service", "Set-StrictMode", "Split-Path", "Start-Process",
        "Start-ScheduledTask", "Start-Sleep", "Stop-ScheduledTask", "Test-Path", "Unregister-ScheduledTask", "icacls.exe", "robocopy.exe",
    ];

    public static TheoryData<string> Names =>
        [.. Scripts.Select(script => script.Name)];

    private static IEnumerable<MachineScript> Scripts =>
    [
        .. MachineScripts.All, MachineScripts.TicketStart, MachineScripts.TicketStatus, MachineScripts.TicketCancel,
        MachineScripts.TicketComplete,
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_IsWindowsPowerShell51(string name)
    {
        foreach (var text in Texts(name))
        {
            Assert.Empty(NewerThan51(text));
        }
    }

    [Theory]
    [InlineData("$a ?? 1")]
    [InlineData("$a ??= 1")]
    [InlineData("${a}?.Length")]
    [InlineData("${a}?[0]")]
    [InlineData("$a ? 1 : 2")]
    [InlineData("Get-Item x && Get-Item y")]
    [InlineData("Get-Item x || Get-Item y")]
    [InlineData("Get-Item x &")]
    [InlineData("'{}' | ConvertFrom-Json -AsHashtable")]
    [InlineData("1..3 | ForEach-Object -Parallel { $_ }")]
    [InlineData("if (")]
    public void The_check_sees_what_5_1_does_not_have(string text) => Assert.NotEmpty(NewerThan51(text));

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_CallsOnlyWhatWindowsHas(string name)
    {
        foreach (var text in Texts(name))
        {
            var unknown = Commands(text).Except(Functions(text), StringComparer.OrdinalIgnoreCase).Except(KnownCommands, StringComparer.Ordinal);

            Assert.Empty(unknown);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Script_IsAscii_AndWritesItsJsonDeepAndCompact(string name)
    {
        foreach (var text in Texts(name))
        {
            Assert.All(text, character => Assert.True(char.IsAscii(character)));
            Assert.All(
                text.Split('\n').Where(line => line.Contains("ConvertTo-Json", StringComparison.Ordinal)),
                line => Assert.Contains("-Depth 20 -Compress", line, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Readme_NamesTheCommandsOfTheScript(string name)
    {
        var row = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Machines.README.md"))
            .Single(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal) && line.Contains("commands:", StringComparison.Ordinal));
        var own = Scripts.Single(script => script.Name == name).Text;

        Assert.All(
            Commands(own).Intersect(KnownCommands).Except(["ForEach-Object", "Out-Null"]),
            command => Assert.Contains($"`{command}`", row, StringComparison.Ordinal));
    }

    [Fact]
    public void All_HasEveryScriptOfTheFolder()
    {
        var embedded = typeof(MachineScripts).Assembly.GetManifestResourceNames()
            .Select(name => Path.GetFileNameWithoutExtension(name["Scripts/".Length..]))
            .Where(name => !name.StartsWith('_'));

        Assert.Equal(embedded.Order(StringComparer.Ordinal), Scripts.Select(script => script.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void MachineScript_NotAscii_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new MachineScript("Say-Hello", "'Gr\u00fc\u00dfe'"));

    private static IEnumerable<string> NewerThan51(string text)
    {
        var ast = Parser.ParseInput(text, out var tokens, out var errors);
        return
        [
            .. errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}"),
            .. tokens.Where(token => NewerTokens.Contains(token.Kind)).Select(token => Describe(token.Extent)),
            .. ast.FindAll(IsNewer, searchNestedScriptBlocks: true).Select(node => Describe(node.Extent)),
        ];
    }

    private static bool IsNewer(Ast node) =>
        node is TernaryExpressionAst or PipelineChainAst or PipelineAst { Background: true } ||
        (node is CommandParameterAst parameter && NewerParameters.Contains(parameter.ParameterName, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> Texts(string name)
    {
        var script = Scripts.Single(script => script.Name == name);
        return [script.Text, ScriptText.ForInvocation(script), "$SpeTicketDirectory = 'C:\\x'\n" + ScriptText.ForTicket(script)];
    }

    private static IEnumerable<string> Commands(string text) => Parser.ParseInput(text, out _, out _)
        .FindAll(node => node is CommandAst, true)
        .Select(node => ((CommandAst)node).GetCommandName())
        .Where(command => command is not null)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    // Those that the text defines, and those of the parts that a script on its own does not show.
    private static IEnumerable<string> Functions(string text) => new[] { text, MachineScripts.Prelude }
        .Concat(new[] { "_Ticket", "_Certificate", "_Service" }.Select(MachineScripts.Part))
        .SelectMany(part => Parser.ParseInput(part, out _, out _).FindAll(node => node is FunctionDefinitionAst, true))
        .Select(node => ((FunctionDefinitionAst)node).Name);

    private static string Describe(IScriptExtent extent) => $"{extent.StartLineNumber}: {extent.Text}";
}
