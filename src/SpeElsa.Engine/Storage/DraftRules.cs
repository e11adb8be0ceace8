namespace SpeElsa.Engine.Storage;

/// <summary>What becomes of a saved draft. All stores ask here, so that they can not differ.</summary>
public static class DraftRules
{
    /// <summary>Whether an editor has loaded something else than what is the latest now.</summary>
    public static bool IsConflict(DraftBase? basedOn, DefinitionSummary? latest) =>
        basedOn is not null && (latest is null || latest.Id != basedOn.VersionId || latest.Revision != basedOn.Revision);

    /// <summary>Whether the latest version is changed in place: it was never published, and nothing that an instance is bound to would be lost.</summary>
    public static bool IsInPlace(DefinitionSummary draft, DefinitionSummary? latest, bool hasInstances)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return latest is { PublishedAt: null } && (!hasInstances || latest.ContentHash == draft.ContentHash);
    }

    /// <summary>The latest version with the draft's content.</summary>
    public static DefinitionRecord Replace(DefinitionRecord draft, DefinitionRecord latest)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(latest);
        return draft with
        {
            Id = latest.Id,
            Version = latest.Version,
            Revision = latest.Revision + 1,
            IsLatest = true,
            IsPublished = false,
            Source = latest.Source,
            SourceHash = latest.SourceHash,
            CreatedAt = latest.CreatedAt,
            PublishedAt = null,
        };
    }

    /// <summary>A new version with the draft's content.</summary>
    /// <param name="draft">The content.</param>
    /// <param name="latest">The version that was the latest, or null.</param>
    /// <param name="lastNumber">The highest number that a version has, or an instance is bound to.</param>
    public static DefinitionRecord Append(DefinitionRecord draft, DefinitionSummary? latest, int lastNumber)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft with
        {
            Id = DefinitionVersionId.Of(draft.DefinitionId, lastNumber + 1),
            Version = lastNumber + 1,
            Revision = 1,
            IsLatest = true,
            IsPublished = false,
            Source = latest?.Source,
            SourceHash = latest?.SourceHash,
            PublishedAt = null,
        };
    }

    /// <summary>A version as it is once published.</summary>
    public static DefinitionRecord Publish(DefinitionRecord version, Publication publication)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(publication);
        return version with
        {
            IsPublished = true,
            PublishedAt = version.PublishedAt ?? publication.At,
            Source = publication.Source ?? version.Source,
            SourceHash = publication.SourceHash ?? version.SourceHash,
        };
    }
}
