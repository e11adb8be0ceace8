using Elsa.Workflows;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Runtime;

/// <summary>Other values for variables of a workflow, by id, given from outside of it.</summary>
internal sealed record VariableChange(Dictionary<string, object?> Values, string? ChangedBy)
{
    private const string Key = "VariableChange";

    /// <summary>A stimulus' input.</summary>
    public string ToInput() => EngineJson.Write(new Dictionary<string, object?> { [Key] = this });

    /// <summary>Sets them. What is no variable of the workflow, or does not fit its type, is left out and said to be.</summary>
    /// <returns>Whether the workflow has begun; before that, the change waits.</returns>
    public static bool Apply(WorkflowExecutionContext workflow, Dictionary<string, object?> input)
    {
        if (workflow.Root is not { } root || !input.TryGetValue(Key, out var stored) || ObjectConverter.ConvertTo<VariableChange>(stored) is not { } change)
        {
            return workflow.Root is not null;
        }

        var refused = new List<string>();
        foreach (var (id, value) in change.Values)
        {
            if (!TrySet(root, id, value))
            {
                refused.Add(id);
            }
        }

        workflow.Log(root, "VariablesChanged", payload: new Dictionary<string, object?>
        {
            ["Variables"] = change.Values.Keys.Except(refused, StringComparer.Ordinal).ToArray(),
            ["Refused"] = refused,
            ["ChangedBy"] = change.ChangedBy,
        });
        return true;
    }

    private static bool TrySet(ActivityExecutionContext root, string id, object? value)
    {
        if (root.Variables.FirstOrDefault(variable => variable.Id == id) is not { } variable)
        {
            return false;
        }

        try
        {
            root.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType));
            return true;
        }
        catch (FormatException)
        {
            // The door has looked at it; a migration since then may have given the variable another type.
            return false;
        }
    }
}
