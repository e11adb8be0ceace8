using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Definitions;

/// <summary>Checks what is written in an expression syntax without running it.</summary>
public interface IExpressionSyntaxCheck
{
    /// <summary>The syntax, such as "JavaScript".</summary>
    string Type { get; }

    /// <summary>Says what is wrong with the source, with line and column where it can; null: nothing.</summary>
    string? Check(string source);
}

/// <summary>One thing to look for.</summary>
internal interface IDefinitionRule
{
    IEnumerable<DefinitionFinding> Check(LintSubject subject);
}
