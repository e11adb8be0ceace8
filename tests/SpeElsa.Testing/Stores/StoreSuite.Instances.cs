using Elsa.Workflows;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task Instances_are_listed_newest_first_in_pages_and_by_definition()
    {
        for (var number = 0; number < 5; number++)
        {
            await Store.AcceptAsync(
                A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}", number % 2 == 0 ? "even" : "odd") with { CreatedAt = Now.AddMinutes(number) }, default);
        }

        var (page, total) = await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 1, 2, default);
        Assert.Equal(5, total);
        Assert.Equal(["i3", "i2"], page.Select(instance => instance.Id));
        var (even, count) = await Reader.ListAsync(new InstanceFilter { DefinitionIds = ["even", "other"] }, InstanceOrder.NewestFirst, 0, 10, default);
        Assert.Equal((3, 3), (count, even.Count));
        Assert.Null(await Reader.FindAsync("nobody", default));
        Assert.Null(await Reader.ReadStateAsync("i1", default));
    }

    [Fact]
    public async Task Instances_are_found_by_everything_a_list_shows()
    {
        await StartAsync(A.Instance("i1", "a") with { Name = "Night move", CorrelationId = "c1", IsSystem = true });
        await StartAsync(A.Instance("i2", "b") with { Name = "50%", CorrelationId = "c2", ParentInstanceId = "i1", CreatedAt = Now.AddMinutes(1), UpdatedAt = Now.AddMinutes(5) });
        await StartAsync(A.Instance("i3", "b") with { DefinitionVersion = 2, DefinitionVersionId = "b2", IncidentCount = 3, CreatedAt = Now.AddMinutes(2) });
        await FinishAsync("i3");

        foreach (var (filter, expected) in new (InstanceFilter, string[])[]
        {
            (new InstanceFilter(), ["i1", "i2", "i3"]),
            (new InstanceFilter { Ids = ["i1", "i3"] }, ["i1", "i3"]),
            (new InstanceFilter { DefinitionIds = ["b"] }, ["i2", "i3"]),
            (new InstanceFilter { ExceptDefinitionIds = ["b", "c"] }, ["i1"]),
            (new InstanceFilter { VersionIds = ["b2"] }, ["i3"]),
            (new InstanceFilter { Version = 2 }, ["i3"]),
            (new InstanceFilter { CorrelationIds = ["c1", "c3"] }, ["i1"]),
            (new InstanceFilter { ParentIds = ["i1"] }, ["i2"]),
            (new InstanceFilter { Names = ["Night move"] }, ["i1"]),
            (new InstanceFilter { Statuses = [WorkflowStatus.Finished] }, ["i3"]),
            (new InstanceFilter { SubStatuses = [WorkflowSubStatus.Pending, WorkflowSubStatus.Faulted] }, ["i1", "i2"]),
            (new InstanceFilter { HasIncidents = true }, ["i3"]),
            (new InstanceFilter { HasIncidents = false }, ["i1", "i2"]),
            (new InstanceFilter { IsExecuting = true }, ["i1", "i2"]),
            (new InstanceFilter { IsExecuting = false }, ["i3"]),
            (new InstanceFilter { IsSystem = true }, ["i1"]),
            (new InstanceFilter { IsSystem = false }, ["i2", "i3"]),
            (new InstanceFilter { SearchTerm = "NIGHT" }, ["i1"]),
            (new InstanceFilter { SearchTerm = "C2" }, ["i2"]),
            (new InstanceFilter { SearchTerm = "0%" }, ["i2"]),
            (new InstanceFilter { SearchTerm = "i%" }, []),
            (new InstanceFilter { DefinitionIds = ["b"], HasIncidents = false, SearchTerm = "i" }, ["i2"]),
            (When(InstanceTimestamp.CreatedAt, TimestampComparison.Is, Now.AddMinutes(1)), ["i2"]),
            (When(InstanceTimestamp.CreatedAt, TimestampComparison.IsNot, Now.AddMinutes(1)), ["i1", "i3"]),
            (When(InstanceTimestamp.CreatedAt, TimestampComparison.LessThan, Now.AddMinutes(1)), ["i1"]),
            (When(InstanceTimestamp.CreatedAt, TimestampComparison.LessThanOrEqual, Now.AddMinutes(1)), ["i1", "i2"]),
            (When(InstanceTimestamp.UpdatedAt, TimestampComparison.GreaterThan, Now.AddMinutes(5)), ["i3"]),
            (When(InstanceTimestamp.UpdatedAt, TimestampComparison.GreaterThanOrEqual, Now.AddMinutes(5)), ["i2", "i3"]),
            (When(InstanceTimestamp.FinishedAt, TimestampComparison.LessThan, Now.AddDays(1)), ["i3"]),
            (When(InstanceTimestamp.FinishedAt, TimestampComparison.IsNot, Now), ["i1", "i2", "i3"]),
        })
        {
            var (items, total) = await Reader.ListAsync(filter, new InstanceOrder(InstanceColumn.CreatedAt), 0, 10, default);
            Assert.Equal(expected, items.Select(instance => instance.Id));
            Assert.Equal((expected.Length, expected.Length), (total, await Reader.CountAsync(filter, default)));
        }

        static InstanceFilter When(InstanceTimestamp column, TimestampComparison comparison, DateTimeOffset value) =>
            new() { Timestamps = [new TimestampCondition(column, comparison, value)] };
    }

    [Theory]
    [InlineData(InstanceColumn.CreatedAt, "i1 i2 i3")]
    [InlineData(InstanceColumn.UpdatedAt, "i2 i3 i1")]
    [InlineData(InstanceColumn.FinishedAt, "i2 i3 i1")]
    [InlineData(InstanceColumn.Name, "i3 i1 i2")]
    public async Task Instances_are_ordered_both_ways(InstanceColumn column, string expected)
    {
        await StartAsync(A.Instance("i1") with { CreatedAt = Now, UpdatedAt = Now.AddMinutes(3), FinishedAt = Now.AddMinutes(3), Name = "b" });
        await StartAsync(A.Instance("i2") with { CreatedAt = Now.AddMinutes(1), UpdatedAt = Now.AddMinutes(1), Name = "c" });
        await StartAsync(A.Instance("i3") with { CreatedAt = Now.AddMinutes(2), UpdatedAt = Now.AddMinutes(2), FinishedAt = Now.AddMinutes(2), Name = "a" });

        Assert.Equal(expected.Split(' '), await ListAsync(descending: false));
        Assert.Equal(expected.Split(' ').Reverse(), await ListAsync(descending: true));

        async Task<IEnumerable<string>> ListAsync(bool descending) =>
            (await Reader.ListAsync(new InstanceFilter(), new InstanceOrder(column, descending), 0, 10, default)).Items.Select(instance => instance.Id);
    }

    [Fact]
    public async Task An_instance_is_idle_when_nothing_goes_on_in_it()
    {
        Assert.True(await Reader.IsIdleAsync("i1", default));
        await StartAsync();
        Assert.False(await Reader.IsIdleAsync("i1", default));
        var claim = await ClaimAsync();
        var seen = (await Store.LoadAsync("i1", default))!.Stimuli.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed);
        await Store.CommitAsync(Next(claim) with { Stimuli = seen }, default);
        Assert.False(await Reader.IsIdleAsync("i1", default));
        await Store.CommitAsync(Next(claim, 1, release: true), default);
        Assert.True(await Reader.IsIdleAsync("i1", default));

        // Ended by a fault: at rest, until a retry is asked for.
        await Store.AcceptAsync(A.Signal("again", "i1", "b1"), null, default);
        claim = await ClaimAsync();
        seen = (await Store.LoadAsync("i1", default))!.Stimuli.ToDictionary(one => one.Sequence, _ => StimulusState.Consumed);
        var faulted = Next(claim, 2, release: true) with { Stimuli = seen };
        await Store.CommitAsync(faulted with { Instance = faulted.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Faulted } }, default);
        Assert.True(await Reader.IsIdleAsync("i1", default));
        await Store.AcceptAsync(A.Retry("retry", "i1"), null, default);
        Assert.False(await Reader.IsIdleAsync("i1", default));
        Assert.Equal(["i1"], (await Reader.ListAsync(new InstanceFilter { IsExecuting = true }, InstanceOrder.NewestFirst, 0, 10, default)).Items.Select(instance => instance.Id));
        Assert.True(await Reader.IsIdleAsync("i2", default));

        await Store.SetAsideAsync(await ClaimAsync(), "damaged", default);
        Assert.True(await Reader.IsIdleAsync("i1", default));
    }

    [Fact]
    public async Task Ended_instances_are_deleted_but_their_keys_answer_for_ever()
    {
        await StartedAndClaimedAsync("i1");
        await Store.EvictAsync("", default);
        await FinishAsync("i1");
        var running = await StartedAndClaimedAsync("i2");
        await Store.CommitAsync(Next(running) with { AddedBookmarks = [Bookmark("b2", "i2")] }, default);

        var deletion = await Store.DeleteInstancesAsync(["i1", "i2", "nobody"], default);

        Assert.Equal((1, "i2"), (deletion.Deleted, Assert.Single(deletion.Running)));
        Assert.Null(await Reader.FindAsync("i1", default));
        Assert.Null(await Reader.ReadStateAsync("i1", default));
        Assert.Empty(await Reader.ReadJournalAsync("i1", 0, 10, default));
        Assert.NotNull(await Reader.FindAsync("i2", default));
        Assert.NotNull(await Reader.FindBookmarkAsync("b2", default));
        Assert.Equal(Acceptance.Duplicate, (await StartAsync("i1")).Acceptance);
        Assert.Equal(Acceptance.UnknownInstance, (await Store.AcceptAsync(A.Signal("late", "i1", "b"), null, default)).Acceptance);
    }

    [Fact]
    public async Task An_ended_instance_that_a_burst_still_holds_is_not_deleted()
    {
        var claim = await StartedAndClaimedAsync();
        var next = Next(claim);
        await Store.CommitAsync(next with { Instance = next.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished } }, default);

        Assert.Equal(["i1"], (await Store.DeleteInstancesAsync(["i1"], default)).Running);

        await Store.ReleaseAsync(claim, default);
        Assert.Equal(1, (await Store.DeleteInstancesAsync(["i1"], default)).Deleted);
    }

    [Fact]
    public async Task A_commit_can_bind_an_instance_to_another_version()
    {
        var claim = await StartedAndClaimedAsync();
        var next = Next(claim);
        var instance = next.Instance with { DefinitionVersionId = "v2", DefinitionVersion = 2, DefinitionHash = "other" };

        await Store.CommitAsync(next with { Instance = instance }, default);

        Assert.Equal(instance, await Reader.FindAsync("i1", default));
    }

    [Theory]
    [InlineData(ActivationLimit.None, "same same", true)]
    [InlineData(ActivationLimit.OnePerDefinition, "same same", false)]
    [InlineData(ActivationLimit.OnePerDefinition, "same other", false)]
    [InlineData(ActivationLimit.OnePerDefinition, "other same", true)]
    [InlineData(ActivationLimit.OnePerDefinitionAndCorrelation, "same same", false)]
    [InlineData(ActivationLimit.OnePerDefinitionAndCorrelation, "same other", true)]
    [InlineData(ActivationLimit.OnePerDefinitionAndCorrelation, "other same", true)]
    [InlineData(ActivationLimit.OnePerDefinitionAndCorrelation, "same none", true)]
    [InlineData(ActivationLimit.OnePerCorrelation, "same same", false)]
    [InlineData(ActivationLimit.OnePerCorrelation, "other same", false)]
    [InlineData(ActivationLimit.OnePerCorrelation, "same other", true)]
    [InlineData(ActivationLimit.OnePerCorrelation, "same none", true)]
    public async Task A_limit_looks_at_what_has_not_ended(ActivationLimit limit, string second, bool allowed)
    {
        var words = second.Split(' ');
        await StartAsync(A.Instance("none", "same"));
        await StartAsync(A.Instance("i1", "first") with { CorrelationId = "c" });
        var instance = A.Instance("i2", words[0] == "same" ? "first" : "second") with { CorrelationId = words[1] == "none" ? null : words[1] == "same" ? "c" : "d" };

        var result = await Store.AcceptAsync(A.Start("second", "i2"), instance, limit, default);

        Assert.Equal(allowed ? Acceptance.Accepted : Acceptance.NotAllowed, result.Acceptance);
        Assert.Equal(allowed, await Reader.FindAsync("i2", default) is not null);
        Assert.Equal(allowed, await Reader.FindStimulusAsync("second", default) is not null);
    }

    [Fact]
    public async Task A_limit_forgets_what_has_ended_and_never_a_key()
    {
        var one = A.Instance("i1") with { CorrelationId = "c" };
        await Store.AcceptAsync(A.Start("k1", "i1"), one, ActivationLimit.OnePerDefinition, default);

        Assert.Equal(Acceptance.Duplicate, (await Store.AcceptAsync(A.Start("k1", "i1"), one, ActivationLimit.OnePerDefinition, default)).Acceptance);
        Assert.Equal(Acceptance.NotAllowed, (await Store.AcceptAsync(A.Start("k2", "i2"), A.Instance("i2"), ActivationLimit.OnePerDefinition, default)).Acceptance);
        await FinishAsync("i1");
        Assert.Equal(Acceptance.Accepted, (await Store.AcceptAsync(A.Start("k2", "i2"), A.Instance("i2"), ActivationLimit.OnePerDefinition, default)).Acceptance);
    }

    [Fact]
    public async Task Of_parallel_starts_a_limit_lets_one_in()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() =>
            Store.AcceptAsync(A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}"), ActivationLimit.OnePerDefinition, default))));

        Assert.Single(results, result => result.Acceptance is Acceptance.Accepted);
        Assert.Equal(1, await Reader.CountAsync(new InstanceFilter(), default));
    }

    private Task<AcceptResult> StartAsync(InstanceRecord instance) => Store.AcceptAsync(A.Start($"start:{instance.Id}", instance.Id), instance, default);
}
