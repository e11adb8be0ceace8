using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Memory;

namespace SpeElsa.Engine.Execution;

/// <summary>Finds the execution an expression is evaluated for, and the variables it sees.</summary>
internal static class ExpressionScope
{
    public static readonly object Key = new();

    public static ActivityExecutionContext? Activity(ExpressionExecutionContext context)
    {
        for (var scope = context; scope is not null; scope = scope.ParentContext)
        {
            if (scope.TransientProperties.TryGetValue(Key, out var found))
            {
                return (ActivityExecutionContext)found;
            }
        }

        return null;
    }

    /// <summary>Variables from the innermost scope outwards; an inner one hides an outer one of the same name.</summary>
    public static IEnumerable<Variable> Variables(ExpressionExecutionContext context)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var scope = context; scope is not null; scope = scope.ParentContext)
        {
            foreach (var block in scope.Memory.Blocks.Values)
            {
                if (block.Metadata is VariableBlockMetadata metadata && seen.Add(metadata.Variable.Name))
                {
                    yield return metadata.Variable;
                }
            }
        }
    }

    public static Variable? FindVariable(ExpressionExecutionContext context, string name) =>
        Variables(context).FirstOrDefault(variable => variable.Name == name);

    public static IActivity? FindActivity(ExpressionExecutionContext context, string idOrName) =>
        Activity(context)?.WorkflowExecutionContext.WorkflowGraph.FindActivityByIdOrName(idOrName);
}
