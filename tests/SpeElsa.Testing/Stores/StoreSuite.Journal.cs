using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task Journal_rows_are_filtered_and_paged()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(
            Next(claim) with
            {
                Journal =
                [
                    Row("i1", 1),
                    Row("i1", 2) with { ActivityId = "a2", NodeId = "Workflow1:a2", ActivityInstanceId = "e2", ActivityType = "Elsa.Event" },
                    Row("i1", 3) with { EventName = "Completed" },
                    Row("i1", 4) with { EventName = "Suspended", ActivityId = "a2", NodeId = "Workflow1:a2", ActivityInstanceId = "e2", ActivityType = "Elsa.Event" },
                ],
            },
            default);

        Assert.Equal("1,2,3,4/4", await RowsAsync(new JournalFilter()));
        Assert.Equal("3/4", await RowsAsync(new JournalFilter(), 2, 1));
        Assert.Equal("/4", await RowsAsync(new JournalFilter(), 0, 0));
        Assert.Equal("2,4/2", await RowsAsync(new JournalFilter { ActivityIds = ["a2", "a9"] }));
        Assert.Equal("1,3/2", await RowsAsync(new JournalFilter { NodeIds = ["Workflow1:a1"] }));
        Assert.Equal("2,4/2", await RowsAsync(new JournalFilter { ExecutionIds = ["e2"] }));
        Assert.Equal("1,3/2", await RowsAsync(new JournalFilter { ExceptActivityTypes = ["Elsa.Event"] }));
        Assert.Equal("1,2/2", await RowsAsync(new JournalFilter { EventNames = ["Started"] }));
        Assert.Equal("4/1", await RowsAsync(new JournalFilter { EventNames = ["Completed", "Suspended"], ActivityIds = ["a2"] }));
        Assert.Equal("/0", await RowsAsync(new JournalFilter { ActivityIds = ["nope"] }));
        Assert.Equal(("i1", null), (await Reader.FindInstanceOfExecutionAsync("e2", default), await Reader.FindInstanceOfExecutionAsync("nope", default)));
    }

    [Fact]
    public async Task Stimuli_are_found_by_what_their_keys_begin_with()
    {
        await StartAsync();
        foreach (var key in new[] { "event:b", "event:a", "Event:c", "event", "event:_%", "eventual" })
        {
            await Store.AcceptAsync(A.Signal(key, "i1"), null, default);
        }

        Assert.Equal(["event:b", "event:a", "event:_%"], (await Reader.FindStimuliAsync("event:", 10, default)).Select(stored => stored.Stimulus.Key));
        Assert.Equal(2, (await Reader.FindStimuliAsync("event:", 2, default)).Count);
        Assert.Empty(await Reader.FindStimuliAsync("event:_x", 10, default));
    }

    private async Task<string> RowsAsync(JournalFilter filter, int skip = 0, int take = 100)
    {
        var (items, total) = await Reader.ListJournalAsync("i1", filter, skip, take, default);
        return $"{string.Join(',', items.Select(row => row.Sequence))}/{total}";
    }
}
