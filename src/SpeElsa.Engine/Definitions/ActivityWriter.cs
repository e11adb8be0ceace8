using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>Writes activities as nodes of a definition.</summary>
internal sealed class ActivityWriter(ActivityRegistry registry, ValueWriter values)
{
    public JsonObject Write(IActivity activity)
    {
        if (activity is NotFoundActivity missing && Original(missing) is { } original)
        {
            return original;
        }

        var node = new JsonObject { ["id"] = activity.Id, ["nodeId"] = activity.NodeId };
        node.AddText("name", activity.Name);
        node["type"] = activity.Type;
        node["version"] = activity.Version;
        node["customProperties"] = CanonicalJson.Of(activity.CustomProperties);
        node["metadata"] = CanonicalJson.Of(activity.Metadata);
        var rest = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        AddProperties(activity, rest);
        foreach (var (key, value) in rest)
        {
            node[key] = value;
        }

        return node;
    }

    private void AddProperties(IActivity activity, SortedDictionary<string, JsonNode> properties)
    {
        var descriptor = registry.Describe(activity);
        foreach (var input in descriptor.Inputs.Where(input => input.IsSerializable is not false))
        {
            Add(properties, input.Name, Input(input, input.ValueGetter(activity)));
        }

        foreach (var output in descriptor.Outputs)
        {
            Add(properties, output.Name, values.Output(output, output.ValueGetter(activity) as Output));
        }

        var shape = ActivityShape.Of(activity.GetType());
        foreach (var property in shape.Stored)
        {
            Add(properties, property.Name, property.GetValue(activity) is IActivity child ? Write(child) : null);
        }

        foreach (var property in shape.Lists)
        {
            Add(properties, property.Name, property.GetValue(activity) is IEnumerable<IActivity> children ? new JsonArray([.. children.Select(Write)]) : null);
        }

        AddOwn(activity, properties);
    }

    /// <summary>What activities of the engine store beside inputs, outputs and children.</summary>
    private void AddOwn(IActivity activity, SortedDictionary<string, JsonNode> properties)
    {
        switch (activity)
        {
            case NotFoundActivity missing:
                Add(properties, nameof(missing.MissingTypeName), JsonValue.Create(missing.MissingTypeName));
                Add(properties, nameof(missing.MissingTypeVersion), JsonValue.Create(missing.MissingTypeVersion));
                Add(properties, nameof(missing.OriginalActivityJson), JsonValue.Create(missing.OriginalActivityJson));
                break;
            case WorkflowDefinitionActivity use:
                Add(properties, nameof(use.WorkflowDefinitionId), JsonValue.Create(use.WorkflowDefinitionId));
                Add(properties, nameof(use.WorkflowDefinitionVersionId), JsonValue.Create(use.WorkflowDefinitionVersionId));
                var latest = use.LatestAvailablePublishedVersion;
                Add(properties, nameof(use.LatestAvailablePublishedVersion), latest > 0 ? JsonValue.Create(latest) : null);
                Add(properties, nameof(use.LatestAvailablePublishedVersionId), JsonValue.Create(use.LatestAvailablePublishedVersionId));
                break;
            case Flowchart flowchart:
                Add(properties, nameof(flowchart.Connections), new JsonArray([.. flowchart.Connections.Select(ConnectionJson)]));
                Add(properties, nameof(flowchart.Start), JsonValue.Create(flowchart.Start?.Id));
                break;
        }

        if (activity is IVariableContainer container)
        {
            Add(properties, nameof(container.Variables), values.Variables(container.Variables));
        }
    }

    private JsonNode? Input(InputDescriptor descriptor, object? value) =>
        descriptor.IsWrapped ? values.Input(descriptor, value as Input)
        : value is not null && PartShape.Of(descriptor.Type) is { } parts ? Parts(parts, (IEnumerable)value)
        : values.Plain(value);

    private JsonArray Parts(PartShape shape, IEnumerable items)
    {
        var array = new JsonArray();
        foreach (var item in items)
        {
            var part = new JsonObject();
            foreach (var property in shape.Properties)
            {
                var value = property.GetValue(item) switch
                {
                    IActivity activity => Write(activity),
                    Elsa.Expressions.Models.Expression expression => values.Expression(expression),
                    var plain => values.Plain(plain),
                };
                if (value is not null)
                {
                    part[ActivityTypeNames.JsonKey(property.Name)] = value;
                }
            }

            array.Add(part);
        }

        return array;
    }

    private static JsonNode ConnectionJson(Connection connection) => new JsonObject
    {
        ["source"] = EndpointJson(connection.Source, "Done"),
        ["target"] = EndpointJson(connection.Target, "In"),
        ["vertices"] = new JsonArray([.. connection.Vertices.Select(vertex => new JsonObject { ["x"] = vertex.X, ["y"] = vertex.Y })]),
    };

    private static JsonObject EndpointJson(Endpoint endpoint, string defaultPort) => new() { ["activity"] = endpoint.Activity.Id, ["port"] = endpoint.Port ?? defaultPort };

    private static JsonObject? Original(NotFoundActivity missing)
    {
        try
        {
            if (CanonicalJson.Sort(JsonNode.Parse(missing.OriginalActivityJson)) is not JsonObject original)
            {
                return null;
            }

            original["id"] = missing.Id;
            original["nodeId"] = missing.NodeId;
            return (JsonObject)CanonicalJson.Sort(original)!;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Add(SortedDictionary<string, JsonNode> properties, string name, JsonNode? value)
    {
        if (value is not null)
        {
            properties[ActivityTypeNames.JsonKey(name)] = value;
        }
    }
}
