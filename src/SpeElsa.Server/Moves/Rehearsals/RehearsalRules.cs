using System.Text.RegularExpressions;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Which procedures can be rehearsed: those of which every step can be kept on copies.</summary>
internal static partial class RehearsalRules
{
    /// <summary>Steps that reach what is outside of the fleet, or start what does.</summary>
    private static readonly string[] ReachOut =
        ["Elsa.SendHttpRequest", "Elsa.FlowSendHttpRequest", "Elsa.RunCSharp", "Elsa.RunTask", "Elsa.PublishEvent", "Elsa.ExecuteWorkflow", "Elsa.DispatchWorkflow", "Elsa.BulkDispatchWorkflows"];

    /// <returns>Why it can not be rehearsed; null when it can.</returns>
    public static string? WhyNot(DefinitionRecord definition, WorkflowGraph graph)
    {
        var steps = graph.Nodes.Select(node => node.Activity)
            .Where(activity => ReachOut.Contains(activity.Type, StringComparer.Ordinal) || !(activity.Type.StartsWith("Elsa.", StringComparison.Ordinal) || activity.Type.StartsWith("SpeElsa.", StringComparison.Ordinal)))
            .Select(activity => $"{activity.Id} ({activity.Type})")
            .ToArray();
        return steps.Length > 0 ? $"A rehearsal is kept on copies, and these steps reach beyond them: {string.Join(", ", steps)}."
            : CSharp().IsMatch(definition.Json) ? "A rehearsal is kept on copies, and a C# expression of this procedure could reach beyond them."
            : null;
    }

    [GeneratedRegex("\"type\"\\s*:\\s*\"CSharp\"")]
    private static partial Regex CSharp();
}
