using System.Text.Json.Nodes;
using Elsa.Common.Models;
using Elsa.Workflows.Management;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class WorkflowDefinitionPublisherTests : ManagementTest
{
    private IWorkflowDefinitionPublisher Publisher => Get<IWorkflowDefinitionPublisher>();

    [Fact]
    public async Task A_new_definition_is_empty_and_not_stored()
    {
        var definition = await Publisher.NewAsync();

        Assert.Equal(0, await Definitions.CountAsync(default));
        definition.Name = "Mine";
        var saved = await Publisher.SaveDraftAsync(definition);
        Assert.Equal((definition.DefinitionId, "Mine", 1, true, false), (saved.DefinitionId, saved.Name, saved.Version, saved.IsLatest, saved.IsPublished));
        Assert.True((await Publisher.PublishAsync(saved.DefinitionId)).Succeeded);
    }

    [Fact]
    public async Task Publishing_checks_indexes_and_binds_new_instances()
    {
        await SaveAsync(A.Sequence("move").With(A.Event("wait", "go")).ToJson());

        var result = await Publisher.PublishAsync("move");

        Assert.True(result.Succeeded);
        Assert.False(result.AlreadyPublished);
        Assert.True(result.WorkflowDefinition is { IsPublished: true, Version: 1 });
        var trigger = Assert.Single(await Definitions.ListTriggersAsync("move", default));
        Assert.Equal(("wait", result.WorkflowDefinition.Id), (trigger.ActivityId, trigger.DefinitionVersionId));
        Assert.True((await Publisher.PublishAsync("move")).AlreadyPublished);
    }

    [Theory]
    [InlineData("bad", "It is bad", "bad")]
    [InlineData("root", "It has no root activity", null)]
    public async Task What_is_wrong_is_said_and_not_published(string what, string message, string? activityId)
    {
        await SaveAsync(what == "root" ? """{"definitionId":"move"}""" : Says("move", what));

        var result = await Publisher.PublishAsync("move");

        Assert.False(result.Succeeded);
        var error = Assert.Single(result.ValidationErrors);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(activityId, error.ActivityId);
        Assert.Null(await Definitions.FindPublishedAsync("move", default));
    }

    [Fact]
    public async Task What_is_doubtful_is_said_and_published()
    {
        await SaveAsync(Says("move", "odd"));

        var result = await Publisher.PublishAsync("move");

        Assert.True(result.Succeeded);
        Assert.Equal([new WorkflowValidationError("It is odd", "odd")], result.Warnings);
    }

    [Fact]
    public async Task What_was_saved_while_it_was_checked_is_checked_too()
    {
        await SaveAsync(Says("move", "good"));
        Check.Meanwhile = () => SaveAsync(Says("move", "bad"));

        var result = await Publisher.PublishAsync("move");

        Assert.False(result.Succeeded);
        Assert.Equal("It is bad", Assert.Single(result.ValidationErrors).Message);
        Assert.Null(await Definitions.FindPublishedAsync("move", default));
    }

    [Fact]
    public async Task A_definition_that_is_not_there_is_not_published()
    {
        var result = await Publisher.PublishAsync("nothing");

        Assert.False(result.Succeeded);
        Assert.Null(result.WorkflowDefinition);
        Assert.Contains("'nothing'", Assert.Single(result.ValidationErrors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_of_a_published_version_is_a_copy_until_it_is_saved()
    {
        await SaveAsync(Says("move", "one"));
        await Publisher.PublishAsync("move");

        var draft = (await Publisher.GetDraftAsync("move", VersionOptions.Published))!;
        Assert.Equal((2, false), (draft.Version, draft.IsPublished));
        Assert.Equal(1, (await Definitions.FindAsync("move", VersionOptions.Latest, default))!.Version);
        draft.Description = "changed";
        var result = await Publisher.PublishAsync(draft);

        Assert.True(result.Succeeded);
        Assert.Equal((2, "changed"), (result.WorkflowDefinition!.Version, result.WorkflowDefinition.Description));
        Assert.Null(await Publisher.GetDraftAsync("nothing", VersionOptions.Latest));
    }

    [Fact]
    public async Task The_second_of_two_editors_is_asked_to_load_again()
    {
        var first = await SaveAsync(Says("move", "one"));
        var second = first.ShallowClone();
        first.Name = "first";
        second.Name = "second";
        await Publisher.SaveDraftAsync(first);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Publisher.SaveDraftAsync(second));

        Assert.Contains("Load it again", exception.Message, StringComparison.Ordinal);
        Assert.Equal("first", (await Definitions.FindAsync("move", VersionOptions.Latest, default))!.Name);
        second.Revision = 0;
        Assert.Equal("second", (await Publisher.SaveDraftAsync(second)).Name);
    }

    [Fact]
    public async Task What_code_defines_is_changed_in_code_only()
    {
        await Definitions.SaveDraftAsync(A.Definition("move", Says("move", "one")) with { MaterializerName = "Clr" }, null, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => SaveAsync(Says("move", "two")));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Get<IWorkflowDefinitionImporter>().ImportAsync(new SaveWorkflowDefinitionRequest { Model = JsonNode.Parse(Says("move", "two"))!.AsObject() }));
    }

    [Fact]
    public async Task Retracting_and_reverting_answer_with_the_version()
    {
        await SaveAsync(Says("move", "one"));
        await Publisher.PublishAsync("move");
        await SaveAsync(Says("move", "two"));
        await Publisher.PublishAsync("move");

        var draft = await Publisher.RevertVersionAsync("move", 1);
        Assert.Equal((3, false, true), (draft.Version, draft.IsPublished, draft.IsLatest));
        Assert.Contains("one", draft.StringData!, StringComparison.Ordinal);
        Assert.Equal(2, (await Publisher.RetractAsync("move"))!.Version);
        Assert.Null(await Publisher.RetractAsync("move"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Publisher.RevertVersionAsync("move", 9));
    }

    [Fact]
    public async Task An_import_is_a_draft_unless_it_is_to_be_published()
    {
        var importer = Get<IWorkflowDefinitionImporter>();
        JsonObject model = JsonNode.Parse(Says("imported", "one"))!.AsObject();
        model["id"] = "";
        model["version"] = 7;
        model["isPublished"] = true;

        var draft = await importer.ImportAsync(new SaveWorkflowDefinitionRequest { Model = model });
        Assert.Equal((true, 1, false), (draft.Succeeded, draft.WorkflowDefinition.Version, draft.WorkflowDefinition.IsPublished));
        var published = await importer.ImportAsync(new SaveWorkflowDefinitionRequest { Model = model, Publish = true });
        Assert.Equal((true, 1, true), (published.Succeeded, published.WorkflowDefinition.Version, published.WorkflowDefinition.IsPublished));

        model["name"] = "bad";
        var refused = await importer.ImportAsync(new SaveWorkflowDefinitionRequest { Model = model, Publish = true });
        Assert.Equal((false, 2, false), (refused.Succeeded, refused.WorkflowDefinition.Version, refused.WorkflowDefinition.IsPublished));
        Assert.NotEmpty(refused.ValidationErrors);
    }

    private Task<WorkflowDefinition> SaveAsync(string json) => Publisher.SaveDraftAsync(new WorkflowDefinition { DefinitionId = "move", Name = "Move", StringData = json });
}
