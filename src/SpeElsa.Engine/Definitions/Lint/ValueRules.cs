using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Scheduling.Bookmarks;
using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Definitions;

/// <summary>Values without which an activity can do nothing.</summary>
internal sealed class RequiredValueRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject) =>
        from node in subject.Nodes
        from input in node.Descriptor.Inputs
        where input.IsWrapped && IsRequired(node, input) && LintSubject.IsEmpty(node, input.Name)
        select new DefinitionFinding(
            DefinitionSeverity.Error, "missing-value", node.Activity.Id, $"'{node.Activity.Id}' needs a value for {input.DisplayName ?? input.Name}, and has none. {Cure(input)}");

    private static bool IsRequired(ActivityNode node, InputDescriptor input) =>
        input.UIHint == InputUIHints.WorkflowDefinitionPicker || (node.Activity.Type == HttpRouteRule.EndpointType && input.Name == "Path");

    private static string Cure(InputDescriptor input) => input.UIHint == InputUIHints.WorkflowDefinitionPicker ? "Choose a published workflow." : "Enter the path to listen at.";
}

/// <summary>Two endpoints that would start the workflow for the same request.</summary>
internal sealed class HttpRouteRule : IDefinitionRule
{
    public const string EndpointType = "Elsa.HttpEndpoint";

    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        var routes = new Dictionary<(string Path, string Method), string>();
        foreach (var node in subject.Nodes.Where(node => node.Activity is Activity { Type: EndpointType, CanStartWorkflow: true }))
        {
            if (LintSubject.Literal(node, "Path")?.Trim('/') is not { } path)
            {
                continue;
            }

            var methods = LintSubject.LiteralList(node, "SupportedMethods") is { Count: > 0 } given ? given : ["GET"];
            foreach (var method in methods.Select(method => method.ToUpperInvariant()).Distinct())
            {
                if (!routes.TryAdd((path.ToUpperInvariant(), method), node.Activity.Id))
                {
                    yield return new DefinitionFinding(
                        DefinitionSeverity.Error,
                        "duplicate-route",
                        node.Activity.Id,
                        $"'{node.Activity.Id}' and '{routes[(path.ToUpperInvariant(), method)]}' both listen at {method} /{path}. Give one of them another path or method.");
                }
            }
        }
    }
}

/// <summary>Cron expressions that can not be read.</summary>
internal sealed class CronRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        foreach (var node in subject.Nodes.Where(node => node.Activity.Type == "Elsa.Cron"))
        {
            if (LintSubject.Literal(node, "CronExpression") is { } expression && Problem(expression) is { } problem)
            {
                yield return new DefinitionFinding(DefinitionSeverity.Error, "invalid-cron", node.Activity.Id, problem);
            }
        }
    }

    private static string? Problem(string expression)
    {
        try
        {
            CronTimes.Parse(expression);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}

/// <summary>Expressions that do not parse.</summary>
internal sealed class ExpressionRule(IEnumerable<IExpressionSyntaxCheck> checks) : IDefinitionRule
{
    private readonly Dictionary<string, IExpressionSyntaxCheck> _checks = checks.ToDictionary(check => check.Type, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        foreach (var node in subject.Nodes)
        {
            foreach (var (input, expression) in LintSubject.Expressions(node))
            {
                if (expression.Value is string source && _checks.TryGetValue(expression.Type, out var check) && check.Check(source) is { } problem)
                {
                    yield return new DefinitionFinding(
                        DefinitionSeverity.Error,
                        "expression-syntax",
                        node.Activity.Id,
                        $"{input} of '{node.Activity.Id}' is no {expression.Type}: {problem} Correct it, or choose another syntax.");
                }
            }
        }
    }
}

/// <summary>References to variables that are not there. A loop may bring variables of its own, so this is no error.</summary>
internal sealed class VariableRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        foreach (var node in subject.Nodes)
        {
            foreach (var (input, id, name) in References(node).Where(reference => !LintSubject.SeesVariable(node, reference.Id, reference.Name)))
            {
                yield return new DefinitionFinding(
                    DefinitionSeverity.Warning,
                    "unknown-variable",
                    node.Activity.Id,
                    $"{input} of '{node.Activity.Id}' names the variable '{name ?? id}', which neither the workflow nor a container around it declares. "
                    + "Declare it, or choose another.");
            }
        }
    }

    private static IEnumerable<(string Input, string? Id, string? Name)> References(ActivityNode node)
    {
        foreach (var (input, expression) in LintSubject.Expressions(node).Where(pair => pair.Expression.Type == "Variable"))
        {
            // A reference to a block that is no variable is what another activity put out.
            if (Read(expression) is { } reference)
            {
                yield return (input, reference.Id, reference.Name);
            }
        }

        foreach (var input in node.Descriptor.Inputs.Where(input => !input.IsWrapped))
        {
            if (input.ValueGetter(node.Activity) is Variable variable)
            {
                yield return (input.Name, variable.Id, variable.Name);
            }
        }
    }

    /// <summary>Designers write a reference as JSON text of the variable; people write its name.</summary>
    private static (string? Id, string? Name)? Read(Expression expression)
    {
        if (expression.Value is not string text)
        {
            return expression.Value is Variable variable ? (variable.Id, variable.Name) : null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object ? (document.RootElement.Text("id"), document.RootElement.Text("name")) : (text, text);
        }
        catch (JsonException)
        {
            return (text, text);
        }
    }
}

/// <summary>Outputs that go nowhere, and what is configured but not performed.</summary>
internal sealed class OutputRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        var declared = subject.Graph.Workflow.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in subject.Nodes)
        {
            if (node.Activity.Type == "Elsa.SetOutput" && LintSubject.Literal(node, "OutputName") is { } name && !declared.Contains(name))
            {
                yield return Finding(
                    node, "unknown-output", $"'{node.Activity.Id}' sets the output '{name}', which the workflow does not declare. Declare it, or choose one that is declared.");
            }

            foreach (var descriptor in node.Descriptor.Outputs)
            {
                if (descriptor.ValueGetter(node.Activity) is not Output output)
                {
                    continue;
                }

                if (output.MemoryBlockReference() is { Id.Length: > 0 } target and not WorkflowOutputReference && !LintSubject.SeesVariable(node, target.Id, null))
                {
                    yield return Finding(
                        node,
                        "unbound-output",
                        $"{descriptor.Name} of '{node.Activity.Id}' goes to '{target.Id}', which is neither a variable in its scope nor an output of the workflow. "
                        + "Choose one that exists.");
                }

                if (output.Converter is { } converter)
                {
                    yield return Finding(
                        node,
                        "converter-ignored",
                        $"{descriptor.Name} of '{node.Activity.Id}' names the converter '{converter.Id}'; this server writes the value as it is. "
                        + "Convert it with an expression where it is read.");
                }
            }
        }
    }

    private static DefinitionFinding Finding(ActivityNode node, string code, string message) => new(DefinitionSeverity.Warning, code, node.Activity.Id, message);
}

/// <summary>Ids and names that stand for several activities or variables.</summary>
internal sealed class NameRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject)
    {
        foreach (var group in subject.Nodes.GroupBy(node => node.Activity.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return new DefinitionFinding(
                DefinitionSeverity.Warning,
                "duplicate-id",
                group.Key,
                $"{group.Count()} activities have the id '{group.Key}'; expressions that name it find the first. Give the others another id.");
        }

        var named = subject.Nodes.Where(node => !string.IsNullOrEmpty(node.Activity.Name));
        foreach (var group in named.GroupBy(node => node.Activity.Name!, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            yield return new DefinitionFinding(
                DefinitionSeverity.Warning,
                "duplicate-name",
                group.First().Activity.Id,
                $"{group.Count()} activities have the name '{group.Key}'; expressions that name it find the first. Give the others another name.");
        }

        foreach (var container in subject.Activities<IVariableContainer>())
        {
            foreach (var group in container.Variables.GroupBy(variable => variable.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            {
                yield return new DefinitionFinding(
                    DefinitionSeverity.Warning,
                    "duplicate-variable",
                    container.Id,
                    $"'{container.Id}' declares {group.Count()} variables with the name '{group.Key}'; expressions find the first. Rename the others.");
            }
        }
    }
}
