using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Common.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>A file and a stored definition that were both changed since the file was last published.</summary>
/// <param name="File">The file.</param>
/// <param name="DefinitionId">The definition.</param>
/// <param name="FileHash">The content hash of the file.</param>
/// <param name="StoredHash">The content hash of the latest stored version.</param>
public sealed record DefinitionFileConflict(string File, string DefinitionId, string FileHash, string StoredHash);

/// <summary>What became of a folder of definitions.</summary>
/// <param name="LeftOut">The files that can not be published, with the reason.</param>
/// <param name="Conflicts">The files that were left because what is stored was changed too.</param>
public sealed record DefinitionFilesReport(IReadOnlyDictionary<string, string> LeftOut, IReadOnlyList<DefinitionFileConflict> Conflicts);

/// <summary>A file that brings a definition, as it is now.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Content">What it says.</param>
public sealed record DefinitionFile(string Path, DefinitionRecord Content);

/// <summary>What somebody has seen who decides between a file and what is stored.</summary>
/// <param name="FileHash">The content hash of the file.</param>
/// <param name="StoredHash">The content hash of the latest stored version; null: there was none.</param>
public sealed record DefinitionFileChoice(string FileHash, string? StoredHash);

/// <summary>Publishes the definitions that come as files.</summary>
public sealed partial class DefinitionFiles(IDefinitionStore store, DefinitionPublisher publisher, TimeProvider timeProvider, ILogger<DefinitionFiles> logger)
{
    private readonly ConcurrentDictionary<string, bool> _folders = new(StringComparer.Ordinal);

    /// <summary>
    /// Publishes each *.json of a folder whose content is new. A file that can not be read is left out and logged; it never stops the start. What was
    /// changed in the designer since its file was last published stays as it is; if the file has changed too, that is reported.
    /// </summary>
    public async Task<DefinitionFilesReport> PublishAsync(string folder, CancellationToken cancellationToken)
    {
        _folders[Path.GetFullPath(folder)] = true;
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        var conflicts = new List<DefinitionFileConflict>();
        foreach (var file in FilesIn(folder))
        {
            try
            {
                if (await PublishIfNewAsync(file, cancellationToken) is { } conflict)
                {
                    LogConflict(file, conflict.FileHash, conflict.DefinitionId, conflict.StoredHash);
                    conflicts.Add(conflict);
                }
            }
            catch (Exception exception) when (exception is JsonException or InvalidDefinitionException or IOException or UnauthorizedAccessException)
            {
                logger.DefinitionLeftOut(exception, file);
                leftOut[Path.GetFileName(file)] = exception.Message;
            }
        }

        return new DefinitionFilesReport(leftOut, conflicts);
    }

    /// <summary>Finds the file that brings a definition, in the folders that were published from. It is read anew; a file that can not be read is passed over.</summary>
    public async Task<DefinitionFile?> FindAsync(string definitionId, CancellationToken cancellationToken)
    {
        foreach (var file in _folders.Keys.Order(StringComparer.Ordinal).SelectMany(FilesIn))
        {
            try
            {
                var content = await ReadAsync(file, cancellationToken);
                if (content.DefinitionId == definitionId)
                {
                    return new DefinitionFile(file, content);
                }
            }
            catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
            {
                // The start has said so; it can be no definition's file.
                continue;
            }
        }

        return null;
    }

    /// <summary>Ends a conflict for the file: publishes it over what is stored, whose published versions stay readable.</summary>
    /// <param name="file">The file.</param>
    /// <param name="choice">What was seen; null: whatever there is now is meant.</param>
    /// <param name="cancellationToken">Stops waiting; the file may be published all the same.</param>
    /// <returns>Whether it is published; false when the file or what is stored is not what was seen.</returns>
    /// <exception cref="InvalidDefinitionException">The file can not be published.</exception>
    /// <exception cref="JsonException">The file is no definition.</exception>
    public async Task<bool> TakeFileAsync(string file, DefinitionFileChoice? choice, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(file, cancellationToken);
        var latest = await FindLatestAsync(content, cancellationToken);
        return IsStill(choice, content, latest) && await PublishAsync(file, content, latest, cancellationToken);
    }

    /// <summary>Ends a conflict for what is stored: the file as it is now is not mentioned again.</summary>
    /// <param name="file">The file.</param>
    /// <param name="choice">What was seen; null: whatever there is now is meant.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether there is a stored definition to keep; false also when the file or what is stored is not what was seen.</returns>
    /// <exception cref="JsonException">The file is no definition.</exception>
    public async Task<bool> KeepStoredAsync(string file, DefinitionFileChoice? choice, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(file, cancellationToken);
        return await FindLatestAsync(content, cancellationToken) is { } latest
            && IsStill(choice, content, latest)
            && await store.KeepAsync(latest.Id, Path.GetFileName(file), content.ContentHash, cancellationToken);
    }

    private static bool IsStill(DefinitionFileChoice? choice, DefinitionRecord content, DefinitionRecord? latest) =>
        choice is null || (choice.FileHash == content.ContentHash && choice.StoredHash == latest?.ContentHash);

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];

    private async Task<DefinitionFileConflict?> PublishIfNewAsync(string file, CancellationToken cancellationToken)
    {
        var content = await ReadAsync(file, cancellationToken);
        var latest = await FindLatestAsync(content, cancellationToken);
        if (latest?.SourceHash == content.ContentHash)
        {
            return null;
        }

        if (latest is { IsPublished: true } && latest.ContentHash == content.ContentHash)
        {
            await store.KeepAsync(latest.Id, Path.GetFileName(file), content.ContentHash, cancellationToken);
            return null;
        }

        // The last case is a publication that was cut off after the draft was saved.
        var mayPublish = latest is null || latest.ContentHash == latest.SourceHash || latest.ContentHash == content.ContentHash;
        return mayPublish && await PublishAsync(file, content, latest, cancellationToken)
            ? null
            : new DefinitionFileConflict(Path.GetFileName(file), content.DefinitionId, content.ContentHash, latest?.ContentHash ?? "");
    }

    private async Task<DefinitionRecord> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var model = DefinitionJson.Parse(await File.ReadAllTextAsync(file, cancellationToken));
        var definitionId = model["definitionId"] is JsonValue value && value.TryGetValue<string>(out var given) && given.Length > 0
            ? given
            : Path.GetFileNameWithoutExtension(file);
        return DefinitionJson.ToDraft(model, definitionId, timeProvider.GetUtcNow());
    }

    private Task<DefinitionRecord?> FindLatestAsync(DefinitionRecord content, CancellationToken cancellationToken) =>
        store.FindAsync(content.DefinitionId, VersionOptions.Latest, cancellationToken);

    /// <returns>False when the definition was changed in the meantime.</returns>
    private async Task<bool> PublishAsync(string file, DefinitionRecord content, DefinitionRecord? latest, CancellationToken cancellationToken)
    {
        // Checked before it is saved: a file that is wrong leaves no draft behind.
        ThrowOnErrors(content, await publisher.CheckAsync(content, cancellationToken));
        var draft = await store.SaveDraftAsync(content, latest is null ? null : new DraftBase(latest.Id, latest.Revision), cancellationToken);
        if (draft.Outcome is DraftOutcome.Conflict)
        {
            return false;
        }

        var result = await publisher.PublishAsync(draft.Latest!, new DefinitionSource(Path.GetFileName(file), content.ContentHash), cancellationToken);
        ThrowOnErrors(content, result.Findings);
        if (result.IsPublished)
        {
            logger.DefinitionPublished(content.DefinitionId, draft.Latest!.Version, file);
        }

        return result.IsPublished;
    }

    private static void ThrowOnErrors(DefinitionRecord content, IReadOnlyList<DefinitionFinding> findings)
    {
        if (DefinitionPublisher.HasErrors(findings))
        {
            throw new InvalidDefinitionException(
                content.DefinitionId, [.. findings.Where(finding => finding.Severity is DefinitionSeverity.Error).Select(finding => finding.Message)]);
        }
    }

    [LoggerMessage(
        EventId = 2131,
        Level = LogLevel.Warning,
        Message = "Left {File} (content {FileHash}): {DefinitionId} was changed here too (content {StoredHash}). Take the file's or keep the stored one")]
    private partial void LogConflict(string file, string fileHash, string definitionId, string storedHash);
}
