using System.Text;
using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>TypeScript declarations of what scripts of a workflow see, for editors: functions, variables, inputs, and outputs of its activities.</summary>
public sealed class JavaScriptDeclarations(ActivityRegistry registry)
{
    private const string Fixed = """
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowDefinitionVersionId(): string;
        declare function getWorkflowDefinitionVersion(): number;
        declare function getWorkflowInstanceId(): string;
        declare function getWorkflowInstanceName(): string | null;
        declare function setWorkflowInstanceName(value: string | null): void;
        declare function getCorrelationId(): string | null;
        declare function setCorrelationId(value: string | null): void;
        declare function getVariable(name: string): any;
        declare function setVariable(name: string, value: any): void;
        declare function getInput(name: string): any;
        declare function getOutputFrom(activityIdOrName: string, outputName?: string): any;
        declare function getLastResult(): any;
        declare function utcNow(): Date;
        declare function isNullOrEmpty(value: string | null): boolean;
        declare function isNullOrWhiteSpace(value: string | null): boolean;
        declare function newGuid(): string;
        declare function newGuidString(): string;
        declare function getGuid(): string;
        declare function getGuidString(): string;
        declare function newShortGuid(): string;
        declare function getShortGuid(): string;
        declare function parseGuid(value: string): string;
        declare function toJson(value: any): string;
        declare function parseJson(json: string): any;
        declare function bytesToString(value: Uint8Array | string | number[]): string;
        declare function bytesFromString(value: string): Uint8Array;
        declare function bytesToBase64(value: Uint8Array | string | number[]): string;
        declare function bytesFromBase64(value: string): Uint8Array;
        declare function stringToBase64(value: string): string;
        declare function stringFromBase64(value: string): string;
        declare function streamToBytes(value: any): Uint8Array;
        declare function streamToBase64(value: any): string;

        """;

    private const string OfRunJavaScript = """
        declare function setOutcome(...names: string[]): void;
        declare function setOutcomes(...names: string[]): void;

        """;

    /// <summary>Writes the declarations.</summary>
    /// <param name="graph">The workflow; null: only what every script sees.</param>
    /// <param name="activityType">The type of the activity whose script is edited, or null.</param>
    public string Write(WorkflowGraph? graph, string? activityType = null)
    {
        var head = (activityType == "Elsa.RunJavaScript" ? Fixed + OfRunJavaScript : Fixed).ReplaceLineEndings("\n");
        var text = new StringBuilder(head);
        var names = head.Split('\n').Where(line => line.StartsWith("declare", StringComparison.Ordinal)).Select(line => line.Split(' ', '(')[2]).ToHashSet(StringComparer.Ordinal);
        Variable[] variables = graph is null ? [] : [.. VariablesOf(graph).Where(variable => variable.Name.Length > 0).DistinctBy(variable => variable.Name)];
        foreach (var variable in variables)
        {
            var (name, type) = (ScriptNames.Pascal(variable.Name), TypeOf(variable.ValueType));
            Declare($"get{name}", "", type);
            Declare($"set{name}", $"value: {type}", "void");
        }

        foreach (var input in graph?.Workflow.Inputs ?? [])
        {
            Declare($"get{ScriptNames.Pascal(input.Name)}", "", TypeOf(input.Type));
        }

        foreach (var (activity, output) in graph is null ? [] : OutputsOf(graph))
        {
            Declare($"get{ScriptNames.Pascal(output.Name)}From{ScriptNames.Pascal(activity)}", "", TypeOf(output.Type));
        }

        text.Append("declare class WorkflowVariables {\n");
        foreach (var variable in variables)
        {
            text.Append(Property(variable.Name)).Append(": ").Append(TypeOf(variable.ValueType)).Append(";\n");
        }

        return text.Append("}\ndeclare var variables: WorkflowVariables;\n").ToString();

        // What has no name that a script could write is reached by getVariable, getInput and getOutputFrom.
        void Declare(string name, string arguments, string type)
        {
            if (IsName(name) && names.Add(name))
            {
                text.Append($"declare function {name}({arguments}): {type};\n");
            }
        }
    }

    private static IEnumerable<Variable> VariablesOf(WorkflowGraph graph) =>
        graph.Workflow.Variables.Concat(graph.Nodes.Select(node => node.Activity).OfType<IVariableContainer>().SelectMany(container => container.Variables));

    private IEnumerable<(string Activity, OutputDescriptor Output)> OutputsOf(WorkflowGraph graph) =>
        from activity in graph.Nodes.Select(node => node.Activity)
        let described = registry.Find(activity.Type, activity.Version) ?? registry.Describe(activity.GetType())
        from output in described.Outputs
        select (activity.Name ?? activity.Id, output);

    private static string Property(string name) => IsName(name) ? name : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsName(string text) => text.Length > 0 && !char.IsDigit(text[0]) && text.All(character => char.IsLetterOrDigit(character) || character is '_' or '$');

    /// <summary>What a script sees of a value: values go in as JSON.</summary>
    private static string TypeOf(Type type)
    {
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual switch
        {
            _ when actual == typeof(string) || actual == typeof(Guid) || actual == typeof(DateTime) || actual == typeof(DateTimeOffset) || actual == typeof(TimeSpan) => "string",
            _ when actual == typeof(bool) => "boolean",
            _ when actual == typeof(byte[]) => "Uint8Array",
            { IsEnum: true } => "string",
            _ when Type.GetTypeCode(actual) is >= TypeCode.SByte and <= TypeCode.Decimal => "number",
            _ when actual.IsArray => $"{TypeOf(actual.GetElementType()!)}[]",
            { IsGenericType: true } when actual.GetGenericArguments() is [var item] && typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(actual) => $"{TypeOf(item)}[]",
            _ => "any",
        };
    }
}
