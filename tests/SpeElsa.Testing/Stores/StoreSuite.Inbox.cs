using Elsa.Workflows;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_new_start_is_stored_with_its_instance_and_makes_it_ready()
    {
        var result = await Store.AcceptAsync(
            A.Start("k1", "i1") with { Fingerprint = "f", Receipt = """{"id":"i1"}""" },
            A.Instance("i1") with { CorrelationId = "outside", Name = "Mine", ParentInstanceId = "i0" },
            default);

        Assert.Equal(Acceptance.Accepted, result.Acceptance);
        Assert.Equal(StimulusState.Pending, result.Stored!.State);
        Assert.Equal("""{"id":"i1"}""", result.Stored.Stimulus.Receipt);
        Assert.Equal(result.Stored, await Reader.FindStimulusAsync("k1", default));
        Assert.Equal(A.Instance("i1") with { CorrelationId = "outside", Name = "Mine", ParentInstanceId = "i0" }, await Reader.FindAsync("i1", default));
        Assert.Equal(["i1"], await Store.FindReadyAsync(Now, 10, default));
    }

    [Fact]
    public async Task The_same_key_gets_the_same_answer()
    {
        await StartAsync();
        var first = await Store.AcceptAsync(A.Signal("k", "i1", "b1", target: "t") with { Fingerprint = "f", Receipt = """{"n":1}""" }, null, default);

        var again = await Store.AcceptAsync(A.Signal("k", "i1", "b1", target: "t") with { Fingerprint = "f", Receipt = """{"n":2}""" }, null, default);

        Assert.Equal(Acceptance.Duplicate, again.Acceptance);
        Assert.Equal(first.Stored, again.Stored);
        Assert.Equal("""{"n":1}""", again.Stored!.Stimulus.Receipt);
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_refused()
    {
        await StartAsync();
        await Store.AcceptAsync(A.Signal("k", "i1", "b1") with { Fingerprint = "f" }, null, default);

        var other = await Store.AcceptAsync(A.Signal("k", "i1", "b1") with { Fingerprint = "g" }, null, default);

        Assert.Equal(Acceptance.KeyReused, other.Acceptance);
        Assert.Equal("f", other.Stored!.Stimulus.Fingerprint);
    }

    [Fact]
    public async Task Of_fifty_parallel_senders_for_one_target_exactly_one_gets_it()
    {
        await StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            Task.Run(() => Store.AcceptAsync(A.Signal($"k{number}", "i1", "b1", target: "task-1"), null, default))));

        var winner = Assert.Single(results, result => result.Acceptance is Acceptance.Accepted);
        Assert.Equal(49, results.Count(result => result.Acceptance is Acceptance.TargetTaken));
        Assert.All(results, result => Assert.Equal(winner.Stored!.Stimulus.Key, result.Stored!.Stimulus.Key));
        Assert.Equal(winner.Stored, await Reader.FindStimulusByTargetAsync("task-1", default));
        Assert.Equal(2, (await Store.LoadAsync("i1", default))!.Stimuli.Count);
    }

    [Fact]
    public async Task Of_fifty_parallel_senders_with_one_key_one_is_accepted_and_all_get_its_answer()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            Task.Run(() => Store.AcceptAsync(A.Start("k", "i1") with { Receipt = $"{{\"n\":{number}}}" }, A.Instance("i1"), default))));

        Assert.Single(results, result => result.Acceptance is Acceptance.Accepted);
        Assert.Equal(49, results.Count(result => result.Acceptance is Acceptance.Duplicate));
        Assert.Single(results.Select(result => result.Stored!.Stimulus.Receipt).Distinct());
    }

    [Fact]
    public async Task A_signal_to_nobody_is_refused_and_not_kept()
    {
        var result = await Store.AcceptAsync(A.Signal("k", "nobody", "b1", target: "t"), null, default);

        Assert.Equal(new AcceptResult(Acceptance.UnknownInstance, null), result);
        Assert.Null(await Reader.FindStimulusAsync("k", default));
        Assert.Null(await Reader.FindStimulusByTargetAsync("t", default));
    }

    [Fact]
    public async Task A_signal_to_a_faulted_instance_is_kept_for_a_retry_and_wakes_nobody()
    {
        await FaultedAsync();

        var kept = await Store.AcceptAsync(A.Signal("early", "i1", "b1"), null, default);
        Assert.Equal((Acceptance.Accepted, StimulusState.Pending), (kept.Acceptance, kept.Stored!.State));
        Assert.Equal(Acceptance.InstanceFinished, (await Store.AcceptAsync(A.Cancel("end", "i1"), null, default)).Acceptance);
        Assert.Empty(await Store.FindReadyAsync(Now.AddDays(1), 10, default));

        await Store.AcceptAsync(A.Retry("again", "i1"), null, default);
        Assert.Equal(["i1"], await Store.FindReadyAsync(Now.AddDays(1), 10, default));
        Assert.Equal(["early", "again"], (await Store.LoadAsync("i1", default))!.Stimuli.Select(one => one.Stimulus.Key));
    }

    [Fact]
    public async Task A_signal_that_comes_while_a_faulted_instance_is_retried_is_looked_at()
    {
        await FaultedAsync();
        await Store.AcceptAsync(A.Retry("again", "i1"), null, default);
        var claim = await ClaimAsync();
        var seen = (await Store.LoadAsync("i1", default))!.Stimuli.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed);

        // The burst has looked at the inbox, and stored nothing yet.
        Assert.Equal(Acceptance.Accepted, (await Store.AcceptAsync(A.Signal("meanwhile", "i1", "b1"), null, default)).Acceptance);
        await Store.CommitAsync(Next(claim, 1, release: true) with { Stimuli = seen }, default);

        Assert.Equal(["i1"], await Store.FindReadyAsync(Now.AddDays(1), 10, default));
    }

    [Fact]
    public async Task A_signal_to_a_finished_instance_is_refused_and_an_old_key_still_gets_its_answer()
    {
        var claim = await StartedAndClaimedAsync();
        var checkpoint = Next(claim, release: true);
        await Store.CommitAsync(
            checkpoint with { Instance = checkpoint.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished } }, default);

        var late = await Store.AcceptAsync(A.Signal("late", "i1", "b1"), null, default);
        var old = await StartAsync();

        Assert.Equal(new AcceptResult(Acceptance.InstanceFinished, null), late);
        Assert.Equal(Acceptance.Duplicate, old.Acceptance);
    }

    [Fact]
    public async Task A_start_of_an_instance_that_exists_under_another_key_stores_nothing()
    {
        await StartAsync();
        var before = await EverythingAsync("i1", "other");

        await Assert.ThrowsAnyAsync<Exception>(() => Store.AcceptAsync(A.Start("other", "i1"), A.Instance("i1"), default));

        Assert.Equal(before, await EverythingAsync("i1", "other"));
    }

    [Fact]
    public async Task A_waiting_stimulus_is_kept_and_does_not_make_the_instance_ready()
    {
        var claim = await StartedAndClaimedAsync();
        var early = (await Store.AcceptAsync(A.Signal("early", "i1", hash: "H"), null, default)).Stored!;
        var start = (await Reader.FindStimulusAsync("start:i1", default))!;

        await Store.CommitAsync(
            Next(claim, release: true) with
            {
                Stimuli = new Dictionary<long, StimulusState> { [start.Sequence] = StimulusState.Consumed, [early.Sequence] = StimulusState.Waiting },
            },
            default);

        Assert.Empty(await Store.FindReadyAsync(Now.AddDays(1), 10, default));
        var open = Assert.Single((await Store.LoadAsync("i1", default))!.Stimuli);
        Assert.Equal(early with { State = StimulusState.Waiting }, open);
    }

    [Fact]
    public async Task Open_stimuli_are_loaded_in_the_order_of_their_arrival()
    {
        await StartAsync();
        for (var number = 0; number < 5; number++)
        {
            await Store.AcceptAsync(A.Signal($"k{9 - number}", "i1", "b"), null, default);
        }

        var loaded = await Store.LoadAsync("i1", default);

        Assert.Equal(["start:i1", "k9", "k8", "k7", "k6", "k5"], loaded!.Stimuli.Select(stimulus => stimulus.Stimulus.Key));
        Assert.Null(loaded.State);
        Assert.Null(await Store.LoadAsync("nobody", default));
    }

    /// <summary>An instance that has ended by a fault, with everything it was told consumed.</summary>
    private async Task FaultedAsync()
    {
        var claim = await StartedAndClaimedAsync();
        var checkpoint = Next(claim, release: true) with { Stimuli = (await Store.LoadAsync("i1", default))!.Stimuli.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed) };
        await Store.CommitAsync(
            checkpoint with { Instance = checkpoint.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Faulted } }, default);
    }
}
