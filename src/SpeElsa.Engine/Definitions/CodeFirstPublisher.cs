using Elsa.Common.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Definitions;

/// <summary>Publishes the workflows that are written in C#.</summary>
public sealed partial class CodeFirstPublisher(CodeFirstWorkflows workflows, IDefinitionStore store, DefinitionPublisher publisher, ILogger<CodeFirstPublisher> logger)
{
    /// <summary>
    /// Publishes each whose content is new, under the next free version. A class that can not be built is left out and logged; it never stops the start.
    /// </summary>
    /// <returns>The classes that were left out, with the reason.</returns>
    public async Task<IReadOnlyDictionary<string, string>> PublishAsync(CancellationToken cancellationToken)
    {
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        var classes = new Dictionary<string, Type>(StringComparer.Ordinal);
        foreach (var type in workflows.Types)
        {
            try
            {
                var version = await workflows.BuildAsync(type, cancellationToken);
                if (!classes.TryAdd(version.Record.DefinitionId, type))
                {
                    throw new InvalidDefinitionException(
                        version.Record.DefinitionId,
                        [$"{classes[version.Record.DefinitionId].Name} defines it already; give {type.Name} another definition id"]);
                }

                await PublishAsync(version, type, cancellationToken);
            }
            catch (InvalidDefinitionException exception)
            {
                LogLeftOut(exception, type.Name);
                leftOut[type.Name] = exception.Message;
            }
        }

        return leftOut;
    }

    private async Task PublishAsync(CodeFirstVersion version, Type type, CancellationToken cancellationToken)
    {
        var record = version.Record;
        var latest = await store.FindAsync(record.DefinitionId, VersionOptions.Latest, cancellationToken);
        if (latest is not null && latest.MaterializerName != record.MaterializerName)
        {
            throw new InvalidDefinitionException(
                record.DefinitionId,
                [$"A definition that was not made by code is stored under this id; give {type.Name} another definition id, or delete that definition"]);
        }

        // A version that was published once and is not now was retracted by a person: it stays so until its content is new.
        if (latest?.ContentHash == record.ContentHash && latest.PublishedAt is not null)
        {
            return;
        }

        // Checked before it is saved: a class that is wrong leaves no draft behind.
        ThrowOnErrors(record, await publisher.CheckAsync(record, cancellationToken));
        var draft = await store.SaveDraftAsync(record, latest is null ? null : new DraftBase(latest.Id, latest.Revision), cancellationToken);
        if (draft is not { Outcome: DraftOutcome.Saved, Latest: { } saved })
        {
            throw Overtaken(record);
        }

        var result = await publisher.PublishAsync(saved, null, cancellationToken);
        ThrowOnErrors(record, result.Findings);
        if (!result.IsPublished)
        {
            throw Overtaken(record);
        }

        if (saved.Version == record.Version)
        {
            LogPublished(record.DefinitionId, saved.Version, type.Name);
        }
        else
        {
            LogNextVersion(type.Name, record.Version, record.DefinitionId, saved.Version);
        }
    }

    private static InvalidDefinitionException Overtaken(DefinitionRecord record) =>
        new(record.DefinitionId, ["Another server changed it at the same moment; start again"]);

    private static void ThrowOnErrors(DefinitionRecord record, IReadOnlyList<DefinitionFinding> findings)
    {
        if (DefinitionPublisher.HasErrors(findings))
        {
            throw new InvalidDefinitionException(
                record.DefinitionId, [.. findings.Where(finding => finding.Severity is DefinitionSeverity.Error).Select(finding => finding.Message)]);
        }
    }

    [LoggerMessage(EventId = 2121, Level = LogLevel.Information, Message = "Published {DefinitionId} version {Version} from the class {Class}")]
    private partial void LogPublished(string definitionId, int version, string @class);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Information, Message = "{Class} says version {Said} of {DefinitionId}; its content is new, so it became version {Version}")]
    private partial void LogNextVersion(string @class, int said, string definitionId, int version);

    [LoggerMessage(EventId = 2123, Level = LogLevel.Error, Message = "Left out the workflow class {Class}")]
    private partial void LogLeftOut(Exception exception, string @class);
}
