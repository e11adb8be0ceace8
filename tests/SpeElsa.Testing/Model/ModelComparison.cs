using Elsa.Workflows;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Model;

/// <summary>Whether an instance is as the model says.</summary>
internal sealed class ModelComparison(RuntimeBench bench, string id, ModelInstance expected)
{
    private static readonly Dictionary<Place, (WorkflowSubStatus SubStatus, string? Wait)> Looks = new()
    {
        [Place.NotBegun] = (WorkflowSubStatus.Pending, null),
        [Place.AtA] = (WorkflowSubStatus.Suspended, "a"),
        [Place.AtDelay] = (WorkflowSubStatus.Suspended, "delay"),
        [Place.AtB] = (WorkflowSubStatus.Suspended, "b"),
        [Place.Faulted] = (WorkflowSubStatus.Faulted, null),
        [Place.Finished] = (WorkflowSubStatus.Finished, null),
        [Place.Cancelled] = (WorkflowSubStatus.Cancelled, null),
    };

    /// <param name="settled">Whether a worker has just done all it could; only then it is certain what became of the stimuli.</param>
    public async Task AssertAsync(bool settled)
    {
        var record = await bench.Reader.FindAsync(id, default);
        Assert.Equal(expected.IsStarted, record is not null);
        if (record is null)
        {
            return;
        }

        var journal = await bench.Reader.ReadJournalAsync(id, 0, int.MaxValue, default);
        Assert.True(JournalChain.FindBreak(journal, record) is null, $"{id}: the journal breaks");
        AssertEffects(journal);
        Assert.Equal(expected.IsSetAside, record.SetAside is not null);
        Assert.NotEqual("stale", record.Name);
        var (subStatus, wait) = Looks[expected.Place];
        Assert.True(subStatus == record.SubStatus, $"{id} is {record.SubStatus}, not {subStatus}");
        Assert.Equal(expected.Version, record.DefinitionVersion);
        var bookmarks = new List<BookmarkRecord>();
        foreach (var name in new[] { "Elsa.Event", "Elsa.Delay" })
        {
            bookmarks.AddRange((await bench.Reader.ListBookmarksAsync(name, id, 0, 10, default)).Items);
        }

        Assert.Equal(wait is null ? [] : [wait], bookmarks.Select(bookmark => bookmark.ActivityId));
        if (settled)
        {
            await AssertStimuliAsync();
        }
    }

    /// <summary>Each effect once, in order, announced before; a fault between them is an attempt, not an effect.</summary>
    private void AssertEffects(IReadOnlyList<JournalRecord> journal)
    {
        var announced = journal.Where(row => row.Role is JournalRole.Intent).Select(row => row.ActivityInstanceId).ToHashSet(StringComparer.Ordinal);
        var effects = bench.World.Lines().Select(line => line.Split(' ')).Where(parts => announced.Contains(parts[1])).Select(parts => parts[0]).ToArray();
        Assert.True(expected.Effects.SequenceEqual(effects), $"{id}: the effects are {string.Join(", ", effects)}, not {string.Join(", ", expected.Effects)}");
        foreach (var execution in journal.Where(row => row.Role is JournalRole.Intent).GroupBy(row => row.ActivityInstanceId))
        {
            Assert.Equal(Enumerable.Range(1, execution.Count()), execution.Select(row => row.Attempt));
        }
    }

    private async Task AssertStimuliAsync()
    {
        foreach (var stimulus in expected.Inbox.Where(stimulus => stimulus.Event != "timer"))
        {
            var stored = await bench.Reader.FindStimulusAsync(stimulus.Key, default);
            Assert.True(stimulus.State == stored?.State, $"'{stimulus.Key}' is {stored?.State}, not {stimulus.State}");
        }
    }
}
