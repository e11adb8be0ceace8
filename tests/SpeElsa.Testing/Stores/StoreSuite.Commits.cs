using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_checkpoint_is_stored_whole()
    {
        var claim = await StartedAndClaimedAsync();
        var start = (await Reader.FindStimulusAsync("start:i1", default))!;
        var checkpoint = Next(claim) with
        {
            AddedBookmarks = [Bookmark("b1")],
            Timers = [new TimerRecord("b1", "i1", Now.AddHours(1))],
            Outbox = [Outgoing("o1")],
            Stimuli = new Dictionary<long, StimulusState> { [start.Sequence] = StimulusState.Consumed },
        };

        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(checkpoint, default));

        Assert.Equal(checkpoint.Instance, await Reader.FindAsync("i1", default));
        Assert.Equal(checkpoint.State, await Reader.ReadStateAsync("i1", default));
        Assert.Equal(checkpoint.Journal, await Reader.ReadJournalAsync("i1", 0, 10, default));
        Assert.Equal(Bookmark("b1"), await Reader.FindBookmarkAsync("b1", default));
        Assert.Equal(Now.AddHours(1), await Store.NextTimerAsync(default));
        Assert.Equal([Outgoing("o1")], await Store.ReadOutboxAsync(10, default));
        Assert.Equal(StimulusState.Consumed, (await Reader.FindStimulusAsync("start:i1", default))!.State);
        Assert.Empty((await Store.LoadAsync("i1", default))!.Stimuli);
    }

    [Fact]
    public async Task A_stale_epoch_writes_nothing_at_all()
    {
        var stale = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(stale, release: true) with { AddedBookmarks = [Bookmark("b1")], HasWork = true }, default);
        await ClaimAsync("i1", "w2");
        await AssertWritesNothingAsync(stale, 1);
    }

    [Fact]
    public async Task A_stale_epoch_of_the_same_worker_writes_nothing_at_all()
    {
        var stale = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(stale, release: true) with { AddedBookmarks = [Bookmark("b1")], HasWork = true }, default);
        await ClaimAsync();
        await AssertWritesNothingAsync(stale, 1);
    }

    [Fact]
    public async Task A_stale_version_writes_nothing_at_all()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(claim) with { AddedBookmarks = [Bookmark("b1")] }, default);
        await AssertWritesNothingAsync(claim, 0);
    }

    [Fact]
    public async Task A_released_claim_writes_nothing_at_all()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(claim, release: true) with { AddedBookmarks = [Bookmark("b1")] }, default);
        await AssertWritesNothingAsync(claim, 1);
    }

    [Fact]
    public async Task Of_parallel_commits_after_the_same_version_one_is_stored()
    {
        var claim = await StartedAndClaimedAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.CommitAsync(Next(claim), default))));

        Assert.Single(outcomes, outcome => outcome is CommitOutcome.Committed);
        Assert.Single(await Reader.ReadJournalAsync("i1", 0, 10, default));
    }

    [Fact]
    public async Task A_checkpoint_that_can_not_be_stored_leaves_nothing_of_itself()
    {
        var other = await StartedAndClaimedAsync("i2");
        await Store.CommitAsync(Next(other) with { AddedBookmarks = [Bookmark("taken", "i2")] }, default);
        var claim = await StartedAndClaimedAsync();
        var before = await EverythingAsync("i1", "start:i1");

        // A bookmark id is unique among all instances; an author may have chosen one that another instance waits on.
        await Assert.ThrowsAnyAsync<Exception>(() => Store.CommitAsync(Next(claim) with { AddedBookmarks = [Bookmark("b1"), Bookmark("taken")] }, default));

        Assert.Equal(before, await EverythingAsync("i1", "start:i1"));
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Next(claim) with { AddedBookmarks = [Bookmark("b1")] }, default));
    }

    [Fact]
    public async Task A_stimulus_that_comes_during_a_burst_keeps_the_instance_ready()
    {
        var claim = await StartedAndClaimedAsync();
        var seen = (await Store.LoadAsync("i1", default))!.Stimuli;
        await Store.AcceptAsync(A.Signal("meanwhile", "i1", "b1"), null, default);

        await Store.CommitAsync(Next(claim, release: true) with { Stimuli = seen.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed) }, default);

        Assert.Equal(["i1"], await Store.FindReadyAsync(Now, 10, default));
        Assert.Equal("meanwhile", Assert.Single((await Store.LoadAsync("i1", default))!.Stimuli).Stimulus.Key);
    }

    [Fact]
    public async Task Bookmarks_are_found_by_hash_name_and_instance_and_end_with_their_timers()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(
            Next(claim) with
            {
                AddedBookmarks = [Bookmark("b1", minute: 2), Bookmark("b2", hash: "G", minute: 1), Bookmark("b3", hash: "G", name: "Elsa.Delay", minute: 3)],
                Timers = [new TimerRecord("b3", "i1", Now.AddHours(1))],
            },
            default);
        var other = await StartedAndClaimedAsync("i2");
        await Store.CommitAsync(Next(other) with { AddedBookmarks = [Bookmark("b4", "i2", minute: 4)] }, default);

        Assert.Equal(["b1", "b4"], (await Reader.FindBookmarksAsync("H", default)).Select(bookmark => bookmark.Id).Order());
        var (items, total) = await Reader.ListBookmarksAsync(BookmarkName, null, 1, 1, default);
        Assert.Equal(("b1", 3), (Assert.Single(items).Id, total));
        Assert.Equal(["b4"], (await Reader.ListBookmarksAsync(BookmarkName, "i2", 0, 10, default)).Items.Select(bookmark => bookmark.Id));
        Assert.Equal(
            [new("b1", "i1"), new("b2", "i1"), new WaitingBookmark("b4", "i2")],
            (await Reader.ReadWaitingAsync(BookmarkName, default).ToListAsync()).OrderBy(bookmark => bookmark.Id, StringComparer.Ordinal));

        await Store.CommitAsync(Next(claim, 1) with { RemovedBookmarks = ["b1", "b3"] }, default);

        Assert.Null(await Reader.FindBookmarkAsync("b1", default));
        Assert.NotNull(await Reader.FindBookmarkAsync("b2", default));
        Assert.Null(await Store.NextTimerAsync(default));
    }

    [Fact]
    public async Task Timers_are_raised_once_by_parallel_raisers_with_their_lateness()
    {
        var claim = await StartedAndClaimedAsync();
        string[] ids = [.. Enumerable.Range(0, 20).Select(number => $"b{number:00}")];
        await Store.CommitAsync(
            Next(claim) with
            {
                AddedBookmarks = [.. ids.Select(id => Bookmark(id))],
                Timers = [.. ids.Select((id, number) => new TimerRecord(id, "i1", Now.AddSeconds(number)))],
            },
            default);
        Assert.Equal(Now, await Store.NextTimerAsync(default));
        Assert.Equal(0, await Store.RaiseDueTimersAsync(Now.AddSeconds(-1), 100, default));

        var raised = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Store.RaiseDueTimersAsync(Now.AddSeconds(9), 100, default))));

        Assert.Equal(10, raised.Sum());
        Assert.Equal(Now.AddSeconds(10), await Store.NextTimerAsync(default));
        var stimuli = (await Store.LoadAsync("i1", default))!.Stimuli.Select(stimulus => stimulus.Stimulus).Where(stimulus => stimulus.Kind is StimulusKind.Resume).ToArray();
        Assert.Equal(ids[..10], stimuli.Select(stimulus => stimulus.BookmarkId));
        Assert.Equal("""{"TimerLatenessMilliseconds":9000}""", stimuli[0].Input);
        Assert.Equal("""{"TimerLatenessMilliseconds":0}""", stimuli[9].Input);
    }

    [Fact]
    public async Task Timers_are_raised_in_portions_earliest_first()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(
            Next(claim) with { Timers = [new TimerRecord("late", "i1", Now.AddSeconds(2)), new TimerRecord("early", "i1", Now.AddSeconds(1))] }, default);

        Assert.Equal(1, await Store.RaiseDueTimersAsync(Now.AddHours(1), 1, default));
        Assert.NotNull(await Reader.FindStimulusAsync("timer:early", default));
        Assert.Null(await Reader.FindStimulusAsync("timer:late", default));
        Assert.Equal(1, await Store.RaiseDueTimersAsync(Now.AddHours(1), 1, default));
        Assert.Equal(0, await Store.RaiseDueTimersAsync(Now.AddHours(1), 1, default));
    }

    [Fact]
    public async Task A_timer_makes_its_instance_ready()
    {
        var claim = await StartedAndClaimedAsync();
        var open = (await Store.LoadAsync("i1", default))!.Stimuli;
        await Store.CommitAsync(
            Next(claim, release: true) with
            {
                Timers = [new TimerRecord("b", "i1", Now)],
                Stimuli = open.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed),
            },
            default);
        Assert.Empty(await Store.FindReadyAsync(Now, 10, default));

        await Store.RaiseDueTimersAsync(Now, 10, default);

        Assert.Equal(["i1"], await Store.FindReadyAsync(Now, 10, default));
    }

    [Fact]
    public async Task The_outbox_keeps_its_order_until_rows_are_done()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(claim) with { Outbox = [Outgoing("z"), Outgoing("a")] }, default);
        await Store.CommitAsync(Next(claim, 1) with { Outbox = [Outgoing("m")] }, default);

        Assert.Equal(["z", "a"], (await Store.ReadOutboxAsync(2, default)).Select(row => row.Id));
        await Store.CompleteOutboxAsync(["z", "unknown"], default);
        Assert.Equal(["a", "m"], (await Store.ReadOutboxAsync(10, default)).Select(row => row.Id));
        await Store.CompleteOutboxAsync(["a", "m"], default);
        Assert.Empty(await Store.ReadOutboxAsync(10, default));
    }

    [Fact]
    public async Task The_journal_grows_and_is_read_in_pages()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.CommitAsync(Next(claim) with { Journal = [Row("i1", 1), Row("i1", 2) with { Payload = null, Message = null, ActivityName = null }] }, default);
        await Store.CommitAsync(Next(claim, 1) with { Journal = [Row("i1", 3)] }, default);

        Assert.Equal([1, 2, 3], (await Reader.ReadJournalAsync("i1", 0, 10, default)).Select(row => row.Sequence));
        Assert.Equal([2], (await Reader.ReadJournalAsync("i1", 1, 1, default)).Select(row => row.Sequence));
        Assert.Equal(Row("i1", 2) with { Payload = null, Message = null, ActivityName = null }, (await Reader.ReadJournalAsync("i1", 1, 1, default))[0]);
        Assert.Empty(await Reader.ReadJournalAsync("nobody", 0, 10, default));
    }

    private async Task AssertWritesNothingAsync(Claim claim, long expectedVersion)
    {
        var pending = (await Store.AcceptAsync(A.Signal("pending", "i1", "b1"), null, default)).Stored!;
        var before = await EverythingAsync("i1", "start:i1", "pending");

        var outcome = await Store.CommitAsync(
            Next(claim, expectedVersion, release: true) with
            {
                AddedBookmarks = [Bookmark("b2")],
                RemovedBookmarks = ["b1"],
                Timers = [new TimerRecord("b2", "i1", Now.AddHours(1))],
                Journal = [Row("i1", 99)],
                Outbox = [Outgoing("o2")],
                Stimuli = new Dictionary<long, StimulusState> { [pending.Sequence] = StimulusState.Consumed },
                HasWork = true,
            },
            default);

        Assert.Equal(CommitOutcome.Superseded, outcome);
        Assert.Equal(before, await EverythingAsync("i1", "start:i1", "pending"));
    }
}
