using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Parts of a version, for designers that look into nested activities and into workflows that are used as activities.</summary>
internal static class SubgraphApi
{
    public static RouteGroupBuilder MapSubgraphs(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/subgraph/{id}", GetPartAsync).Need(Permissions.ReadDefinitions);
        api.MapGet("/workflow-definitions/subgraph/segments/{id}", GetSegmentsAsync).Need(Permissions.ReadDefinitions);
        return api;
    }

    private static async Task<IResult> GetPartAsync(string id, HttpContext context, IDefinitionStore store, ActivityRegistry registry)
    {
        if (await store.FindAsync(id, context.RequestAborted) is not { } version)
        {
            return RestAnswers.NotFound();
        }

        var tree = await WorkflowTree.ReadAsync(version, store, registry, context.RequestAborted);
        var node = context.Request.Text("parentNodeId") is { } nodeId ? tree.Find(nodeId) : tree.Root;
        return node is null ? RestAnswers.NotFound() : RestAnswers.Json(Model(node));
    }

    private static async Task<IResult> GetSegmentsAsync(string id, HttpContext context, IDefinitionStore store, ActivityRegistry registry)
    {
        if (context.Request.Text("childNodeId") is not { } nodeId)
        {
            return RestAnswers.BadMember("childNodeId", "A node is needed.");
        }

        if (await store.FindAsync(id, context.RequestAborted) is not { } version
            || (await WorkflowTree.ReadAsync(version, store, registry, context.RequestAborted)).Find(nodeId) is not { Parent: not null } child)
        {
            return RestAnswers.NotFound();
        }

        // A canvas shows one container at a time. What owns the container is the way there: the workflow itself, or an activity that is stepped into.
        var owners = Owners(child).Reverse().ToArray();
        return RestAnswers.Json(new
        {
            childNode = Model(child),
            container = Model(owners[^1].Owner),
            pathSegments = owners.Where(owner => owner.Owner.Parent is not null).Select(owner => new
            {
                activityNodeId = owner.Owner.NodeId,
                activityId = (string?)owner.Owner.Activity["id"],
                activityType = (string?)owner.Owner.Activity["type"],
                portName = owner.Port,
            }),
        });
    }

    private static object Model(TreeNode node) => new { nodeId = node.NodeId, port = node.Port, activity = (JsonNode)node.Activity };

    /// <summary>What has to be stepped into to see an activity, from the inside out, with the port: whatever holds it otherwise than on a canvas.</summary>
    private static IEnumerable<(TreeNode Owner, string Port)> Owners(TreeNode child)
    {
        for (var node = child; node.Parent is { } parent; node = parent)
        {
            if (parent.Activity["activities"] is not JsonArray)
            {
                yield return (parent, node.Port);
            }
        }
    }
}
