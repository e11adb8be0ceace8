using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Cli.Evidence;

/// <summary>The definitions: each must have the content hash that its instances are bound to.</summary>
internal static class Definitions
{
    private static readonly string[] OfTheServer = ["id", "tenantId", "createdAt", "version", "toolVersion", "isLatest", "isPublished", "links"];

    public static (string Says, IReadOnlyList<string> Faults) Check(JsonElement evidence, Manifest manifest, Func<string, ReadOnlyMemory<byte>> content)
    {
        var faults = new List<string>();
        var files = new HashSet<string>(StringComparer.Ordinal) { BundleVerifier.ReportFile, BundleVerifier.EvidenceFile, BundleVerifier.JournalFile };
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        var gone = 0;
        foreach (var definition in evidence.List("definitions"))
        {
            var name = $"{definition.Required("definitionId")} version {definition.Number("version")}";
            var hash = definition.Required("contentHash");
            hashes.Add(hash);
            if (definition.Text("file") is not { } file)
            {
                gone++;
                continue;
            }

            var contentFile = definition.Required("contentFile");
            files.Add(file);
            files.Add(contentFile);
            if (Convert.ToHexStringLower(SHA256.HashData(content(contentFile).Span)) != hash)
            {
                faults.Add($"{name}: {contentFile} does not have the content hash {hash}.");
            }

            if (!IsContentOf(content(file), content(contentFile)))
            {
                faults.Add($"{name}: {contentFile} does not say what {file} says.");
            }
        }

        faults.AddRange(evidence.List("instances").Where(instance => !hashes.Contains(instance.Required("definitionHash"))).Select(
            instance => $"The definition of {instance.Required("id")} is not listed."));
        faults.AddRange(manifest.Names.Where(name => !files.Contains(name)).Select(name => $"{name} does not belong to a bundle."));
        faults.AddRange(files.Where(name => !manifest.Names.Contains(name, StringComparer.Ordinal)).Select(name => $"{name} is not in the manifest."));
        var says = $"{Facts.Count(hashes.Count, "definition")} with the content that the instances are bound to.";
        return (gone == 0 ? says : $"{says} The text of {gone} had been deleted before the bundle was made and is not in it.", faults);
    }

    private static bool IsContentOf(ReadOnlyMemory<byte> stored, ReadOnlyMemory<byte> content)
    {
        if (JsonNode.Parse(stored.Span, documentOptions: Facts.Lenient) is not JsonObject definition)
        {
            return false;
        }

        foreach (var name in OfTheServer)
        {
            definition.Remove(name);
        }

        RemoveLayout(definition);
        return JsonNode.DeepEquals(definition, JsonNode.Parse(content.Span, documentOptions: Facts.Lenient));
    }

    /// <summary>Where boxes stand and arrows bend.</summary>
    private static void RemoveLayout(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                RemoveLayout(item);
            }
        }

        if (node is not JsonObject value)
        {
            return;
        }

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
    }
}
