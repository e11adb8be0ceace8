using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe completion</c>: scripts for shells, which ask this program what could stand at the cursor: <c>spe "[suggest:6]" "spe mov"</c>.</summary>
internal static class CompletionCommand
{
    private const string Directive = "[suggest";
    private static readonly string[] OtherHelp = ["-h", "-?", "/h", "/?"];

    /// <summary>What a person has typed up to the cursor goes to spe; what comes back and does not begin with the word at the cursor is left out. Nothing left: files.</summary>
    private const string Bash = """
        # Completion of spe for bash. In ~/.bashrc: source <(spe completion bash)
        _spe_complete() {
            local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$("$1" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$2"))
        }
        complete -o bashdefault -o default -F _spe_complete spe
        """;

    private const string Zsh = """
        # Completion of spe for zsh. In ~/.zshrc, after compinit: source <(spe completion zsh)
        _spe_complete() {
            local line="${(j: :)words[1,CURRENT-1]} $PREFIX"
            local -a found
            found=(${(f)"$(spe "[suggest:${#line}]" "$line" 2>/dev/null)"})
            compadd -a found || _files
        }
        compdef _spe_complete spe
        """;

    private const string PowerShell = """
        # Completion of spe for PowerShell. In $PROFILE: spe completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName spe, spe.exe -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $length = $cursorPosition - $commandAst.Extent.StartOffset
            $line = $commandAst.ToString().PadRight($length).Substring(0, $length)
            & $commandAst.CommandElements[0].Value "[suggest:$length]" $line 2>$null |
                Where-Object { $_.StartsWith($wordToComplete, [StringComparison]::OrdinalIgnoreCase) } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Build(TextWriter output)
    {
        var shell = new Argument<string>("shell") { HelpName = "bash|zsh|pwsh", Description = "For which shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var completion = new Command("completion", "Prints a script with which a shell completes commands, options and fixed values. Example, in ~/.bashrc: source <(spe completion bash)") { shell };
        completion.SetAction((result, _) => output.WriteLineAsync((result.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => PowerShell,
        }).ReplaceLineEndings("\n")));
        return completion;
    }

    /// <summary>Whether a shell asks.</summary>
    public static bool IsAskedFor(string[] args) => args is [var first, ..] && first.StartsWith(Directive, StringComparison.Ordinal);

    /// <summary>
    /// Says what could stand at the cursor, a line each. Options are among it once a hyphen was typed, or where a command has nothing else: where it takes an argument of
    /// its own, nothing is said, and the shell offers files.
    /// </summary>
    public static async Task<int> CompleteAsync(RootCommand root, string[] args, TextWriter output)
    {
        // Whatever the program is called there is none of its commands.
        var line = args[^1];
        var typed = line.Contains(' ', StringComparison.Ordinal) ? line[line.IndexOf(' ', StringComparison.Ordinal)..].TrimStart() : "";
        var parsed = root.Parse(typed);
        if (parsed.UnmatchedTokens.Count > (typed.EndsWith(' ') || typed.Length == 0 ? 0 : 1))
        {
            return ExitCodes.Ok;
        }

        var others = OtherArguments(parsed, typed);
        var all = parsed.GetCompletions(typed.Length).Select(one => one.Label).Where(one => !OtherHelp.Contains(one) && !others.Contains(one)).Distinct(StringComparer.Ordinal).ToList();
        var words = all.Where(one => !one.StartsWith('-')).ToList();
        var takesOther = words.Count > 0 || parsed.CommandResult.Command.Arguments.Count > 0;
        foreach (var one in takesOther && !typed.Split(' ')[^1].StartsWith('-') ? words : all)
        {
            await output.WriteLineAsync(one);
        }

        return ExitCodes.Ok;
    }

    /// <summary>The values of those arguments that are not the one at the cursor: they are offered at every place otherwise.</summary>
    private static HashSet<string> OtherArguments(ParseResult parsed, string typed)
    {
        var words = typed.Split(' ');
        if (words.Length > 1 && words[^2].StartsWith('-'))
        {
            return [];
        }

        var before = parsed.CommandResult.Children.OfType<ArgumentResult>().Sum(argument => argument.Tokens.Count) - (words[^1].Length > 0 ? 1 : 0);
        var context = parsed.RootCommandResult.Command.Parse("").GetCompletionContext();
        return [.. parsed.CommandResult.Command.Arguments.Where((argument, place) => place != before && !(place < before && argument.Arity.MaximumNumberOfValues > before))
            .SelectMany(argument => argument.GetCompletions(context)).Select(one => one.Label)];
    }
}
