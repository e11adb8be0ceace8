using System.Diagnostics;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Tests;

/// <summary>What a shell offers after Tab.</summary>
public sealed class CompletionTests
{
    private static string Spe => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "spe.exe" : "spe");

    [Theory]
    [InlineData("spe mov", "move")]
    [InlineData("spe definition ", "check compare delete export import list publish retract revert show")]
    [InlineData("spe task list --state ", "closed open overdue unclaimed")]
    [InlineData("spe move list --output j", "json")]
    [InlineData("spe definition check --fi", "--file")]
    [InlineData("spe lab fault clear --p", "--profile")]
    [InlineData("spe lab mfa spe-old admin o", "off on")]
    [InlineData("spe lab mfa ", "")]
    [InlineData("spe nonsense ", "")]
    [InlineData("spe verify ", "")]
    [InlineData("spe", "")]
    [InlineData("/opt/tools/spe profile r", "remove")]
    public async Task The_program_says_what_could_stand_at_the_cursor(string line, string expected)
    {
        var output = new StringWriter();

        var exitCode = await SpeCommands.RunAsync([$"[suggest:{line.Length}]", line], output, TextWriter.Null);

        Assert.Equal(0, exitCode);
        var word = line.Split(' ')[^1];
        Assert.Equal(expected, string.Join(' ', output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Where(one => one.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task After_a_command_that_takes_nothing_else_its_options_are_offered()
    {
        var output = new StringWriter();

        await SpeCommands.RunAsync(["[suggest:14]", "spe task list "], output, TextWriter.Null);

        Assert.Contains("--state", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("/h", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The script as somebody sources it, in the shell itself, which calls the program itself.</summary>
    [Fact]
    public async Task Bash_completes_commands_options_and_values()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash is not there");
        const string Script = """
            source <("$SPE" completion bash)
            complete -p spe
            for COMP_LINE in "spe defi" "spe definition pu" "spe task list --state o" "spe lab fault set spe-new L" "spe move undo --prev" "spe verify "; do
                COMP_POINT=${#COMP_LINE}
                _spe_complete "$SPE" "${COMP_LINE##* }"
                echo "$COMP_LINE: ${COMPREPLY[*]}"
            done
            """;
        var start = new ProcessStartInfo("bash", ["--norc", "-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SPE"] = Spe;
        using var bash = Process.Start(start)!;
        var (output, error) = (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), await bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));

        Assert.Equal("", error);
        Assert.Equal(
            [
                "complete -o bashdefault -o default -F _spe_complete spe",
                "spe defi: definition",
                "spe definition pu: publish",
                "spe task list --state o: open overdue",
                "spe lab fault set spe-new L: LockedFile LostReply",
                "spe move undo --prev: --preview",
                "spe verify : ",
            ],
            output.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("zsh", "compdef _spe_complete spe")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native")]
    public async Task Each_shell_gets_a_script_of_its_own(string shell, string part)
    {
        var output = new StringWriter();

        Assert.Equal(0, await SpeCommands.RunAsync(["completion", shell], output, TextWriter.Null));

        Assert.Contains(part, output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[suggest:", output.ToString(), StringComparison.Ordinal);
    }
}
