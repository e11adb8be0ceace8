using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads Elsa 3 definition JSON.</summary>
public sealed class DefinitionReader(ActivityRegistry registry, TypeAliases aliases)
{
    /// <summary>Reads a definition into a graph that can be run.</summary>
    /// <param name="json">The definition.</param>
    /// <param name="identity">Which version it is.</param>
    /// <exception cref="InvalidDefinitionException">It can not be read; every error is listed.</exception>
    public WorkflowGraph Read(string json, WorkflowIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, identity);
        }
        catch (JsonException exception)
        {
            throw new InvalidDefinitionException(identity.DefinitionId, [$"It is not JSON: {exception.Message}"]);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            // A value of a kind that does not belong there, such as a number for an activity.
            throw new InvalidDefinitionException(identity.DefinitionId, [$"It does not have the shape of a definition: {exception.Message}"]);
        }
    }

    /// <summary>
    /// SHA-256 of what runs, lower-case hex: the definition without what differs between servers (ids and dates of versions, links) and without
    /// the designer's layout, so that moving a box does not make another workflow.
    /// </summary>
    public static string ContentHash(string json)
    {
        var node = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("A definition is a JSON object.");
        foreach (var name in new[] { "id", "tenantId", "createdAt", "version", "toolVersion", "isLatest", "isPublished", "links" })
        {
            node.Remove(name);
        }

        RemoveLayout(node);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.ToJsonString(EngineJson.Options))));
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

    private WorkflowGraph Read(JsonElement definition, WorkflowIdentity identity)
    {
        var reader = new ActivityReader(registry, aliases);
        var variables = reader.ReadVariables(definition);
        var root = definition.TryGetProperty("root", out var element) && element.ValueKind is JsonValueKind.Object ? reader.ReadActivity(element) : null;
        if (root is null)
        {
            reader.Errors.Add("It has no root activity");
        }

        if (reader.Errors.Count > 0)
        {
            throw new InvalidDefinitionException(identity.DefinitionId, reader.Errors);
        }

        var workflow = new Workflow(root!)
        {
            Identity = identity,
            Name = Text(definition, "name"),
            Variables = variables,
            Inputs = [.. Arguments<InputDefinition>(definition, "inputs")],
            Outputs = [.. Arguments<OutputDefinition>(definition, "outputs")],
            Options = definition.TryGetProperty("options", out var options) && options.ValueKind is JsonValueKind.Object
                ? options.Deserialize<WorkflowOptions>(EngineJson.Options)!
                : new WorkflowOptions(),
        };
        return new GraphBuilder(registry).Build(workflow);
    }

    private IEnumerable<T> Arguments<T>(JsonElement definition, string name)
        where T : ArgumentDefinition, new()
    {
        if (!definition.TryGetProperty(name, out var items) || items.ValueKind is not JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var item in items.EnumerateArray())
        {
            yield return new T
            {
                Name = Text(item, "name") ?? "",
                DisplayName = Text(item, "displayName") ?? "",
                Description = Text(item, "description") ?? "",
                Category = Text(item, "category") ?? "",
                Type = aliases.Resolve(Text(item, "type")),
            };
        }
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
