using System.Text;

namespace SpeElsa.Machines;

/// <summary>
/// How powershell.exe is started wherever it is a process: the command line is the same for every script, and script and input go in on
/// standard input, because a command line can be read by others and is written to logs.
/// </summary>
internal static class PowerShellHost
{
    // The script comes as Base64 in the first line: it has many lines, and the pipeline of standard input is one of lines.
    private const string Bootstrap =
        """
        $speLines = @($input)
        function Stop-SpeStart($code, $message) {
            $Host.UI.WriteLine('{"t":"error","error":{"code":"' + $code + '","message":"' + $message + '","script":null,"line":null,"position":null}}')
            exit 1
        }
        if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
            '{"t":"error","error":{"code":"machine.powershell-constrained","message":"PowerShell runs in a constrained language mode there. Exempt the account from AppLocker or App Control script rules.","script":null,"line":null,"position":null}}'
            exit 1
        }
        if ($env:OS -eq 'Windows_NT') {
            $speUser = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
            if (-not $speUser.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
                Stop-SpeStart 'machine.not-administrator' 'The account is not an administrator there, or its session is not elevated. Make it a member of the local Administrators.'
            }
        }
        if ($speLines.Count -lt 2) { Stop-SpeStart 'script.no-result' 'The script did not arrive whole.' }
        $speBlock = [scriptblock]::Create([Text.Encoding]::ASCII.GetString([Convert]::FromBase64String($speLines[0])))
        $speLines[1] | & $speBlock
        """;

    public static string Program => "powershell.exe";

    public static IReadOnlyList<string> Arguments { get; } =
    [
        "-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-OutputFormat", "Text", "-InputFormat", "Text", "-EncodedCommand",
        Convert.ToBase64String(Encoding.Unicode.GetBytes(Bootstrap.ReplaceLineEndings("\n"))),
    ];

    /// <summary>For a remote shell. Nothing in it needs quotes, so it is the same for cmd.exe and PowerShell.</summary>
    public static string CommandLine { get; } = $"{Program} {string.Join(' ', Arguments)}";

    public static byte[] StandardInput(string scriptText, string input)
    {
        if (input.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            throw new ArgumentException("The input has to be one line.", nameof(input));
        }

        return Encoding.ASCII.GetBytes($"{Convert.ToBase64String(Encoding.ASCII.GetBytes(scriptText))}\n{input}\n");
    }

    /// <summary>Tells from what came instead of our lines whether PowerShell could not be started at all.</summary>
    public static void ThrowIfMissing(int exitCode, bool anyOutput, string standardError)
    {
        // 9009 is cmd.exe's and 127 a POSIX shell's "no such command"; a shell that says 1 says it in words, in which the name stays.
        if (exitCode is 9009 or 127 || (exitCode != 0 && !anyOutput && standardError.Contains("'powershell.exe'", StringComparison.OrdinalIgnoreCase)))
        {
            throw new MachineTransportException(
                ScriptErrorCodes.PowerShellMissing, "powershell.exe cannot be started there. Windows PowerShell 5.1 has to be installed and in the PATH.");
        }
    }
}
