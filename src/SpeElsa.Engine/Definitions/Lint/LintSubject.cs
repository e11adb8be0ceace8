using System.Collections;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>A definition as rules look at it: its own nodes, what is written in their inputs, and the variables they see.</summary>
internal sealed class LintSubject
{
    public LintSubject(WorkflowGraph graph)
    {
        Graph = graph;
        Nodes = [.. OwnNodes(graph.Root)];
    }

    public WorkflowGraph Graph { get; }

    /// <summary>All nodes but those of workflows that are used as activities.</summary>
    public IReadOnlyList<ActivityNode> Nodes { get; }

    public IEnumerable<T> Activities<T>() => Nodes.Select(node => node.Activity).OfType<T>();

    /// <summary>The expressions of a node with the name of the input that holds them.</summary>
    public static IEnumerable<(string Input, Expression Expression)> Expressions(ActivityNode node)
    {
        foreach (var input in node.Descriptor.Inputs)
        {
            var value = input.ValueGetter(node.Activity);
            if (value is Input { Expression: { } expression })
            {
                yield return (input.Name, expression);
            }
            else if (value is IEnumerable items and not string && PartShape.Of(input.Type) is { } shape)
            {
                foreach (var part in PartExpressions(items, shape))
                {
                    yield return (input.Name, part);
                }
            }
        }
    }

    /// <summary>The constant an input holds, as text; null where it holds none or another expression.</summary>
    public static string? Literal(ActivityNode node, string input) =>
        ExpressionOf(node, input) is { Type: "Literal", Value: { } value } ? ObjectConverter.ConvertTo<string>(value) : null;

    /// <summary>The constant list an input holds; null where it holds another expression.</summary>
    public static IReadOnlyList<string>? LiteralList(ActivityNode node, string input)
    {
        if (ExpressionOf(node, input) is not { } expression)
        {
            return [];
        }

        try
        {
            return expression.Type is "Literal" or "Object" ? [.. ObjectConverter.ConvertTo<ICollection<string>>(expression.Value) ?? []] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether an input was left empty: no expression, or a constant without content.</summary>
    public static bool IsEmpty(ActivityNode node, string input) => ExpressionOf(node, input) is not { } expression
        || (expression.Type is "Literal" or "Object" && (expression.Value is null || (expression.Value is string text && string.IsNullOrWhiteSpace(text))));

    /// <summary>Whether a scope around a node, or its own, declares a variable of this id or name.</summary>
    public static bool SeesVariable(ActivityNode node, string? id, string? name)
    {
        for (var scope = node; scope is not null; scope = scope.Parent)
        {
            if (scope.Activity is IVariableContainer container && container.Variables.Any(variable => variable.Id == id || (name is not null && variable.Name == name)))
            {
                return true;
            }
        }

        return false;
    }

    private static Expression? ExpressionOf(ActivityNode node, string input) =>
        (node.Descriptor.Inputs.FirstOrDefault(candidate => candidate.Name == input)?.ValueGetter(node.Activity) as Input)?.Expression;

    private static IEnumerable<Expression> PartExpressions(IEnumerable items, PartShape shape) =>
        from object item in items
        from property in shape.Properties
        where PartShape.IsExpression(property)
        let expression = property.GetValue(item) as Expression
        where expression is not null
        select expression;

    private static IEnumerable<ActivityNode> OwnNodes(ActivityNode node) =>
        node.Activity is WorkflowDefinitionActivity ? [node] : node.Children.SelectMany(OwnNodes).Prepend(node);
}
