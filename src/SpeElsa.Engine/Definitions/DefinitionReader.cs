using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads Elsa 3 definition JSON.</summary>
/// <param name="registry">The activity types.</param>
/// <param name="aliases">The names of types.</param>
/// <param name="store">Where to find the versions of workflows that are used as activities; null: such activities are read as missing.</param>
public sealed class DefinitionReader(ActivityRegistry registry, TypeAliases aliases, IDefinitionStore? store = null)
{
    private static readonly Dictionary<string, ReferencedVersion> NoReferences = [];

    /// <summary>Reads a definition into a graph that can be run. Workflows that are used as activities are read as missing; see <see cref="ReadAsync"/>.</summary>
    /// <param name="json">The definition.</param>
    /// <param name="identity">Which version it is.</param>
    /// <exception cref="InvalidDefinitionException">It can not be read; every error is listed.</exception>
    public WorkflowGraph Read(string json, WorkflowIdentity identity) => Read(json, identity, NoReferences);

    /// <summary>Reads a definition with the workflows it uses as activities, each in the version that the definition names.</summary>
    /// <param name="json">The definition.</param>
    /// <param name="identity">Which version it is.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidDefinitionException">It can not be read, a version it names is not stored, or a workflow uses itself.</exception>
    public async Task<WorkflowGraph> ReadAsync(string json, WorkflowIdentity identity, CancellationToken cancellationToken)
    {
        var references = store is null ? NoReferences : await new ReferenceLoader(store, registry, aliases).LoadAsync(json, identity, cancellationToken);
        return Read(json, identity, references);
    }

    /// <summary>
    /// SHA-256 of what runs, lower-case hex: the definition without what differs between servers (ids and dates of versions, links) and without
    /// the designer's layout, so that moving a box does not make another workflow.
    /// </summary>
    public static string ContentHash(string json) => Convert.ToHexStringLower(SHA256.HashData(Content(json)));

    /// <summary>What <see cref="ContentHash"/> is the hash of, as UTF-8: the definition without what differs between servers and without layout.</summary>
    /// <param name="json">The definition.</param>
    /// <exception cref="JsonException">It is not a JSON object.</exception>
    public static byte[] Content(string json)
    {
        var node = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A definition is a JSON object.");
        foreach (var name in new[] { "id", "tenantId", "createdAt", "version", "toolVersion", "isLatest", "isPublished", "links" })
        {
            node.Remove(name);
        }

        RemoveLayout(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString(EngineJson.Options));
    }

    /// <summary>Where an activity stands on the canvas, and where an arrow bends.</summary>
    private static void RemoveLayout(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject value:
                if (value.ContainsKey("type"))
                {
                    (value["metadata"] as JsonObject)?.Remove("designer");
                }
                else if (value.ContainsKey("source") && value.ContainsKey("target"))
                {
                    value.Remove("vertices");
                }

                foreach (var (_, child) in value)
                {
                    RemoveLayout(child);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    RemoveLayout(item);
                }

                break;
        }
    }

    /// <summary>Reads JSON that somebody else wrote.</summary>
    /// <exception cref="InvalidDefinitionException">It is no JSON, or has another shape than the reading expects.</exception>
    internal static T Parse<T>(string json, string definitionId, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new InvalidDefinitionException(definitionId, [$"It is not JSON: {exception.Message}"]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            // A value of a kind that does not belong there, such as a number for an activity.
            throw new InvalidDefinitionException(definitionId, [$"It does not have the shape of a definition: {exception.Message}"]);
        }
    }

    private WorkflowGraph Read(string json, WorkflowIdentity identity, Dictionary<string, ReferencedVersion> references)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return Parse(json, identity.DefinitionId, definition => new GraphBuilder(registry).Build(new WorkflowReader(registry, aliases, references).Read(definition, identity)));
    }
}
