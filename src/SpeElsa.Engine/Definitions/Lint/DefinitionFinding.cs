namespace SpeElsa.Engine.Definitions;

/// <summary>How bad a finding is.</summary>
public enum DefinitionSeverity
{
    /// <summary>It can be published, but some part of it will not do what it looks like.</summary>
    Warning,

    /// <summary>It can not be published.</summary>
    Error,
}

/// <summary>Something that is wrong with a definition.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">What kind of finding it is, for programs.</param>
/// <param name="ActivityId">Where; null: the definition as a whole.</param>
/// <param name="Message">What is wrong, and the cure.</param>
public sealed record DefinitionFinding(DefinitionSeverity Severity, string Code, string? ActivityId, string Message);

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
