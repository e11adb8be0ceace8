namespace SpeElsa.Machines.Tests;

/// <summary>The library, its table of commands and its README say the same.</summary>
public sealed class ScriptLibraryTests
{
    private static readonly string[] Readme = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Machines.README.md"));

    public static TheoryData<string> Names => [.. MachineScripts.All.Select(script => script.Name)];

    private static IReadOnlyList<string[]> CommandTable =>
    [
        .. Readme.SkipWhile(line => line != "## What they need of Windows").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void The_table_lists_every_command_that_the_scripts_use_and_no_other()
    {
        var used = Library.Embedded.SelectMany(name => Library.CommandsOf(MachineScripts.Part(name))).Distinct(StringComparer.OrdinalIgnoreCase);

        Assert.Equal(used.Order(StringComparer.Ordinal), CommandTable.Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_command_of_the_table_has_its_module_and_its_first_Windows() =>
        Assert.All(CommandTable, row =>
        {
            Assert.Equal(3, row.Length);
            Assert.NotEmpty(row[1]);
            Assert.Matches(@"^20\d\d( R2)?$", row[2]);
        });

    [Fact]
    public void The_table_is_seen_to_differ_when_a_script_calls_something_new() =>
        Assert.Equal(["Get-NewThing", "new.exe"], Library.CommandsOf("Get-NewThing; Write-SpeResult 1; & new.exe /x").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_README_says_what_a_script_takes_and_gives(string name) =>
        Assert.Single(Readme, line => line.StartsWith("| ", StringComparison.Ordinal) && line.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));

    [Fact]
    public void All_HasEveryScriptOfTheFolder() =>
        Assert.Equal(
            Library.Embedded.Where(name => !name.StartsWith('_')).Order(StringComparer.Ordinal),
            Library.Scripts.Select(script => script.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void MachineScript_NotAscii_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new MachineScript("Say-Hello", "'Gr\u00fc\u00dfe'"));
}
