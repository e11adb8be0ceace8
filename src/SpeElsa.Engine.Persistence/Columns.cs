using Elsa.Workflows;
using Microsoft.Data.Sqlite;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Instances as the statements have them.</summary>
internal static class InstanceColumns
{
    public static InstanceRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        DefinitionId = row.GetString(1),
        DefinitionVersionId = row.GetString(2),
        DefinitionVersion = row.GetInt32(3),
        DefinitionHash = row.GetString(4),
        Status = row.Name<WorkflowStatus>(5),
        SubStatus = row.Name<WorkflowSubStatus>(6),
        CorrelationId = row.Text(7),
        Name = row.Text(8),
        ParentInstanceId = row.Text(9),
        IncidentCount = row.GetInt32(10),
        CreatedAt = row.Instant(11),
        UpdatedAt = row.Instant(12),
        FinishedAt = row.InstantOrNone(13),
        StateVersion = row.GetInt64(14),
        JournalSequence = row.GetInt64(15),
        JournalHash = row.GetString(16),
        SetAside = row.Text(17),
        IsSystem = row.GetBoolean(18),
    };

    public static void Add(Statements statements, InstanceRecord instance) => statements.Execute(
        EngineStatements.AddInstance,
        instance.Id,
        instance.DefinitionId,
        instance.DefinitionVersionId,
        instance.DefinitionVersion,
        instance.DefinitionHash,
        instance.Status,
        instance.SubStatus,
        instance.CorrelationId,
        instance.Name,
        instance.ParentInstanceId,
        instance.IncidentCount,
        instance.CreatedAt,
        instance.UpdatedAt,
        instance.FinishedAt,
        instance.StateVersion,
        instance.JournalSequence,
        instance.JournalHash,
        instance.SetAside,
        instance.IsSystem);

    /// <returns>Whether the claim held, as the number of rows: 1 or 0.</returns>
    public static int Update(Statements statements, Checkpoint checkpoint)
    {
        var (claim, instance) = (checkpoint.Claim, checkpoint.Instance);
        return statements.Execute(
            EngineStatements.UpdateInstance,
            claim.InstanceId,
            claim.Worker,
            claim.Epoch,
            checkpoint.ExpectedVersion,
            instance.DefinitionVersionId,
            instance.DefinitionVersion,
            instance.DefinitionHash,
            instance.Status,
            instance.SubStatus,
            instance.CorrelationId,
            instance.Name,
            instance.IncidentCount,
            instance.UpdatedAt,
            instance.FinishedAt,
            instance.StateVersion,
            instance.JournalSequence,
            instance.JournalHash,
            checkpoint.Release ? null : claim.Worker);
    }
}

/// <summary>Versions of definitions as the statements have them.</summary>
internal static class DefinitionColumns
{
    public static DefinitionRecord Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        DefinitionId = row.GetString(1),
        Version = row.GetInt32(2),
        Revision = row.GetInt32(3),
        Name = row.GetString(4),
        Description = row.Text(5),
        ContentHash = row.GetString(6),
        IsLatest = row.GetBoolean(7),
        IsPublished = row.GetBoolean(8),
        IsReadonly = row.GetBoolean(9),
        IsSystem = row.GetBoolean(10),
        UsableAsActivity = row.GetBoolean(11),
        ProviderName = row.Text(12),
        MaterializerName = row.GetString(13),
        ToolVersion = row.Text(14),
        Source = row.Text(15),
        SourceHash = row.Text(16),
        CreatedAt = row.Instant(17),
        PublishedAt = row.InstantOrNone(18),
        Json = row.GetString(19),
    };
}

/// <summary>Stimuli as the statements have them.</summary>
internal static class StimulusColumns
{
    public static StoredStimulus Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        new Stimulus
        {
            Key = row.GetString(1),
            Kind = row.Name<StimulusKind>(2),
            InstanceId = row.GetString(3),
            BookmarkId = row.Text(4),
            Hash = row.Text(5),
            Target = row.Text(6),
            Fingerprint = row.Text(7),
            Input = row.Text(8),
            Receipt = row.Text(9),
            ReceivedAt = row.Instant(10),
        },
        row.Name<StimulusState>(11));

    /// <returns>Its number.</returns>
    public static long Add(Statements statements, Stimulus stimulus) => statements.First(
        EngineStatements.AddStimulus,
        row => row.GetInt64(0),
        stimulus.Key,
        stimulus.Kind,
        stimulus.InstanceId,
        stimulus.BookmarkId,
        stimulus.Hash,
        stimulus.Target,
        stimulus.Fingerprint,
        stimulus.Input,
        stimulus.Receipt,
        stimulus.ReceivedAt);
}
