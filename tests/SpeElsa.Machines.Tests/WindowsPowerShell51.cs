using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace SpeElsa.Machines.Tests;

/// <summary>One thing that Windows PowerShell 5.1 does not have, or reads in another way than the engine of the tests.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Find">The places in a script that break the rule.</param>
public sealed record PowerShellRule(string Name, Func<ParsedText, IEnumerable<string>> Find);

/// <summary>A script as its parser sees it.</summary>
public sealed class ParsedText
{
    public ParsedText(string text)
    {
        Text = text;
        Ast = Parser.ParseInput(text, out var tokens, out var errors);
        (Tokens, Errors) = (tokens, errors);
    }

    public string Text { get; }

    public ScriptBlockAst Ast { get; }

    public IReadOnlyList<Token> Tokens { get; }

    public IReadOnlyList<ParseError> Errors { get; }

    public IEnumerable<T> All<T>()
        where T : Ast => Ast.FindAll(node => node is T, searchNestedScriptBlocks: true).Cast<T>();

    public static string Describe(IScriptExtent extent) => $"{extent.StartLineNumber}: {extent.Text}";
}

/// <summary>
/// The rules by which the scripts are read for Windows PowerShell 5.1 on Windows Server 2016: the tests have a newer engine only, and what
/// that one accepts says nothing. .NET members are judged by .NET Framework 4.6.2, which that Windows came with.
/// </summary>
public static partial class WindowsPowerShell51
{
    private static readonly TokenKind[] NewerTokens =
    [
        TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot, TokenKind.QuestionLBracket, TokenKind.QuestionMark,
        TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean,
    ];

    private static readonly string[] NewerVariables = ["IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR", "PSStyle", "PSNativeCommandUseErrorActionPreference"];

    // By command; an empty list of parameters means the command itself.
    private static readonly Dictionary<string, string[]> NewerCommands = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ConvertFrom-Json"] = ["AsHashtable", "Depth", "NoEnumerate", "DateKind"],
        ["ConvertTo-Json"] = ["AsArray", "EnumsAsStrings", "EscapeHandling"],
        ["ConvertFrom-SecureString"] = ["AsPlainText"],
        ["ForEach-Object"] = ["Parallel", "ThrottleLimit", "TimeoutSeconds", "AsJob", "UseNewRunspace"],
        ["Get-Content"] = ["AsByteStream"],
        ["Set-Content"] = ["AsByteStream"],
        ["Add-Content"] = ["AsByteStream"],
        ["Get-ChildItem"] = ["FollowSymlink"],
        ["Get-Date"] = ["AsUTC", "UnixTimeSeconds"],
        ["Set-Service"] = ["SecurityDescriptorSddl", "Credential", "Force"],
        ["Invoke-WebRequest"] = ["SkipCertificateCheck", "AllowUnencryptedAuthentication", "Authentication", "NoProxy", "SkipHttpErrorCheck", "Form"],
        ["Invoke-RestMethod"] = ["SkipCertificateCheck", "AllowUnencryptedAuthentication", "Authentication", "NoProxy", "SkipHttpErrorCheck", "Form"],
        ["Join-Path"] = ["Extension"],
        ["Split-Path"] = ["LeafBase", "Extension"],
        ["Select-String"] = ["Raw", "NoEmphasis"],
        ["Sort-Object"] = ["Stable", "Top", "Bottom"],
        ["Select-Object"] = ["SkipIndex", "CaseInsensitive"],
        ["Measure-Object"] = ["StandardDeviation", "AllStats"],
        ["Out-String"] = ["NoNewline"],
        ["Start-Process"] = ["Environment"],
        ["Start-Sleep"] = ["Duration"],
        ["Tee-Object"] = ["Encoding"],
        ["Test-Connection"] = ["TcpPort", "TargetName", "IPv4", "IPv6", "Ping", "Traceroute"],
        ["Export-Csv"] = ["UseQuotes", "QuoteFields", "NoHeader"],
        ["ConvertTo-Csv"] = ["UseQuotes", "QuoteFields", "NoHeader"],
        ["Import-PfxCertificate"] = ["ProtectPrivateKey"],
        ["Get-Error"] = [],
        ["Get-SecureRandom"] = [],
        ["Get-Uptime"] = [],
        ["Join-String"] = [],
        ["Remove-Service"] = [],
        ["Start-ThreadJob"] = [],
        ["Test-Json"] = [],
        ["ConvertFrom-Markdown"] = [],
        ["Show-Markdown"] = [],
        ["Remove-Alias"] = [],
        ["ConvertTo-CliXml"] = [],
        ["ConvertFrom-CliXml"] = [],
    };

    // Static members and types that .NET Framework 4.6.2 does not have.
    private static readonly string[] NewerMembers =
    [
        "Convert::ToHexString", "Convert::FromHexString", "Path::GetRelativePath", "Path::IsPathFullyQualified", "Path::Join",
        "SHA256::HashData", "SHA1::HashData", "MD5::HashData", "RandomNumberGenerator::Fill", "RandomNumberGenerator::GetBytes",
        "RandomNumberGenerator::GetInt32", "Environment::ProcessId", "Environment::ProcessPath", "Environment::TickCount64", "Math::Clamp",
        "Array::Fill", "File::ReadAllTextAsync", "File::WriteAllTextAsync", "File::ReadAllBytesAsync", "DateTime::UnixEpoch",
        "OperatingSystem::IsWindows", "RuntimeInformation::RuntimeIdentifier", "String::Create", "ArgumentNullException::ThrowIfNull",
    ];

    private static readonly string[] NewerTypes =
        ["semver", "System.IO.EnumerationOptions", "System.HashCode", "System.Index", "System.Range", "System.DateOnly", "System.TimeOnly",
            "System.Text.Json.JsonSerializer", "System.Text.Json.JsonDocument", "System.Security.Cryptography.X509Certificates.X509CertificateLoader"];

    // Their text, and where they write it, depends on the version: UTF-16 or the machine's code page in one, UTF-8 in the other.
    private static readonly string[] EncodingCommands = ["Set-Content", "Add-Content", "Out-File", "Get-Content", "Export-Csv", "Import-Csv", "Tee-Object"];

    public static IReadOnlyList<PowerShellRule> Rules { get; } =
    [
        new("it can be parsed", text => text.Errors.Select(error => $"{error.Extent.StartLineNumber}: {error.Message}")),
        new("ASCII only", text => text.Text.Where(c => !char.IsAscii(c)).Select(c => $"U+{(int)c:X4}")),
        new("operators of 5.1", text => text.Tokens.Where(token => NewerTokens.Contains(token.Kind)).Select(token => ParsedText.Describe(token.Extent))),
        new("no background pipeline", text => text.All<PipelineAst>().Where(pipe => pipe.Background).Select(pipe => ParsedText.Describe(pipe.Extent))),
        new("a pipe ends its line", text => text.Tokens
            .Where(token => token.Kind == TokenKind.Pipe && IsFirstOnLine(text.Text, token.Extent))
            .Select(token => ParsedText.Describe(token.Extent))),
        new("variables of 5.1", text => text.All<VariableExpressionAst>()
            .Where(variable => NewerVariables.Contains(variable.VariablePath.UserPath, StringComparer.OrdinalIgnoreCase))
            .Select(variable => ParsedText.Describe(variable.Extent))),
        new("commands of 5.1", text => text.All<CommandAst>()
            .Where(command => NewerCommands.TryGetValue(command.GetCommandName() ?? "", out var parameters) && parameters.Length == 0)
            .Select(command => ParsedText.Describe(command.Extent))),
        new("parameters of 5.1", text => text.All<CommandAst>().SelectMany(NewerParameters)),
        new("join two paths at a time", text => text.All<CommandAst>()
            .Where(command => command.GetCommandName() == "Join-Path" && command.CommandElements.Count(element => element is not CommandParameterAst) > 3)
            .Select(command => ParsedText.Describe(command.Extent))),
        new("numbers of 5.1", text => text.Tokens
            .Where(token => token.Kind == TokenKind.Number && NewerNumber.IsMatch(token.Text)).Select(token => ParsedText.Describe(token.Extent))),
        new("escapes of 5.1", text => text.Tokens
            .Where(token => token.Kind is TokenKind.StringExpandable or TokenKind.HereStringExpandable && NewerEscape.IsMatch(token.Text))
            .Select(token => ParsedText.Describe(token.Extent))),
        new("replace with text", text => text.All<BinaryExpressionAst>()
            .Where(binary => binary.Operator is TokenKind.Ireplace or TokenKind.Creplace && HasBlock(binary.Right))
            .Select(binary => ParsedText.Describe(binary.Extent))),
        new("ranges of numbers", text => text.All<BinaryExpressionAst>()
            .Where(binary => binary.Operator is TokenKind.DotDot && (binary.Left is StringConstantExpressionAst || binary.Right is StringConstantExpressionAst))
            .Select(binary => ParsedText.Describe(binary.Extent))),
        new("no classes, no using", text => text.All<TypeDefinitionAst>().Select(type => ParsedText.Describe(type.Extent))
            .Concat(text.All<UsingStatementAst>().Select(statement => ParsedText.Describe(statement.Extent)))),
        new("requires no newer PowerShell", text => text.Tokens
            .Where(token => token.Kind == TokenKind.Comment && NewerRequires.IsMatch(token.Text)).Select(token => ParsedText.Describe(token.Extent))),
        new("members of .NET Framework", text => text.All<MemberExpressionAst>().Where(IsNewerMember).Select(member => ParsedText.Describe(member.Extent))),
        new("types of .NET Framework", text => text.All<TypeExpressionAst>().Select(type => type.TypeName)
            .Concat(text.All<TypeConstraintAst>().Select(type => type.TypeName))
            .Where(type => NewerTypes.Contains(type.FullName, StringComparer.OrdinalIgnoreCase)).Select(type => ParsedText.Describe(type.Extent))),
        new("no encoding that depends on the version", text => text.All<CommandAst>()
            .Where(command => EncodingCommands.Contains(command.GetCommandName(), StringComparer.OrdinalIgnoreCase))
            .Select(command => ParsedText.Describe(command.Extent))
            .Concat(text.All<FileRedirectionAst>().Where(file => file.Location.Extent.Text != "$null").Select(file => ParsedText.Describe(file.Extent)))),
        new("JSON deep and compact", text => text.All<CommandAst>()
            .Where(command => command.GetCommandName() == "ConvertTo-Json" && !command.Extent.Text.Contains("-Depth 20 -Compress", StringComparison.Ordinal))
            .Select(command => ParsedText.Describe(command.Extent))),
        // An alias is the user's, or another command in another version: 'curl', 'sc' and 'sort' are.
        new("no aliases", text => text.All<CommandAst>()
            .Where(command => command.GetCommandName() is { } name && !name.Contains('-', StringComparison.Ordinal) && !name.Contains('.', StringComparison.Ordinal))
            .Select(command => ParsedText.Describe(command.Extent))),
    ];

    /// <summary>Everything in a text that breaks a rule.</summary>
    public static IReadOnlyList<string> Break(string text)
    {
        var parsed = new ParsedText(text);
        return [.. Rules.SelectMany(rule => rule.Find(parsed).Select(place => $"{rule.Name} – {place}"))];
    }

    [GeneratedRegex(@"^0b|\d(?:u|y|uy|s|us|ul|n)(?:kb|mb|gb)?$", RegexOptions.IgnoreCase)]
    private static partial Regex NewerNumber { get; }

    [GeneratedRegex(@"(?<!`)(?:``)*`(?:e|u\{)")]
    private static partial Regex NewerEscape { get; }

    [GeneratedRegex(@"^#requires\s+(?:-version\s+[6-9]|-psedition\s+core)", RegexOptions.IgnoreCase)]
    private static partial Regex NewerRequires { get; }

    private static IEnumerable<string> NewerParameters(CommandAst command) =>
        NewerCommands.TryGetValue(command.GetCommandName() ?? "", out var parameters)
            ? command.CommandElements.OfType<CommandParameterAst>()
                .Where(parameter => parameters.Any(newer => IsPrefix(parameter.ParameterName, newer)))
                .Select(parameter => ParsedText.Describe(parameter.Extent))
            : [];

    // A parameter may be shortened: '-AsH' is '-AsHashtable'. Shorter than three letters it is a matter of taste what is meant.
    private static bool IsPrefix(string written, string parameter) =>
        written.Length >= 3 && parameter.StartsWith(written, StringComparison.OrdinalIgnoreCase);

    private static bool IsFirstOnLine(string text, IScriptExtent extent) =>
        string.IsNullOrWhiteSpace(text[(text.LastIndexOf('\n', Math.Max(0, extent.StartOffset - 1)) + 1)..extent.StartOffset]);

    private static bool HasBlock(ExpressionAst right) =>
        right is ScriptBlockExpressionAst || (right is ArrayLiteralAst list && list.Elements.Any(element => element is ScriptBlockExpressionAst));

    private static bool IsNewerMember(MemberExpressionAst member) =>
        member.Expression is TypeExpressionAst type && member.Member is StringConstantExpressionAst name
        && NewerMembers.Contains($"{type.TypeName.Name.Split('.')[^1]}::{name.Value}", StringComparer.OrdinalIgnoreCase);
}
