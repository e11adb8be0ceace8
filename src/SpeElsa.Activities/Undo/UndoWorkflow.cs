using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Activities;

/// <summary>Writes the plan of an undo as a workflow definition in Elsa's format, laid out for the designer.</summary>
public static class UndoWorkflow
{
    /// <summary>The variable with how things stood before the move; whoever starts the workflow gives it its value.</summary>
    public const string BaselineVariable = "baseline";

    private const string Prefix = "undo-";
    private const string FindingVariable = "finding";
    private const int Columns = 5;
    private const int Width = 310;
    private const int Height = 106;

    /// <summary>The definition of the undo of a move.</summary>
    /// <param name="moveId">The move.</param>
    public static string DefinitionIdOf(string moveId) => Prefix + moveId;

    /// <summary>The workflow instance of the undo of a move: there is one.</summary>
    /// <param name="moveId">The move.</param>
    public static string InstanceIdOf(string moveId) => $"undo{moveId}";

    /// <summary>Which move a definition undoes.</summary>
    /// <param name="definitionId">The definition.</param>
    /// <returns>The move; null when it is no undo.</returns>
    public static string? MoveOf(string definitionId)
    {
        ArgumentNullException.ThrowIfNull(definitionId);
        return definitionId.StartsWith(Prefix, StringComparison.Ordinal) ? definitionId[Prefix.Length..] : null;
    }

    /// <summary>Writes the definition.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">Its name for people.</param>
    public static JsonObject Write(UndoPlan plan, string name)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var activities = new JsonArray();
        var connections = new JsonArray();
        var (before, ports) = ((string?)null, (IReadOnlyList<string>)[]);
        foreach (var (step, number) in plan.Steps.Select((step, index) => (step, index)))
        {
            var id = IdOf(step, number);
            activities.Add(Activity(id, step, number, isLoop: false));
            foreach (var port in before is null ? [] : ports)
            {
                connections.Add(Arrow(before!, port, id));
            }

            if (step.Otherwise is { } otherwise)
            {
                var task = $"{id}Task";
                activities.Add(Activity(task, otherwise, number, isLoop: true));
                foreach (var port in step.Outcomes.Except(step.Pass))
                {
                    connections.Add(Arrow(id, port, task));
                }

                // What a person accepts leads on like the check itself; everything else is looked at again.
                var accepts = otherwise.Outcomes.Count > 1 ? otherwise.Pass : [];
                foreach (var port in otherwise.Outcomes.Except(accepts))
                {
                    connections.Add(Arrow(task, port, id));
                }

                if (accepts.Count > 0 && number + 1 < plan.Steps.Count)
                {
                    connections.Add(Arrow(task, accepts[0], IdOf(plan.Steps[number + 1], number + 1)));
                }
            }

            (before, ports) = (id, step.Pass);
        }

        return new JsonObject
        {
            ["definitionId"] = DefinitionIdOf(plan.Move.MoveId),
            ["name"] = name,
            ["description"] = $"Undoes the move {plan.Move.MoveId}: made from its journal when the undo was started.",
            ["version"] = 1,
            ["toolVersion"] = "3.8.2.0",
            ["variables"] = new JsonArray(Variable(BaselineVariable, "Object"), Variable(FindingVariable, "String")),
            ["inputs"] = new JsonArray(Input("source", "The server that serves again"), Input("target", "The server that goes out of service"), Input("move", "The move that is undone")),
            ["outputs"] = new JsonArray(),
            ["outcomes"] = new JsonArray(),
            ["customProperties"] = new JsonObject(),
            ["isReadonly"] = true,
            ["isSystem"] = true,
            ["options"] = new JsonObject { ["usableAsActivity"] = false },
            ["root"] = new JsonObject
            {
                ["id"] = "undo",
                ["nodeId"] = "Workflow1:undo",
                ["name"] = "Undo",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false },
                ["metadata"] = new JsonObject(),
                ["variables"] = new JsonArray(),
                ["activities"] = activities,
                ["connections"] = connections,
            },
        };
    }

    private static string IdOf(UndoStep step, int number) => $"{JsonNamingPolicy.CamelCase.ConvertName(step.Type[(step.Type.LastIndexOf('.') + 1)..])}{number + 1}";

    private static JsonObject Activity(string id, UndoStep step, int number, bool isLoop)
    {
        var activity = new JsonObject { ["id"] = id, ["nodeId"] = $"Workflow1:undo:{id}", ["name"] = id, ["type"] = step.Type, ["version"] = 1 };
        if (step.IsByPerson)
        {
            activity["title"] = Text(step.Title);
            activity["instructions"] = Text(step.Instructions ?? "");
            activity["taskName"] = Text(step.TaskName ?? id);
            activity["role"] = Text(HumanTasks.DefaultRole);
            activity["outcomes"] = Json("String[]", step.Outcomes);
            if (isLoop)
            {
                activity["finding"] = Expression("String", "Variable", $$"""{"id": "{{FindingVariable}}", "name": "{{FindingVariable}}", "typeName": "String"}""");
            }
        }
        else if (step.Otherwise is not null)
        {
            activity[FindingVariable] = new JsonObject { ["typeName"] = "String", ["memoryReference"] = new JsonObject { ["id"] = FindingVariable } };
        }

        foreach (var (name, value) in step.Inputs.Where(input => input.Value is not (null or "")))
        {
            activity[name] = value switch
            {
                string text => Text(text),
                bool flag => Expression("Boolean", "Literal", flag ? "True" : "False"),
                _ when ReferenceEquals(value, UndoStep.BaselineValue) =>
                    Expression("Object", "Variable", $$"""{"id": "{{BaselineVariable}}", "name": "{{BaselineVariable}}", "typeName": "Object"}"""),
                _ => Json("Object", value!),
            };
        }

        activity["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false };
        activity["metadata"] = new JsonObject
        {
            ["displayText"] = step.Title,
            ["description"] = step.IsByPerson ? "A person does it" : "",
            ["showDescription"] = false,
            ["designer"] = new JsonObject
            {
                ["position"] = new JsonObject { ["x"] = number % Columns * Width, ["y"] = (number / Columns * 2 * Height) + (isLoop ? Height : 0) },
                ["size"] = new JsonObject { ["width"] = 240, ["height"] = 60 },
            },
        };
        return activity;
    }

    private static JsonObject Arrow(string from, string port, string to) => new()
    {
        ["source"] = new JsonObject { ["activity"] = from, ["port"] = port },
        ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
    };

    private static JsonObject Text(string text) => Expression("String", "Literal", text);

    private static JsonObject Json(string typeName, object value) => Expression(typeName, "Object", JsonSerializer.Serialize(value, Wire.Options));

    private static JsonObject Expression(string typeName, string type, string value) =>
        new() { ["typeName"] = typeName, ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };

    private static JsonObject Variable(string name, string typeName) => new()
    {
        ["id"] = name,
        ["name"] = name,
        ["typeName"] = typeName,
        ["isArray"] = false,
        ["value"] = null,
        ["storageDriverTypeName"] = "WorkflowInstanceStorageDriver",
    };

    private static JsonObject Input(string name, string description) => new()
    {
        ["type"] = "String",
        ["isArray"] = false,
        ["name"] = name,
        ["displayName"] = char.ToUpperInvariant(name[0]) + name[1..],
        ["description"] = description,
        ["category"] = "Plan",
        ["uiHint"] = "singleline",
        ["storageDriverType"] = null,
    };
}
