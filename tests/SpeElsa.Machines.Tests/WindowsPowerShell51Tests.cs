namespace SpeElsa.Machines.Tests;

/// <summary>The scripts must run on Windows PowerShell 5.1, which the tests do not have: what can be read off their text is checked here.</summary>
public sealed class WindowsPowerShell51Tests
{
    public static TheoryData<string> Names => [.. Library.Scripts.Select(script => script.Name)];

    public static TheoryData<string> RuleNames => [.. WindowsPowerShell51.Rules.Select(rule => rule.Name)];

    // At least one bad sample for each rule.
    private static IReadOnlyList<(string Rule, string Text)> BadSamples =>
    [
        ("it can be parsed", "if ("),
        ("ASCII only", "'Gr\u00fc\u00dfe'"),
        ("operators of 5.1", "$a ?? 1"),
        ("operators of 5.1", "$a ??= 1"),
        ("operators of 5.1", "${a}?.Length"),
        ("operators of 5.1", "${a}?[0]"),
        ("operators of 5.1", "$a ? 1 : 2"),
        ("operators of 5.1", "Get-Item x && Get-Item y"),
        ("operators of 5.1", "Get-Item x || Get-Item y"),
        ("operators of 5.1", "function F { process { 1 } clean { 2 } }"),
        ("no background pipeline", "Get-Item x &"),
        ("a pipe ends its line", "Get-Item x\n    | Out-Null"),
        ("variables of 5.1", "if ($IsWindows) { 1 }"),
        ("variables of 5.1", "$PSStyle.Reset"),
        ("commands of 5.1", "Join-String -InputObject a"),
        ("commands of 5.1", "Test-Json -Json '{}'"),
        ("parameters of 5.1", "ConvertFrom-Json -InputObject '{}' -AsHashtable"),
        ("parameters of 5.1", "ConvertFrom-Json -InputObject '{}' -AsHash"),
        ("parameters of 5.1", "ConvertFrom-Json -InputObject '{}' -Depth 5"),
        ("parameters of 5.1", "1..3 | ForEach-Object -Parallel { $_ }"),
        ("parameters of 5.1", "Get-Content -LiteralPath x -AsByteStream"),
        ("parameters of 5.1", "Get-Date -AsUTC"),
        ("parameters of 5.1", "Split-Path -Path x -LeafBase"),
        ("join two paths at a time", "Join-Path a b c"),
        ("numbers of 5.1", "$a = 0b1010"),
        ("numbers of 5.1", "$a = 10uy"),
        ("numbers of 5.1", "$a = 10n"),
        ("escapes of 5.1", "\"`u{1F600}\""),
        ("escapes of 5.1", "\"`e[31m\""),
        ("replace with text", "'a' -replace 'a', { 'b' }"),
        ("ranges of numbers", "'a'..'z'"),
        ("no classes, no using", "class C { }"),
        ("no classes, no using", "enum E { A }"),
        ("no classes, no using", "using namespace System.IO"),
        ("requires no newer PowerShell", "#Requires -Version 7.0\n1"),
        ("requires no newer PowerShell", "#Requires -PSEdition Core\n1"),
        ("members of .NET Framework", "[System.Convert]::ToHexString($bytes)"),
        ("members of .NET Framework", "[System.IO.Path]::GetRelativePath('a', 'b')"),
        ("members of .NET Framework", "[System.Security.Cryptography.SHA256]::HashData($bytes)"),
        ("types of .NET Framework", "[semver]'1.0.0'"),
        ("types of .NET Framework", "[System.IO.EnumerationOptions]::new()"),
        ("no encoding that depends on the version", "Set-Content -LiteralPath x -Value 'a'"),
        ("no encoding that depends on the version", "'a' > 'C:\\x.txt'"),
        ("JSON deep and compact", "ConvertTo-Json -InputObject 1"),
        ("no aliases", "dir C:\\"),
        ("no aliases", "sc query"),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_script_breaks_no_rule_of_5_1(string name)
    {
        foreach (var text in Library.Texts(name))
        {
            Assert.Empty(WindowsPowerShell51.Break(text));
        }
    }

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void A_rule_sees_what_it_is_for(string name)
    {
        var rule = WindowsPowerShell51.Rules.Single(rule => rule.Name == name);
        var samples = BadSamples.Where(sample => sample.Rule == name).Select(sample => sample.Text).ToList();

        Assert.NotEmpty(samples);
        Assert.All(samples, sample => Assert.NotEmpty(rule.Find(new ParsedText(sample))));
    }

    [Theory]
    [InlineData("Get-Item -LiteralPath x |\n    Out-Null")]
    [InlineData("$a = 1..3 | ForEach-Object { [long]$_ }; $b = 0x1F; $c = 10MB; $d = 1.5; $e = 5L")]
    [InlineData("\"``e and `n and $a\"")]
    [InlineData("if ($a -replace 'b', 'c') { [System.IO.File]::ReadAllText('x') } else { Get-Item x 2> $null }")]
    [InlineData("ConvertFrom-Json -InputObject '{}'; & robocopy.exe a b '/E'; & $block")]
    public void What_5_1_has_breaks_no_rule(string text) => Assert.Empty(WindowsPowerShell51.Break(text));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_script_runs_under_strict_mode(string name) =>
        Assert.All(Library.Texts(name).Skip(1), text => Assert.Contains("\nSet-StrictMode -Version 2.0\n", text, StringComparison.Ordinal));
}
