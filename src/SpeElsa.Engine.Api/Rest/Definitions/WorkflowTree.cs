using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>An activity at its place, as JSON.</summary>
/// <param name="NodeId">The path of ids from the workflow.</param>
/// <param name="Port">The property that holds it, as the program writes it.</param>
/// <param name="Activity">The activity with everything below it.</param>
/// <param name="Parent">What holds it; null for the workflow.</param>
internal sealed record TreeNode(string NodeId, string Port, JsonObject Activity, TreeNode? Parent);

/// <summary>The activities of a version as JSON, with those of the workflows that it uses as activities, each in the version it names.</summary>
internal sealed class WorkflowTree
{
    private const string WorkflowType = "Elsa.Workflow";
    private const string WorkflowId = "Workflow1";
    private readonly Dictionary<string, TreeNode> _nodes = new(StringComparer.Ordinal);

    private WorkflowTree()
    {
    }

    /// <summary>Reads a version.</summary>
    public static async Task<WorkflowTree> ReadAsync(DefinitionRecord version, IDefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var workflow = Workflow(version);
        await EmbedAsync(workflow["root"], [version.Id], store, cancellationToken);
        MissingActivities.StandIn(workflow, registry);
        var tree = new WorkflowTree();
        tree.Add(workflow, "Root", null);
        return tree;
    }

    /// <summary>Finds an activity; null where there is none.</summary>
    public TreeNode? Find(string nodeId) => _nodes.GetValueOrDefault(nodeId);

    /// <summary>The workflow's own activity, or its root where that is meant.</summary>
    public TreeNode Root => _nodes[WorkflowId] is { Activity: var workflow } && workflow["root"] is JsonObject root && Text(root, "id") is { } id ? _nodes[$"{WorkflowId}:{id}"] : _nodes[WorkflowId];

    /// <summary>Puts the workflows that are used into the activities that use them. A workflow that uses itself, or is gone, is left out.</summary>
    private static async Task EmbedAsync(JsonNode? node, string[] chain, IDefinitionStore store, CancellationToken cancellationToken)
    {
        switch (node)
        {
            case JsonObject value:
                foreach (var (_, child) in ActivityNodes.Members(value))
                {
                    await EmbedAsync(child, chain, store, cancellationToken);
                }

                if (ActivityNodes.IsActivity(value) && Text(value, "workflowDefinitionVersionId") is { } used
                    && !chain.Contains(used) && await store.FindAsync(used, cancellationToken) is { } version)
                {
                    var workflow = Workflow(version);
                    await EmbedAsync(workflow["root"], [.. chain, used], store, cancellationToken);
                    value["root"] = workflow;
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    await EmbedAsync(item, chain, store, cancellationToken);
                }

                break;
        }
    }

    /// <summary>The hidden activity that holds the root, as Elsa writes it.</summary>
    private static JsonObject Workflow(DefinitionRecord version)
    {
        var model = DefinitionModels.Complete(DefinitionJson.Compose(version));
        var root = model["root"]?.DeepClone();
        return new JsonObject
        {
            ["identity"] = new JsonObject { ["definitionId"] = version.DefinitionId, ["version"] = version.Version, ["id"] = version.Id },
            ["publication"] = new JsonObject { ["isLatest"] = version.IsLatest, ["isPublished"] = version.IsPublished },
            ["inputs"] = model["inputs"]!.DeepClone(),
            ["outputs"] = model["outputs"]!.DeepClone(),
            ["outcomes"] = model["outcomes"]!.DeepClone(),
            ["workflowMetadata"] = Metadata(version),
            ["options"] = model["options"]!.DeepClone(),
            ["isReadonly"] = version.IsReadonly,
            ["isSystem"] = version.IsSystem,
            ["definitionHandle"] = new JsonObject { ["definitionVersionId"] = version.Id },
            ["result"] = null,
            ["root"] = root,
            ["id"] = WorkflowId,
            ["nodeId"] = WorkflowId,
            ["name"] = null,
            ["type"] = WorkflowType,
            ["version"] = 1,
            ["customProperties"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonObject Metadata(DefinitionRecord version)
    {
        var metadata = new JsonObject { ["name"] = version.Name };
        if (version.Description is not null)
        {
            metadata["description"] = version.Description;
        }

        metadata["createdAt"] = JsonSerializer.SerializeToNode(version.CreatedAt, RestJson.Options);
        if (DefinitionModels.ToolVersion(version.ToolVersion) is { } tool)
        {
            metadata["toolVersion"] = tool;
        }

        return metadata;
    }

    private void Add(JsonObject activity, string port, TreeNode? parent)
    {
        var nodeId = parent is null ? Text(activity, "id")! : $"{parent.NodeId}:{Text(activity, "id")}";
        activity["nodeId"] = nodeId;
        var node = new TreeNode(nodeId, port, activity, parent);
        if (!_nodes.TryAdd(nodeId, node))
        {
            return;
        }

        foreach (var (name, value) in ActivityNodes.Members(activity))
        {
            AddBelow(value, Pascal(name), node);
        }
    }

    private void AddBelow(JsonNode? value, string port, TreeNode parent)
    {
        switch (value)
        {
            case JsonObject activity when ActivityNodes.IsActivity(activity):
                Add(activity, port, parent);
                break;
            case JsonObject part:
                foreach (var (_, below) in ActivityNodes.Members(part))
                {
                    AddBelow(below, port, parent);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    AddBelow(item, port, parent);
                }

                break;
        }
    }

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static string? Text(JsonObject value, string name) => value[name] is JsonValue text && text.TryGetValue<string>(out var given) ? given : null;
}
