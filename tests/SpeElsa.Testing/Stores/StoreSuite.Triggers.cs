using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task Publishing_replaces_all_triggers_of_the_definition()
    {
        await Definitions.PublishAsync(A.Definition("move", """{"n":1}"""), default, Trigger("t1"), Trigger("t2", hash: "G"));
        await Definitions.PublishAsync(A.Definition("other"), default, Trigger("t3", "other"));

        Assert.Equal(["t1", "t3"], (await Definitions.FindTriggersAsync("H", default)).Select(trigger => trigger.Id));
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default, Trigger("t4"));

        Assert.Equal([Trigger("t4") with { DefinitionVersionId = second.Id, DefinitionVersion = 2 }], await Definitions.ListTriggersAsync("move", default));
        Assert.Equal(["t4", "t3"], (await Definitions.ListTriggersAsync(null, default)).Select(trigger => trigger.Id));
        await Definitions.DeleteAsync("other", default);
        Assert.Equal(["t4"], (await Definitions.FindTriggersAsync("H", default)).Select(trigger => trigger.Id));
    }

    [Fact]
    public async Task A_publication_whose_triggers_can_not_be_stored_leaves_nothing_of_itself()
    {
        var first = await Definitions.PublishAsync(A.Definition("move", """{"n":1}"""), default, Trigger("t1"));
        await Definitions.PublishAsync(A.Definition("other"), default, Trigger("taken", "other"));
        await SaveAsync("""{"n":2}""");

        await Assert.ThrowsAnyAsync<Exception>(() => Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default, Trigger("t2"), Trigger("taken")));
        await Assert.ThrowsAnyAsync<Exception>(() => Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default, Trigger("t2"), Trigger("t2")));

        Assert.Equal(first.Id, (await Definitions.FindPublishedAsync("move", default))!.Id);
        Assert.Equal(["t1", "taken"], (await Definitions.ListTriggersAsync(null, default)).Select(trigger => trigger.Id));
    }

    [Fact]
    public async Task Due_triggers_come_earliest_first_and_count_as_timers()
    {
        await Definitions.PublishAsync(
            A.Definition("move"), default, Trigger("late") with { DueAt = Now.AddMinutes(2) }, Trigger("early") with { DueAt = Now.AddMinutes(1) }, Trigger("never"));
        var claim = await StartedAndClaimedAsync();
        Assert.Equal(Now.AddMinutes(1), await Store.NextTimerAsync(default));
        await Store.CommitAsync(Next(claim) with { AddedBookmarks = [Bookmark("b1")], Timers = [new TimerRecord("b1", "i1", Now.AddSeconds(5))] }, default);

        Assert.Equal(Now.AddSeconds(5), await Store.NextTimerAsync(default));
        Assert.Empty(await Store.FindDueTriggersAsync(Now, 10, default));
        Assert.Equal(["early", "late"], (await Store.FindDueTriggersAsync(Now.AddMinutes(2), 10, default)).Select(trigger => trigger.Id));
        Assert.Equal(["early"], (await Store.FindDueTriggersAsync(Now.AddMinutes(2), 1, default)).Select(trigger => trigger.Id));
    }

    [Fact]
    public async Task A_trigger_fires_once_when_many_raise_it()
    {
        await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1") with { DueAt = Now });

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => FireAsync($"i{number}", Now.AddHours(1)))));

        var fired = Assert.Single(results, result => result is not null);
        Assert.Equal(Acceptance.Accepted, fired!.Acceptance);
        Assert.Equal(1, await Reader.CountAsync(new InstanceFilter(), default));
        Assert.Equal(Now.AddHours(1), await Store.NextTimerAsync(default));
        Assert.Single(await Store.FindReadyAsync(Now, 10, default));
    }

    [Fact]
    public async Task A_trigger_without_a_next_time_ends()
    {
        await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1") with { DueAt = Now });

        Assert.NotNull(await FireAsync("i1", null));

        Assert.Null(await Store.NextTimerAsync(default));
        Assert.Null(await FireAsync("i2", null));
        Assert.Null((await Definitions.ListTriggersAsync("move", default)).Single().DueAt);
    }

    [Fact]
    public async Task A_trigger_whose_start_is_not_allowed_moves_on_without_it()
    {
        await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1") with { DueAt = Now });
        await StartAsync(A.Instance("running", "move") with { DefinitionHash = A.Definition("move").ContentHash });

        var result = await FireAsync("i1", Now.AddHours(1));

        Assert.Equal(Acceptance.NotAllowed, result!.Acceptance);
        Assert.Null(await Reader.FindAsync("i1", default));
        Assert.Equal(Now.AddHours(1), await Store.NextTimerAsync(default));
    }

    [Fact]
    public async Task A_trigger_of_a_retracted_definition_does_not_fire()
    {
        await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1") with { DueAt = Now });
        await Definitions.RetractAsync("move", default);

        Assert.Null(await FireAsync("i1", Now.AddHours(1)));
        Assert.Null(await Reader.FindAsync("i1", default));
        Assert.Null(await Store.NextTimerAsync(default));
    }

    private Task<AcceptResult?> FireAsync(string instanceId, DateTimeOffset? nextDueAt) => Store.FireTriggerAsync(
        "t1",
        Now,
        nextDueAt,
        A.Start($"start:{instanceId}", instanceId),
        A.Instance(instanceId, "move") with { DefinitionHash = A.Definition("move").ContentHash },
        ActivationLimit.OnePerDefinition,
        default);

    private static TriggerRecord Trigger(string id, string definitionId = "move", string hash = "H") => new()
    {
        Id = id,
        DefinitionId = definitionId,
        DefinitionVersionId = DefinitionVersionId.Of(definitionId, 1),
        DefinitionVersion = 1,
        ActivityId = "a1",
        Name = "Elsa.Event",
        Hash = hash,
        Payload = """{"eventName":"go"}""",
    };
}
