using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task An_instance_has_one_owner_until_the_lease_is_over()
    {
        var first = await StartedAndClaimedAsync();

        Assert.Empty(await Store.FindReadyAsync(Now, 10, default));
        Assert.Null(await Store.ClaimAsync("i1", "w2", Now, LeaseEnd, default));
        Assert.Null(await Store.ClaimAsync("i1", "w1", Now, LeaseEnd, default));
        Assert.Equal(["i1"], await Store.FindReadyAsync(LeaseEnd, 10, default));
        var second = await Store.ClaimAsync("i1", "w2", LeaseEnd, LeaseEnd.AddSeconds(30), default);

        Assert.Equal("w2", second!.Worker);
        Assert.True(second.Epoch > first.Epoch);
    }

    /// <summary>Many are sent something again and again: who was changed last must not wait for those who were changed before him.</summary>
    [Fact]
    public async Task Who_has_had_something_to_do_for_longest_is_first()
    {
        foreach (var (id, after) in new[] { ("i1", 2), ("i2", 1) })
        {
            await Store.AcceptAsync(A.Start($"s-{id}", id), A.Instance(id), default);
            var claim = (await Store.ClaimAsync(id, "w", Now, LeaseEnd, default))!;
            var stimuli = (await Store.LoadAsync(id, default))!.Stimuli.ToDictionary(stored => stored.Sequence, _ => StimulusState.Consumed);
            var rests = Next(claim, release: true) with { Stimuli = stimuli };
            await Store.CommitAsync(rests with { Instance = rests.Instance with { UpdatedAt = Now.AddSeconds(after) } }, default);
        }

        await Store.AcceptAsync(A.Signal("r1", "i1", "b") with { ReceivedAt = Now.AddSeconds(3) }, null, default);
        await Store.AcceptAsync(A.Signal("r2", "i2", "b") with { ReceivedAt = Now.AddSeconds(4) }, null, default);
        await Store.AcceptAsync(A.Signal("r3", "i1", "b") with { ReceivedAt = Now.AddSeconds(5) }, null, default);

        Assert.Equal(["i1", "i2"], await Store.FindReadyAsync(Now.AddSeconds(6), 10, default));
    }

    [Fact]
    public async Task Of_fifty_parallel_workers_one_claims()
    {
        await StartAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            Task.Run(() => Store.ClaimAsync("i1", $"w{number}", Now, LeaseEnd, default))));

        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task The_epoch_rises_with_every_claim_even_of_the_same_worker()
    {
        var epochs = new List<long>();
        await StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var claim = await ClaimAsync();
            epochs.Add(claim.Epoch);
            await Store.ReleaseAsync(claim, default);
        }

        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    [Fact]
    public async Task Nothing_is_claimed_that_has_nothing_to_do()
    {
        var claim = await StartedAndClaimedAsync();
        await CommitAllConsumedAsync(claim);

        Assert.Null(await Store.ClaimAsync("i1", "w2", Now, LeaseEnd, default));
        Assert.Null(await Store.ClaimAsync("nobody", "w2", Now, LeaseEnd, default));
    }

    [Fact]
    public async Task Work_that_is_left_makes_the_instance_ready_without_a_stimulus()
    {
        var claim = await StartedAndClaimedAsync();
        await CommitAllConsumedAsync(claim, hasWork: true);

        Assert.Equal(["i1"], await Store.FindReadyAsync(Now, 10, default));
    }

    [Fact]
    public async Task A_renewed_lease_lasts_longer_and_only_the_owners_are_named()
    {
        await StartedAndClaimedAsync();
        await StartAsync("i2");
        await ClaimAsync("i2", "w2");

        var held = await Store.RenewAsync("w1", LeaseEnd.AddSeconds(30), default);

        Assert.Equal(["i1"], held);
        Assert.Null(await Store.ClaimAsync("i1", "w3", LeaseEnd, LeaseEnd.AddSeconds(60), default));
        Assert.NotNull(await Store.ClaimAsync("i2", "w3", LeaseEnd, LeaseEnd.AddSeconds(60), default));
        Assert.Empty(await Store.RenewAsync("w2", LeaseEnd.AddSeconds(90), default));
    }

    [Fact]
    public async Task Evicting_frees_what_others_held_and_their_commits_write_nothing()
    {
        var dead = await StartedAndClaimedAsync();
        await StartAsync("i2");
        var alive = await ClaimAsync("i2", "survivor");

        Assert.Equal(1, await Store.EvictAsync("survivor", default));

        Assert.Equal(["i1"], await Store.FindReadyAsync(Now, 10, default));
        Assert.Equal(CommitOutcome.Superseded, await Store.CommitAsync(Next(dead), default));
        Assert.Equal(CommitOutcome.Committed, await Store.CommitAsync(Next(alive), default));
    }

    [Fact]
    public async Task An_instance_set_aside_rests_with_its_reason_until_it_is_put_back()
    {
        var claim = await StartedAndClaimedAsync();
        await Store.SetAsideAsync(claim, "the state is damaged", default);
        await Store.AcceptAsync(A.Signal("k", "i1", "b"), null, default);

        Assert.Equal("the state is damaged", (await Reader.FindAsync("i1", default))!.SetAside);
        Assert.Empty(await Store.FindReadyAsync(Now.AddDays(1), 10, default));
        Assert.Null(await Store.ClaimAsync("i1", "w2", Now.AddDays(1), LeaseEnd.AddDays(1), default));

        Assert.True(await Store.PutBackAsync("i1", default));
        Assert.False(await Store.PutBackAsync("i1", default));
        Assert.False(await Store.PutBackAsync("nobody", default));
        Assert.Null((await Reader.FindAsync("i1", default))!.SetAside);
        Assert.NotNull(await Store.ClaimAsync("i1", "w2", Now, LeaseEnd, default));
    }

    [Fact]
    public async Task A_stale_claim_can_neither_release_nor_set_aside()
    {
        var stale = await StartedAndClaimedAsync();
        await Store.ReleaseAsync(stale, default);
        await ClaimAsync("i1", "w2");

        await Store.ReleaseAsync(stale, default);
        await Store.SetAsideAsync(stale, "not mine to say", default);

        Assert.Null((await Reader.FindAsync("i1", default))!.SetAside);
        Assert.Null(await Store.ClaimAsync("i1", "w3", Now, LeaseEnd, default));
    }

    [Fact]
    public async Task Ready_instances_come_longest_waiting_first()
    {
        foreach (var (id, minute) in new[] { ("i1", 3), ("i2", 1), ("i3", 2) })
        {
            await Store.AcceptAsync(A.Start($"start:{id}", id) with { ReceivedAt = Now.AddMinutes(minute) }, A.Instance(id), default);
        }

        Assert.Equal(["i2", "i3"], await Store.FindReadyAsync(Now, 2, default));
    }

    private async Task CommitAllConsumedAsync(Claim claim, bool hasWork = false)
    {
        var open = (await Store.LoadAsync(claim.InstanceId, default))!.Stimuli;
        await Store.CommitAsync(
            Next(claim, release: true) with { Stimuli = open.ToDictionary(stimulus => stimulus.Sequence, _ => StimulusState.Consumed), HasWork = hasWork },
            default);
    }
}
