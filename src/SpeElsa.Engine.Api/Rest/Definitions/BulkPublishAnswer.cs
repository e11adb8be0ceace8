using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>What became of definitions that were to be published.</summary>
internal sealed record BulkPublishAnswer
{
    public List<string> Published { get; } = [];

    public List<string> AlreadyPublished { get; } = [];

    public List<string> NotFound { get; } = [];

    /// <summary>Definitions that use another stay on the version they name until their references are updated.</summary>
    public List<string> UpdatedConsumers { get; } = [];

    /// <summary>Those that are locked.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Those that the checks refused.</summary>
    public List<string> Failed { get; } = [];

    public Dictionary<string, string[]> Warnings { get; } = [];

    /// <summary>Why something failed or was skipped.</summary>
    public Dictionary<string, string[]> Errors { get; } = [];

    public void Add(string id, PublicationResult result)
    {
        var list = result.Outcome switch
        {
            PublishOutcome.Published => Published,
            PublishOutcome.AlreadyPublished => AlreadyPublished,
            PublishOutcome.NotFound => NotFound,
            _ => Failed,
        };
        list.Add(id);
        if (list == Failed)
        {
            Errors[id] = Publishing.Errors(result);
        }

        string[] warnings = [.. result.Findings.Where(finding => finding.Severity is DefinitionSeverity.Warning).Select(finding => finding.Message)];
        if (warnings.Length > 0)
        {
            Warnings[id] = warnings;
        }
    }
}
