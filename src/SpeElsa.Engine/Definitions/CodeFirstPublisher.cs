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
        if (latest is { IsPublished: true } && latest.ContentHash == record.ContentHash)
        {
            return;
        }

        ThrowOnErrors(record, await publisher.CheckAsync(record, cancellationToken));
        var draft = await store.SaveDraftAsync(record, latest is null ? null : new DraftBase(latest.Id, latest.Revision), cancellationToken);
        if (draft.Outcome is DraftOutcome.Conflict)
        {
            // Another process publishes the same classes at this moment.
            return;
        }

        var result = await publisher.PublishAsync(draft.Latest!, null, cancellationToken);
        ThrowOnErrors(record, result.Findings);
        if (draft.Latest!.Version == record.Version)
        {
            LogPublished(record.DefinitionId, record.Version, type.Name);
        }
        else
        {
            LogNextVersion(type.Name, record.Version, record.DefinitionId, draft.Latest.Version);
        }
    }

    private static void ThrowOnErrors(DefinitionRecord record, IReadOnlyList<DefinitionFinding> findings)
    {
        string[] errors = [.. findings.Where(finding => finding.Severity is DefinitionSeverity.Error).Select(finding => finding.Message)];
        if (errors.Length > 0)
        {
            throw new InvalidDefinitionException(record.DefinitionId, errors);
        }
    }

    [LoggerMessage(EventId = 2121, Level = LogLevel.Information, Message = "Published {DefinitionId} version {Version} from the class {Class}")]
    private partial void LogPublished(string definitionId, int version, string @class);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Information, Message = "{Class} says version {Said} of {DefinitionId}; its content is new, so it became version {Version}")]
    private partial void LogNextVersion(string @class, int said, string definitionId, int version);

    [LoggerMessage(EventId = 2123, Level = LogLevel.Error, Message = "Left out the workflow class {Class}")]
    private partial void LogLeftOut(Exception exception, string @class);
}
