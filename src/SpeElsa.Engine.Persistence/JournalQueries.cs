using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Filters of journal rows and stimuli as SQL, each along an index.</summary>
internal static class JournalQueries
{
    /// <summary>Rows of one instance that match.</summary>
    public static IQueryable<JournalRecord> Matching(this IQueryable<JournalRecord> query, string instanceId, JournalFilter filter) => query
        .Where(row => row.InstanceId == instanceId)
        .If(filter.ActivityIds.Count > 0, row => filter.ActivityIds.Contains(row.ActivityId))
        .If(filter.NodeIds.Count > 0, row => filter.NodeIds.Contains(row.NodeId))
        .If(filter.ExecutionIds.Count > 0, row => filter.ExecutionIds.Contains(row.ActivityInstanceId))
        .If(filter.ExceptActivityTypes.Count > 0, row => !filter.ExceptActivityTypes.Contains(row.ActivityType))
        .If(filter.EventNames.Count > 0, row => filter.EventNames.Contains(row.EventName));

    /// <summary>The rows that an execution can begin with: those the index holds.</summary>
    public static IQueryable<JournalRecord> BeginningOf(this IQueryable<JournalRecord> query, string executionId) =>
        query.Where(row => row.ActivityInstanceId == executionId && (row.EventName == "Started" || row.EventName == "Faulted"));

    /// <summary>Stimuli whose keys begin alike. Without an order, which would lead around the index of the keys.</summary>
    public static IQueryable<StimulusRow> Beginning(this IQueryable<StimulusRow> query, string prefix)
    {
        var end = prefix + "\uFFFF";
        return query.Where(row => string.Compare(row.Key, prefix) >= 0 && string.Compare(row.Key, end) < 0);
    }
}
