using Elsa.Common.Models;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_published_version_becomes_the_latest_and_older_ones_stay_readable()
    {
        var first = await Definitions.PublishAsync(A.Definition("move", """{"n":1}""") with { Description = "moves" }, default);
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default);

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.NotEqual(first.Id, second.Id);
        Assert.True(second is { IsLatest: true, IsPublished: true });
        Assert.Equal(second, await Definitions.FindPublishedAsync("move", default));
        Assert.Equal(first with { IsLatest = false, IsPublished = false }, await Definitions.FindAsync(first.Id, default));
        Assert.Null(await Definitions.FindPublishedAsync("nothing", default));
        Assert.Null(await Definitions.FindAsync("nothing", default));
    }

    [Fact]
    public async Task Of_parallel_publishers_one_version_ends_as_published()
    {
        var versions = new List<DefinitionRecord>();
        for (var number = 1; number <= 10; number++)
        {
            versions.Add(await Definitions.PublishAsync(A.Definition("move", $"{{\"n\":{number}}}"), default));
        }

        var results = await Task.WhenAll(versions.Select(version => Task.Run(() =>
            Definitions.PublishAsync(new Publication { VersionId = version.Id, ContentHash = version.ContentHash, At = Now }, default))));

        Assert.DoesNotContain(results, result => result.Outcome is PublishOutcome.NotFound or PublishOutcome.Changed);
        var published = await Definitions.ListAsync(new DefinitionFilter { VersionOptions = VersionOptions.Published }, default, 0, 100, default);
        Assert.Equal(1, published.Total);
        Assert.Equal(["v10"], (await Definitions.ListLatestAsync(default)).Select(version => $"v{version.Version}"));
    }

    [Fact]
    public async Task The_list_has_the_latest_of_each_definition_by_name()
    {
        await Definitions.PublishAsync(A.Definition("b"), default);
        await Definitions.PublishAsync(A.Definition("a"), default);
        await Definitions.PublishAsync(A.Definition("b"), default);

        var list = await Definitions.ListLatestAsync(default);

        Assert.Equal([("a", 1), ("b", 2)], list.Select(one => (one.DefinitionId, one.Version)));
    }

    [Fact]
    public async Task A_draft_is_changed_in_place_until_it_is_published()
    {
        var first = await SaveAsync("""{"n":1}""");
        var second = await SaveAsync("""{"n":2}""");
        await PublishAsync(second);
        var third = await SaveAsync("""{"n":3}""");

        Assert.Equal((1, 1, false, true), (first.Version, first.Revision, first.IsPublished, first.IsLatest));
        Assert.Equal((first.Id, 1, 2), (second.Id, second.Version, second.Revision));
        Assert.Equal((2, 1, false, true), (third.Version, third.Revision, third.IsPublished, third.IsLatest));
        var published = await Definitions.FindPublishedAsync("move", default);
        Assert.Equal((1, """{"n":2}""", false), (published!.Version, published.Json, published.IsLatest));
        Assert.Equal(third, await Definitions.FindAsync(third.Id, default));
    }

    [Fact]
    public async Task A_version_that_was_published_once_never_changes_again()
    {
        var first = await SaveAsync("""{"n":1}""");
        await PublishAsync(first);
        await Definitions.RetractAsync("move", default);

        var second = await SaveAsync("""{"n":2}""");

        Assert.Equal(2, second.Version);
        Assert.Equal("""{"n":1}""", (await Definitions.FindAsync(first.Id, default))!.Json);
    }

    [Fact]
    public async Task A_draft_that_an_instance_runs_is_kept_for_it()
    {
        var draft = await SaveAsync("""{"n":1}""");
        await StartOfAsync(draft, "i1");

        var moved = await SaveAsync("""{"n":1,"version":7}""");
        var changed = await SaveAsync("""{"n":2}""");

        Assert.Equal((draft.Id, 2), (moved.Id, moved.Revision));
        Assert.Equal(2, changed.Version);
        Assert.Equal(draft.ContentHash, (await Definitions.FindAsync(draft.Id, default))!.ContentHash);
    }

    [Fact]
    public async Task A_start_of_a_draft_that_was_saved_again_is_not_accepted()
    {
        var loaded = await SaveAsync("""{"n":1}""");
        await SaveAsync("""{"n":2}""");

        Assert.Equal(Acceptance.DefinitionChanged, (await StartOfAsync(loaded, "i1")).Acceptance);
        Assert.Null(await Reader.FindAsync("i1", default));
        Assert.Equal(Acceptance.Accepted, (await StartOfAsync((await Definitions.FindAsync(loaded.Id, default))!, "i1")).Acceptance);
    }

    [Fact]
    public async Task The_second_of_two_editors_is_told_of_the_first()
    {
        var loaded = await SaveAsync("""{"n":1}""");
        var basedOn = new DraftBase(loaded.Id, loaded.Revision);

        var one = await Definitions.SaveDraftAsync(A.Definition("move", """{"n":2}"""), basedOn, default);
        var other = await Definitions.SaveDraftAsync(A.Definition("move", """{"n":3}"""), basedOn, default);
        await PublishAsync(one.Latest!);
        var publishedMeanwhile = await Definitions.SaveDraftAsync(A.Definition("move", """{"n":4}"""), new DraftBase(one.Latest!.Id, one.Latest.Revision), default);
        var gone = await Definitions.SaveDraftAsync(A.Definition("other"), basedOn, default);

        Assert.Equal(DraftOutcome.Saved, one.Outcome);
        Assert.Equal(DraftOutcome.Conflict, other.Outcome);
        Assert.Equal(one.Latest, other.Latest);
        Assert.Equal((DraftOutcome.Saved, 2), (publishedMeanwhile.Outcome, publishedMeanwhile.Latest!.Version));
        Assert.Equal(new DraftResult(DraftOutcome.Conflict, null), gone);
        Assert.Equal(2, (await Definitions.ListAsync(new DefinitionFilter(), default, 0, 10, default)).Total);
    }

    [Fact]
    public async Task Of_parallel_editors_of_one_revision_one_is_stored()
    {
        var loaded = await SaveAsync("""{"n":0}""");

        var results = await Task.WhenAll(Enumerable.Range(1, 10).Select(number => Task.Run(() =>
            Definitions.SaveDraftAsync(A.Definition("move", $"{{\"n\":{number}}}"), new DraftBase(loaded.Id, loaded.Revision), default))));

        var saved = Assert.Single(results, result => result.Outcome is DraftOutcome.Saved);
        Assert.Equal(saved.Latest, await Definitions.FindAsync(loaded.Id, default));
    }

    [Fact]
    public async Task What_was_checked_is_what_is_published()
    {
        var draft = await SaveAsync("""{"n":1}""");
        await SaveAsync("""{"n":2}""");

        var changed = await PublishAsync(draft);
        var unknown = await Definitions.PublishAsync(new Publication { VersionId = "nothing", ContentHash = "", At = Now }, default);

        Assert.Equal(PublishOutcome.Changed, changed.Outcome);
        Assert.Equal(new PublishResult(PublishOutcome.NotFound, null), unknown);
        Assert.Null(await Definitions.FindPublishedAsync("move", default));
    }

    [Fact]
    public async Task An_older_version_can_be_published_and_the_draft_stays_the_latest()
    {
        var first = await Definitions.PublishAsync(A.Definition("move", """{"n":1}"""), default);
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default);

        Assert.Equal(PublishOutcome.Published, (await PublishAsync(first)).Outcome);
        Assert.Equal(PublishOutcome.AlreadyPublished, (await PublishAsync(first)).Outcome);

        Assert.Equal(first.Id, (await Definitions.FindPublishedAsync("move", default))!.Id);
        Assert.True((await Definitions.FindAsync(second.Id, default)) is { IsLatest: true, IsPublished: false });
        Assert.Equal(Now, (await Definitions.FindAsync(first.Id, default))!.PublishedAt);
    }

    [Fact]
    public async Task Retracting_ends_the_publication_and_its_triggers_once()
    {
        var version = await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1"));

        var retracted = await Definitions.RetractAsync("move", default);

        Assert.Equal(version with { IsPublished = false }, retracted);
        Assert.Equal(retracted, await Definitions.FindAsync(version.Id, default));
        Assert.Empty(await Definitions.ListTriggersAsync(null, default));
        Assert.Null(await Definitions.RetractAsync("move", default));
        Assert.Null(await Definitions.RetractAsync("nothing", default));
    }

    [Fact]
    public async Task Reverting_copies_an_old_version_as_the_newest_draft()
    {
        await Definitions.PublishAsync(A.Definition("move", """{"n":1}""") with { Description = "first", UsableAsActivity = true }, default);
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default);

        var draft = await Definitions.RevertAsync("move", 1, Now.AddDays(1), default);

        Assert.Equal((3, """{"n":1}""", "first", Now.AddDays(1)), (draft!.Version, draft.Json, draft.Description, draft.CreatedAt));
        Assert.True(draft is { IsLatest: true, IsPublished: false, UsableAsActivity: true, PublishedAt: null });
        Assert.Equal(draft, await Definitions.FindAsync(draft.Id, default));
        Assert.Equal(second.Id, (await Definitions.FindPublishedAsync("move", default))!.Id);
        Assert.Null(await Definitions.RevertAsync("move", 9, Now, default));
        Assert.Null(await Definitions.RevertAsync("nothing", 1, Now, default));
    }

    [Fact]
    public async Task Deleting_a_version_leaves_the_others_with_a_latest_one()
    {
        var first = await Definitions.PublishAsync(A.Definition("move", """{"n":1}"""), default);
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default, Trigger("t1"));

        Assert.Equal(new DeleteResult(DeleteOutcome.Deleted, 1, 0), await Definitions.DeleteVersionAsync(second.Id, default));

        Assert.True(await Definitions.FindAsync(first.Id, default) is { IsLatest: true, IsPublished: false });
        Assert.Empty(await Definitions.ListTriggersAsync("move", default));
        Assert.Equal(new DeleteResult(DeleteOutcome.NotFound, 0, 0), await Definitions.DeleteVersionAsync(second.Id, default));
    }

    [Fact]
    public async Task What_unfinished_instances_are_bound_to_is_not_deleted()
    {
        var version = await Definitions.PublishAsync(A.Definition("move"), default, Trigger("t1"));
        await Definitions.PublishAsync(A.Definition("other"), default);
        await StartOfAsync(version, "i1");
        await StartOfAsync(version, "i2");

        Assert.Equal(new DeleteResult(DeleteOutcome.InUse, 0, 2), await Definitions.DeleteVersionAsync(version.Id, default));
        Assert.Equal(new DeleteResult(DeleteOutcome.InUse, 0, 2), await Definitions.DeleteAsync("move", default));
        Assert.Equal(new DeleteResult(DeleteOutcome.Deleted, 1, 0), await Definitions.DeleteAsync("other", default));

        Assert.NotNull(await Definitions.FindPublishedAsync("move", default));
        Assert.Single(await Definitions.ListTriggersAsync(null, default));
    }

    [Fact]
    public async Task A_number_that_an_instance_is_bound_to_is_never_given_again()
    {
        var version = await Definitions.PublishAsync(A.Definition("move", """{"n":1}"""), default);
        await StartOfAsync(version, "i1");
        await FinishAsync("i1", version);
        Assert.Equal(DeleteOutcome.Deleted, (await Definitions.DeleteAsync("move", default)).Outcome);

        var again = await SaveAsync("""{"n":2}""");

        Assert.Equal(2, again.Version);
        Assert.NotEqual(version.Id, again.Id);
    }

    [Fact]
    public async Task Versions_are_found_by_what_is_meant()
    {
        await Definitions.PublishAsync(A.Definition("both"), default);
        await Definitions.PublishAsync(A.Definition("edited", """{"n":1}"""), default);
        await Definitions.SaveDraftAsync(A.Definition("edited", """{"n":2}"""), null, default);
        await Definitions.SaveDraftAsync(A.Definition("new"), null, default);

        foreach (var (options, expected) in new (VersionOptions, string[])[]
        {
            (VersionOptions.All, ["both 1", "edited 1", "edited 2", "new 1"]),
            (VersionOptions.Latest, ["both 1", "edited 2", "new 1"]),
            (VersionOptions.Published, ["both 1", "edited 1"]),
            (VersionOptions.LatestOrPublished, ["both 1", "edited 1", "edited 2", "new 1"]),
            (VersionOptions.LatestAndPublished, ["both 1"]),
            (VersionOptions.Draft, ["edited 2", "new 1"]),
            (VersionOptions.SpecificVersion(2), ["edited 2"]),
        })
        {
            var (items, total) = await Definitions.ListAsync(new DefinitionFilter { VersionOptions = options }, default, 0, 10, default);
            Assert.Equal(expected, items.Select(version => $"{version.DefinitionId} {version.Version}"));
            Assert.Equal(expected.Length, total);
        }

        Assert.Equal(2, (await Definitions.FindAsync("edited", VersionOptions.LatestOrPublished, default))!.Version);
        Assert.Equal(1, (await Definitions.FindAsync("edited", VersionOptions.SpecificVersion(1), default))!.Version);
        Assert.Null(await Definitions.FindAsync("new", VersionOptions.Published, default));
        Assert.Equal(3, await Definitions.CountAsync(default));
    }

    [Fact]
    public async Task Versions_are_filtered_ordered_and_paged()
    {
        await Definitions.SaveDraftAsync(A.Definition("a") with { Name = "Rename a server", Description = "50% off", CreatedAt = Now.AddDays(2) }, null, default);
        await Definitions.SaveDraftAsync(
            A.Definition("b") with { Name = "Move it", IsSystem = true, IsReadonly = true, UsableAsActivity = true, CreatedAt = Now.AddDays(3) }, null, default);
        await Definitions.SaveDraftAsync(
            A.Definition("c") with { Name = "Nightly", MaterializerName = "Clr", ToolVersion = "3.8.0.0", ProviderName = "Code", CreatedAt = Now.AddDays(1) }, null, default);

        Assert.Equal(["a"], await FoundAsync(new DefinitionFilter { SearchTerm = "SERVER" }));
        Assert.Equal(["a"], await FoundAsync(new DefinitionFilter { SearchTerm = "0%" }));
        Assert.Empty(await FoundAsync(new DefinitionFilter { SearchTerm = "5_%" }));
        Assert.Equal(["b"], await FoundAsync(new DefinitionFilter { IsSystem = true }));
        Assert.Equal(["b"], await FoundAsync(new DefinitionFilter { IsReadonly = true }));
        Assert.Equal(["c", "a"], await FoundAsync(new DefinitionFilter { UsableAsActivity = false }));
        Assert.Equal(["c"], await FoundAsync(new DefinitionFilter { MaterializerName = "Clr" }));
        Assert.Equal(["b"], await FoundAsync(new DefinitionFilter { Names = ["Move it", "Another"] }));
        Assert.Equal(["c", "a"], await FoundAsync(new DefinitionFilter { DefinitionIds = ["a", "c"] }));
        Assert.Equal(["a"], await FoundAsync(new DefinitionFilter { VersionIds = [DefinitionVersionId.Of("a", 1)] }));
        var (page, total) = await Definitions.ListAsync(new DefinitionFilter(), new DefinitionOrder(DefinitionColumn.Name, Descending: true), 1, 1, default);
        Assert.Equal(("c", 3), (Assert.Single(page).DefinitionId, total));
        Assert.Equal(
            (await Definitions.FindManyAsync(new DefinitionFilter(), default, 0, 10, default)).Select(version => version.Summarize()),
            (await Definitions.ListAsync(new DefinitionFilter(), default, 0, 10, default)).Items);

        async Task<IEnumerable<string>> FoundAsync(DefinitionFilter filter) =>
            (await Definitions.ListAsync(filter, new DefinitionOrder(DefinitionColumn.CreatedAt), 0, 10, default)).Items.Select(version => version.DefinitionId);
    }

    [Fact]
    public async Task A_name_is_unique_among_the_latest_versions_of_others()
    {
        await Definitions.PublishAsync(A.Definition("a") with { Name = "Old" }, default);
        await Definitions.PublishAsync(A.Definition("a") with { Name = "New" }, default);

        Assert.False(await Definitions.IsNameUniqueAsync("New", null, default));
        Assert.False(await Definitions.IsNameUniqueAsync("New", "b", default));
        Assert.True(await Definitions.IsNameUniqueAsync("New", "a", default));
        Assert.True(await Definitions.IsNameUniqueAsync("Old", null, default));
    }

    [Fact]
    public async Task What_is_known_of_a_file_is_kept_by_later_versions()
    {
        var draft = await SaveAsync("""{"n":1}""");
        var published = await Definitions.PublishAsync(
            new Publication { VersionId = draft.Id, ContentHash = draft.ContentHash, At = Now, Source = "move.json", SourceHash = "h1" }, default);
        var edited = await SaveAsync("""{"n":2}""");

        Assert.Equal(("move.json", "h1"), (published.Version!.Source, published.Version.SourceHash));
        Assert.Equal(("move.json", "h1"), (edited.Source, edited.SourceHash));
        Assert.True(await Definitions.KeepAsync(edited.Id, "other.json", "h2", default));
        Assert.False(await Definitions.KeepAsync(draft.Id, "other.json", "h3", default));
        Assert.Equal(("other.json", "h2"), ((await SaveAsync("""{"n":3}""")).Source, (await Definitions.FindAsync(edited.Id, default))!.SourceHash));
    }

    private async Task<DefinitionRecord> SaveAsync(string json) => (await Definitions.SaveDraftAsync(A.Definition("move", json), null, default)).Latest!;

    private Task<PublishResult> PublishAsync(DefinitionRecord version) =>
        Definitions.PublishAsync(new Publication { VersionId = version.Id, ContentHash = version.ContentHash, At = Now }, default);

    private Task<AcceptResult> StartOfAsync(DefinitionSummary version, string instanceId) => Store.AcceptAsync(
        A.Start($"start:{instanceId}", instanceId),
        A.Instance(instanceId) with
        {
            DefinitionId = version.DefinitionId,
            DefinitionVersionId = version.Id,
            DefinitionVersion = version.Version,
            DefinitionHash = version.ContentHash,
        },
        default);

    /// <summary>Ends an instance, bound to the version or to what it was made with.</summary>
    private async Task FinishAsync(string instanceId, DefinitionSummary? version = null)
    {
        var claim = await ClaimAsync(instanceId);
        var before = (await Reader.FindAsync(instanceId, default))!;
        var next = Next(claim, before.StateVersion, release: true);
        var loaded = (await Store.LoadAsync(instanceId, default))!;
        await Store.CommitAsync(
            next with
            {
                Stimuli = loaded.Stimuli.ToDictionary(stimulus => stimulus.Sequence, _ => StimulusState.Consumed),
                Instance = before with
                {
                    DefinitionVersionId = version?.Id ?? before.DefinitionVersionId,
                    Status = Elsa.Workflows.WorkflowStatus.Finished,
                    SubStatus = Elsa.Workflows.WorkflowSubStatus.Finished,
                    FinishedAt = Now.AddHours(1),
                    UpdatedAt = Now.AddHours(1),
                    StateVersion = before.StateVersion + 1,
                },
            },
            default);
    }
}
