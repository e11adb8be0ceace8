using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Which journal rows to list.</summary>
internal sealed record JournalQuery(JournalQueryFilter? Filter, int? Skip, int? Take, int? Page, int? PageSize);

/// <summary>Conditions on rows; null or an empty list is none.</summary>
internal sealed record JournalQueryFilter(
    IReadOnlyList<string?>? ActivityIds, IReadOnlyList<string?>? ActivityNodeIds, IReadOnlyList<string?>? ExcludedActivityTypes, IReadOnlyList<string?>? EventNames)
{
    private const int MostValues = 5000;

    /// <exception cref="BadRestRequestException">A list is too long.</exception>
    public JournalFilter ToFilter() => new()
    {
        ActivityIds = List(ActivityIds, "activityIds"),
        NodeIds = List(ActivityNodeIds, "activityNodeIds"),
        ExceptActivityTypes = List(ExcludedActivityTypes, "excludedActivityTypes"),
        EventNames = List(EventNames, "eventNames"),
    };

    private static IReadOnlyCollection<string> List(IReadOnlyList<string?>? values, string member) => values switch
    {
        null => [],
        { Count: > MostValues } => throw new BadRestRequestException(member, $"At most {MostValues} are looked for at once."),
        _ => [.. values.OfType<string>()],
    };
}

/// <summary>A journal row as the viewer lists it.</summary>
internal sealed record JournalEntryModel(
    string Id,
    string ActivityInstanceId,
    string? ParentActivityInstanceId,
    string ActivityId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    string NodeId,
    DateTimeOffset Timestamp,
    long Sequence,
    string EventName,
    string? Message,
    string? Source,
    object? ActivityState,
    IReadOnlyDictionary<string, object?>? Payload)
{
    private const int IdLength = 16;

    /// <summary>Rows are known by the beginning of their hash.</summary>
    public static string IdOf(JournalRecord row) => row.Hash.Length > IdLength ? row.Hash[..IdLength] : row.Hash;

    public static JournalEntryModel From(JournalRecord row)
    {
        var payload = row.Payload is null ? [] : EngineJson.Read<Dictionary<string, object?>>(row.Payload) ?? [];
        payload.Remove(JournalPayload.Inputs, out var inputs);
        if (row.EventName == "Faulted" && payload.Remove(JournalPayload.Exception, out var exception))
        {
            payload["exception"] = exception;
            payload["message"] = row.Message;
        }

        if (row.Role is not JournalRole.None)
        {
            payload["Role"] = row.Role;
            payload["Attempt"] = row.Attempt;
        }

        return new JournalEntryModel(
            IdOf(row),
            row.ActivityInstanceId,
            row.ParentActivityInstanceId,
            row.ActivityId,
            row.ActivityType,
            row.ActivityTypeVersion,
            row.ActivityName,
            row.NodeId,
            row.Timestamp,
            row.Sequence,
            row.EventName,
            row.Message,
            row.Source,
            inputs,
            payload.Count > 0 ? payload : null);
    }
}

/// <summary>A journal row with what it belongs to, as exports and the last entry of an activity have it.</summary>
internal sealed record JournalRowModel(
    string WorkflowDefinitionId,
    string WorkflowDefinitionVersionId,
    string WorkflowInstanceId,
    int WorkflowVersion,
    string ActivityInstanceId,
    string? ParentActivityInstanceId,
    string ActivityId,
    string ActivityType,
    int ActivityTypeVersion,
    string? ActivityName,
    string ActivityNodeId,
    DateTimeOffset Timestamp,
    long Sequence,
    string EventName,
    string? Message,
    string? Source,
    object? ActivityState,
    IReadOnlyDictionary<string, object?>? Payload,
    string Id)
{
    public static JournalRowModel From(InstanceRecord instance, JournalRecord row)
    {
        var entry = JournalEntryModel.From(row);
        return new JournalRowModel(
            instance.DefinitionId,
            instance.DefinitionVersionId,
            instance.Id,
            instance.DefinitionVersion,
            row.ActivityInstanceId,
            row.ParentActivityInstanceId,
            row.ActivityId,
            row.ActivityType,
            row.ActivityTypeVersion,
            row.ActivityName,
            row.NodeId,
            row.Timestamp,
            row.Sequence,
            row.EventName,
            row.Message,
            row.Source,
            entry.ActivityState,
            entry.Payload,
            entry.Id);
    }
}
