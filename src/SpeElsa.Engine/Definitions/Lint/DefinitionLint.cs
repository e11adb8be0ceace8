using Elsa.Workflows.Models;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Definitions;

/// <summary>Looks for what is wrong with a definition before it is published. Workflows that are used as activities are checked by themselves.</summary>
public sealed class DefinitionLint(IEnumerable<IExpressionSyntaxCheck> syntaxChecks) : IDefinitionCheck
{
    private readonly IDefinitionRule[] _rules =
    [
        new UnknownActivityRule(),
        new ConnectionRule(),
        new StartRule(),
        new BusyLoopRule(),
        new RequiredValueRule(),
        new HttpRouteRule(),
        new CronRule(),
        new ExpressionRule(syntaxChecks),
        new VariableRule(),
        new OutputRule(),
        new NameRule(),
    ];

    /// <summary>All findings, errors first.</summary>
    public IReadOnlyList<DefinitionFinding> Check(WorkflowGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var subject = new LintSubject(graph);
        return [.. _rules.SelectMany(rule => rule.Check(subject)).OrderByDescending(finding => finding.Severity)];
    }

    Task<IReadOnlyList<DefinitionFinding>> IDefinitionCheck.CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken) => Task.FromResult(Check(graph));
}
