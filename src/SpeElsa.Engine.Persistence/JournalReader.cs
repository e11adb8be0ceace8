using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Reads journals page by page.</summary>
internal static class JournalReader
{
    /// <summary>The rows after a row, in order. Read them before the statements are used for something else.</summary>
    public static IEnumerable<JournalRecord> Read(Statements statements, string instanceId, long afterSequence)
    {
        var pages = statements.All(
            EngineStatements.JournalPagesFrom,
            row => new JournalPageRow { InstanceId = instanceId, FirstSequence = row.GetInt64(0), Count = row.GetInt32(1), Hash = row.GetString(2), Content = row.GetFieldValue<byte[]>(3) },
            instanceId,
            afterSequence + 1);
        var before = pages is [var first, ..] ? statements.First(EngineStatements.JournalHashBefore, row => row.GetString(0), instanceId, first.FirstSequence) : null;
        return JournalPages.Decode(pages, before ?? "").Where(row => row.Sequence > afterSequence);
    }
}
