using Elsa.Http.Bookmarks;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Http;

/// <summary>Two published workflows can not start with the same request.</summary>
internal sealed class RouteCheck(ITriggerIndexer indexer, IDefinitionStore definitions) : IDefinitionCheck
{
    public async Task<IReadOnlyList<DefinitionFinding>> CheckAsync(WorkflowGraph graph, string json, CancellationToken cancellationToken)
    {
        var findings = new List<DefinitionFinding>();
        foreach (var trigger in await IndexAsync(graph, cancellationToken))
        {
            var taken = (await definitions.FindTriggersAsync(trigger.Hash, cancellationToken)).FirstOrDefault(other => other.DefinitionId != graph.Workflow.Identity.DefinitionId);
            if (taken is not null)
            {
                var place = EngineJson.Read<HttpEndpointBookmarkPayload>(trigger.Payload!)!;
                findings.Add(new DefinitionFinding(
                    DefinitionSeverity.Error,
                    "route-taken",
                    trigger.ActivityId,
                    $"{place.Method} /{place.Path} starts the workflow '{taken.DefinitionId}' already. Choose another path or method, or retract that one."));
            }
        }

        return findings;
    }

    private async Task<IEnumerable<TriggerRecord>> IndexAsync(WorkflowGraph graph, CancellationToken cancellationToken)
    {
        try
        {
            return (await indexer.IndexAsync(graph, graph.Workflow.Identity, cancellationToken)).Where(trigger => trigger.Name == HttpEndpointBookmarkPayload.Name);
        }
        catch (InvalidDefinitionException)
        {
            // The publisher says so itself.
            return [];
        }
    }
}
