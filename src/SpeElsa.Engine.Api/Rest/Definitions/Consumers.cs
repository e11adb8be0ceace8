using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Definitions that use others as activities. Reads the JSON of every latest version, so it is asked for on request only.</summary>
internal sealed class Consumers(IDefinitionStore store)
{
    private const int PerRead = 200;

    /// <summary>The latest versions that use a definition as an activity.</summary>
    public async Task<IReadOnlyList<DefinitionRecord>> FindAsync(string definitionId, CancellationToken cancellationToken)
    {
        var found = new List<DefinitionRecord>();
        IReadOnlyList<DefinitionRecord> read;
        var skip = 0;
        do
        {
            read = await store.FindManyAsync(new DefinitionFilter { VersionOptions = VersionOptions.Latest }, default, skip, PerRead, cancellationToken);
            found.AddRange(read.Where(version => Uses(version, definitionId)));
            skip += read.Count;
        }
        while (read.Count == PerRead);

        return found;
    }

    /// <summary>The latest versions that use one of the definitions, or one that does, and so on; without those definitions themselves.</summary>
    public async Task<IReadOnlyList<DefinitionRecord>> FindAllAsync(IReadOnlyCollection<string> definitionIds, CancellationToken cancellationToken)
    {
        var seen = definitionIds.ToHashSet(StringComparer.Ordinal);
        var open = new Queue<string>(definitionIds);
        var found = new List<DefinitionRecord>();
        while (open.TryDequeue(out var definitionId))
        {
            foreach (var user in await FindAsync(definitionId, cancellationToken))
            {
                if (seen.Add(user.DefinitionId))
                {
                    found.Add(user);
                    open.Enqueue(user.DefinitionId);
                }
            }
        }

        return found;
    }

    /// <summary>The activities of a definition that run another definition.</summary>
    public static IEnumerable<JsonObject> Uses(JsonNode? node, string definitionId) => node switch
    {
        JsonObject value => (IsUse(value, definitionId) ? new[] { value } : []).Concat(value.SelectMany(pair => Uses(pair.Value, definitionId))),
        JsonArray items => items.SelectMany(item => Uses(item, definitionId)),
        _ => [],
    };

    private static bool Uses(DefinitionRecord version, string definitionId)
    {
        if (!version.Json.Contains("workflowDefinitionVersionId", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            return Uses(DefinitionJson.Parse(version.Json)["root"], definitionId).Any();
        }
        catch (JsonException)
        {
            // A damaged version uses nothing.
            return false;
        }
    }

    private static bool IsUse(JsonObject value, string definitionId) =>
        Text(value, "type") is not null && Text(value, "workflowDefinitionVersionId") is not null && Text(value, "workflowDefinitionId") == definitionId;

    private static string? Text(JsonObject value, string name) => value[name] is JsonValue text && text.TryGetValue<string>(out var given) ? given : null;
}
