using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SpeElsa.Machines.Tests;

/// <summary>What the scripts hold that their parser does not see.</summary>
public sealed partial class EmbeddedCodeTests
{
    [Fact]
    public void The_code_that_Add_Type_compiles_is_C_sharp_5_and_compiles()
    {
        var source = HereString.Match(MachineScripts.Part("_RestartManager")).Groups[1].Value;

        Assert.Contains("public FileOwner[] Find(string path)", source, StringComparison.Ordinal);
        Assert.Empty(Errors(source));
        Assert.NotEmpty(Errors("class C { string P => $\"{1}\"; }"));
    }

    [Fact]
    public void Every_code_of_an_error_is_one_that_the_other_side_knows()
    {
        var known = typeof(ScriptErrorCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);

        var used = Library.Embedded.SelectMany(name => Code.Matches(MachineScripts.Part(name))).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Contains(ScriptErrorCodes.CopyLocked, used);
        Assert.Empty(used.Except(known));
    }

    [GeneratedRegex(@"@'\n(.*?)\n'@", RegexOptions.Singleline)]
    private static partial Regex HereString { get; }

    [GeneratedRegex(@"(?:Stop-SpeScript|\$code =) '([a-z.-]+)'")]
    private static partial Regex Code { get; }

    private static IEnumerable<string> Errors(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp5));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("Microsoft.Win32", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("any", [tree], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString());
    }
}
