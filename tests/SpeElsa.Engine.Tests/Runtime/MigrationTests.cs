using Elsa.Workflows.Runtime;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>An instance stays on its version until it is moved, and then runs nothing twice.</summary>
public sealed class MigrationTests : RuntimeTest
{
    private static readonly Dictionary<string, string> SameNames = [];

    [Fact]
    public async Task A_waiting_instance_goes_on_in_the_new_version_and_repeats_nothing()
    {
        await PublishAsync(A.Flowchart("move").With(A.Line("first"), A.Event("wait", "go"), A.Line("old")).Connect("first -> wait", "wait -> old"));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var target = await PublishAsync(A.Flowchart("move").With(A.Line("first"), A.Event("wait", "go"), A.Line("new")).Connect("first -> wait", "wait -> new"));

        await MigrateAsync(id, target, SameNames);
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(id);
        Assert.Equal(["first", "wait", "new"], await Host.CompletedAsync(id));
        Assert.Equal(2, (await Host.Reader.FindAsync(id, default))!.DefinitionVersion);
        var journal = await Host.JournalAsync(id);
        Assert.Contains("From version 1 to version 2", journal.Single(row => row.EventName == "Migrated").Message, StringComparison.Ordinal);
        Assert.Null(JournalChain.FindBreak(journal, await Host.Reader.FindAsync(id, default)));
    }

    [Fact]
    public async Task A_preview_shows_the_places_and_changes_nothing()
    {
        await PublishAsync(A.Flowchart("move").With(A.Event("wait", "go")));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var before = await Host.Reader.FindAsync(id, default);
        var target = await PublishAsync(A.Flowchart("move").With(A.Event("pause", "go")));

        var blocked = await Get<InstanceMigration>().PreviewAsync(id, target.Id, SameNames, default);
        var possible = await Get<InstanceMigration>().PreviewAsync(id, target.Id, new Dictionary<string, string> { ["wait"] = "pause" }, default);

        Assert.False(blocked.IsPossible);
        Assert.Contains("The new version has no activity 'wait'", Assert.Single(blocked.Findings).Message, StringComparison.Ordinal);
        Assert.True(possible.IsPossible);
        Assert.Contains(new MigrationStep("waits", "Workflow1:root:wait", "Workflow1:root:pause"), possible.Steps);
        Assert.Equal(before, await Host.Reader.FindAsync(id, default));
    }

    [Fact]
    public async Task An_activity_that_was_renamed_takes_the_place_of_the_old_one()
    {
        await PublishAsync(A.Sequence("move").With(A.Event("wait", "go"), A.Line("after")));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var target = await PublishAsync(A.Sequence("move").With(A.Line("before"), A.Event("pause", "go"), A.Line("after")));

        await MigrateAsync(id, target, new Dictionary<string, string> { ["wait"] = "pause" });
        Assert.Equal("pause", Assert.Single(await Host.WaitForBookmarksAsync(id, 1)).ActivityId);
        await RestartAsync();
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(id);
        Assert.Equal(["pause", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task What_has_arrived_at_a_join_is_not_asked_for_again()
    {
        await PublishAsync(Join("left", "right"));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        await Get<IEventPublisher>().PublishAsync("left");
        var target = await PublishAsync(Join("links", "right"));

        await MigrateAsync(id, target, new Dictionary<string, string> { ["left"] = "links" });
        await Get<IEventPublisher>().PublishAsync("right");

        await FinishesAsync(id);
        Assert.Equal(["start", "left", "right", "join"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Values_of_variables_stay_and_one_that_is_gone_is_told()
    {
        await PublishAsync(A.Sequence("move").Variable("Kept").Variable("Gone").With(A.Set("set", "Kept", "'still here'"), A.Event("wait", "go")));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var target = await PublishAsync(A.Sequence("move").Variable("Kept").Variable("New", "String", "fresh").With(
            A.Set("set", "Kept", "'again'"), A.Event("wait", "go"), A.Say("say", "getKept() + ' and ' + getNew()")));

        var preview = await Get<InstanceMigration>().PreviewAsync(id, target.Id, SameNames, default);
        Assert.Contains("no variable 'var-Gone'", Assert.Single(preview.Findings).Message, StringComparison.Ordinal);
        await MigrateAsync(id, target, SameNames);
        await Get<IEventPublisher>().PublishAsync("go");

        await FinishesAsync(id);
        Assert.Equal(["still here and fresh"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_timer_goes_on_where_it_is()
    {
        await PublishAsync(A.Sequence("move").With(A.Delay("wait", TimeSpan.FromMilliseconds(300)), A.Line("old")));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var target = await PublishAsync(A.Sequence("move").With(A.Delay("wait", TimeSpan.FromDays(9)), A.Line("new")));

        await Get<InstanceMigration>().MigrateAsync(id, target.Id, SameNames, "migrate", default);

        await FinishesAsync(id);
    }

    [Fact]
    public async Task Another_type_or_another_definition_is_refused()
    {
        await PublishAsync(A.Sequence("move").With(A.Event("wait", "go")));
        var id = (await RunAsync("move")).WorkflowInstanceId;
        var other = await PublishAsync(A.Sequence("other").With(A.Event("wait", "go")));
        var changed = await PublishAsync(A.Sequence("move").With(A.Delay("wait", TimeSpan.FromDays(1))));

        var foreign = await Assert.ThrowsAsync<InvalidOperationException>(() => Get<InstanceMigration>().MigrateAsync(id, other.Id, SameNames, "one", default));
        var typed = await Assert.ThrowsAsync<InvalidOperationException>(() => Get<InstanceMigration>().MigrateAsync(id, changed.Id, SameNames, "two", default));

        Assert.Contains("is one of 'other'", foreign.Message, StringComparison.Ordinal);
        Assert.Contains("'wait' is of type Elsa.Event, but 'wait' of type Elsa.Delay", typed.Message, StringComparison.Ordinal);
    }

    private static DefinitionBuilder Join(string left, string right) => A.Flowchart("move")
        .With(A.Line("start"), A.Event(left, "left"), A.Event(right, "right"), A.Line("join"))
        .Connect($"start -> {left}", $"start -> {right}", $"{left} -> join", $"{right} -> join");

    private async Task MigrateAsync(string id, DefinitionRecord target, Dictionary<string, string> names)
    {
        var result = await Get<InstanceMigration>().MigrateAsync(id, target.Id, names, $"migrate:{id}", default);
        Assert.Equal(Acceptance.Accepted, result.Acceptance);
        await Host.WaitForAsync(id, record => record.DefinitionVersion == target.Version);
    }
}
