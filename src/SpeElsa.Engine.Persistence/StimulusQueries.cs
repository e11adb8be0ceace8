namespace SpeElsa.Engine.Persistence;

/// <summary>Filters of stimuli as SQL, along an index.</summary>
internal static class StimulusQueries
{
    /// <summary>Stimuli whose keys begin alike. Without an order, which would lead around the index of the keys.</summary>
    public static IQueryable<StimulusRow> Beginning(this IQueryable<StimulusRow> query, string prefix)
    {
        var end = prefix + "\uFFFF";
        return query.Where(row => string.Compare(row.Key, prefix) >= 0 && string.Compare(row.Key, end) < 0);
    }
}
