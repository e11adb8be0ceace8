using System.Text.Json;
using Elsa.Workflows.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Publishes the definitions that come as files.</summary>
public sealed class DefinitionFiles(IDefinitionStore store, DefinitionReader reader, TimeProvider timeProvider, ILogger<DefinitionFiles> logger)
{
    /// <summary>Publishes each *.json of a folder whose content is new. A file that can not be read is left out and logged; it never stops the start.</summary>
    /// <returns>The files that were left out, with the reason.</returns>
    public async Task<IReadOnlyDictionary<string, string>> PublishAsync(string folder, CancellationToken cancellationToken)
    {
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];
        foreach (var file in files)
        {
            try
            {
                await PublishFileAsync(file, cancellationToken);
            }
            catch (Exception exception) when (exception is JsonException or InvalidDefinitionException or IOException or UnauthorizedAccessException)
            {
                logger.DefinitionLeftOut(exception, file);
                leftOut[Path.GetFileName(file)] = exception.Message;
            }
        }

        return leftOut;
    }

    private async Task PublishFileAsync(string file, CancellationToken cancellationToken)
    {
        var json = await File.ReadAllTextAsync(file, cancellationToken);
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("A definition is a JSON object.");
        }

        var definitionId = Text(document.RootElement, "definitionId") is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(file);
        var hash = DefinitionReader.ContentHash(json);
        if ((await store.FindPublishedAsync(definitionId, cancellationToken))?.ContentHash == hash)
        {
            return;
        }

        reader.Read(json, new WorkflowIdentity(definitionId, 1, definitionId));
        var now = timeProvider.GetUtcNow();
        var draft = (await store.SaveDraftAsync(
            new DefinitionRecord
            {
                Id = "",
                DefinitionId = definitionId,
                Version = 0,
                Name = Text(document.RootElement, "name") ?? definitionId,
                Description = Text(document.RootElement, "description"),
                ContentHash = hash,
                Json = json,
                CreatedAt = now,
            },
            null,
            cancellationToken)).Latest!;
        await store.PublishAsync(
            new Publication { VersionId = draft.Id, ContentHash = hash, At = now, Source = Path.GetFileName(file), SourceHash = hash }, cancellationToken);
        logger.DefinitionPublished(definitionId, draft.Version, file);
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
