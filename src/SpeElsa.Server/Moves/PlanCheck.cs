using System.Text.Json;
using Elsa.Workflows.Models;
using SpeElsa.Activities;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Server.Moves;

/// <summary>Checks a plan against the inputs its procedure declares and the machines there are.</summary>
internal static class PlanCheck
{
    private static readonly string[] MachineInputs = ["managementServer", "source", "target"];
    private const string NewName = "newName";

    /// <returns>What is wrong, by field; empty when all is well.</returns>
    public static Dictionary<string, string[]> Check(WorkflowGraph graph, IReadOnlyDictionary<string, JsonElement> plan, IFleet fleet)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var inputs = graph.Workflow.Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        foreach (var name in plan.Keys.Where(name => !inputs.ContainsKey(name)))
        {
            errors[$"plan.{name}"] = [$"This procedure has no input '{name}'; it has {string.Join(", ", inputs.Keys)}."];
        }

        foreach (var (name, input) in inputs)
        {
            if (CheckInput(name, input, plan, fleet) is { } error)
            {
                errors[$"plan.{name}"] = [error];
            }
        }

        if (errors.Count == 0 && Text(plan, "source") is { } source && string.Equals(source, Text(plan, "target"), StringComparison.OrdinalIgnoreCase))
        {
            errors["plan.target"] = ["Source and target are the same machine."];
        }

        return errors;
    }

    private static string? CheckInput(string name, InputDefinition input, IReadOnlyDictionary<string, JsonElement> plan, IFleet fleet)
    {
        if (MachineInputs.Contains(name, StringComparer.Ordinal))
        {
            return Text(plan, name) is not { Length: > 0 } machine
                ? $"Name the {name} machine; known are {string.Join(", ", fleet.Names)}."
                : fleet.Names.Contains(machine, StringComparer.OrdinalIgnoreCase) ? null : $"There is no machine '{machine}'; known are {string.Join(", ", fleet.Names)}.";
        }

        if (name == NewName && string.IsNullOrWhiteSpace(Text(plan, name)))
        {
            return "Say which name the server is to have.";
        }

        if (!plan.TryGetValue(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        try
        {
            ObjectConverter.ConvertTo(value, input.Type);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    private static string? Text(IReadOnlyDictionary<string, JsonElement> plan, string name) =>
        plan.TryGetValue(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
