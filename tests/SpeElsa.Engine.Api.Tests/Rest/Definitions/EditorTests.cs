using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>Several editors at once: nobody's work is overwritten unseen, and nobody is refused for work of his own.</summary>
public sealed class EditorTests : DefinitionTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_saves_second_is_refused_and_told_what_to_do(bool isPublished)
    {
        await SaveAsync(Model("flow"), isPublished);
        JsonObject one = await OpenAsync("flow"), other = await OpenAsync("flow");
        await SaveAsync(Edited(one, "mine"));

        foreach (var publish in new[] { false, true })
        {
            using var refused = await PostAsync("workflow-definitions", SaveRequest(Edited(other, "theirs"), publish));
            var words = await RefusalAsync(refused, 400);
            Assert.Contains("not saved", words, StringComparison.Ordinal);
            Assert.Contains("reload", words, StringComparison.Ordinal);
        }

        Assert.Equal("mine", TextOf(await OpenAsync("flow")));
        Assert.Equal("theirs", TextOf(await SaveAsync(Edited(await OpenAsync("flow"), "theirs"))));
    }

    [Fact]
    public async Task One_editor_saves_as_often_as_it_likes_from_each_reply()
    {
        await SaveAsync(Model("flow"), publish: true);
        var model = await OpenAsync("flow");
        foreach (var text in new[] { "a", "b", "c" })
        {
            model = await SaveAsync(Edited(model, text));
            Assert.Equal((2, text), ((int)model["version"]!, TextOf(model)));
        }

        model = await SaveAsync(Edited(model, "d"), publish: true);
        Assert.Equal(3, (int)(await SaveAsync(Edited(model, "e")))["version"]!);
    }

    [Fact]
    public async Task An_editor_that_saves_again_before_it_has_the_reply_is_not_taken_for_another()
    {
        await SaveAsync(Model("flow"), publish: true);
        var model = await OpenAsync("flow");
        await SaveAsync(Edited(model, "a"));
        await SaveAsync(Edited(model, "b"));

        Assert.Equal("c", TextOf(await SaveAsync(Edited(model, "c"))));
        Assert.Equal(2, (int)(await OpenAsync("flow"))["version"]!);
    }

    [Fact]
    public async Task After_somebody_elses_save_an_editor_is_refused_although_it_had_saved_before()
    {
        await SaveAsync(Model("flow"));
        var model = await OpenAsync("flow");
        await SaveAsync(Edited(model, "a"));
        await SaveAsync(Edited(await OpenAsync("flow"), "other"));

        using var refused = await PostAsync("workflow-definitions", SaveRequest(Edited(model, "b")));

        await RefusalAsync(refused, 400);
        Assert.Equal("other", TextOf(await OpenAsync("flow")));
    }

    [Fact]
    public async Task A_definition_that_was_deleted_meanwhile_does_not_come_back_by_an_automatic_save()
    {
        await SaveAsync(Model("flow"));
        var model = await OpenAsync("flow");
        using (await SendAsync(HttpMethod.Delete, "workflow-definitions/flow"))
        {
        }

        using var refused = await PostAsync("workflow-definitions", SaveRequest(Edited(model, "a")));

        Assert.Contains("deleted", await RefusalAsync(refused, 400), StringComparison.Ordinal);
        Assert.Equal(0, await Store.CountAsync(default));
    }

    [Fact]
    public async Task A_rollback_is_not_overwritten_by_an_editor_that_was_open()
    {
        await SaveAsync(Model("flow", text: "one"), publish: true);
        var model = await OpenAsync("flow");
        model = await SaveAsync(Edited(model, "two"));
        await SendAsync("workflow-definitions/flow/revert/1", new JsonObject());

        using var refused = await PostAsync("workflow-definitions", SaveRequest(Edited(model, "three")));

        await RefusalAsync(refused, 400);
        Assert.Equal("one", TextOf(await OpenAsync("flow")));
    }

    [Fact]
    public async Task A_publication_by_somebody_else_takes_nothing_from_an_editor()
    {
        await SaveAsync(Model("flow"));
        var model = await OpenAsync("flow");
        await SendAsync("workflow-definitions/flow/publish", new JsonObject());

        Assert.Equal((2, "a"), ((int)(await SaveAsync(Edited(model, "a")))["version"]!, TextOf(await OpenAsync("flow"))));
    }

    [Fact]
    public async Task Saving_under_another_name_is_a_new_definition()
    {
        await SaveAsync(Model("flow"));
        var copy = await OpenAsync("flow");
        copy["definitionId"] = null;
        copy["name"] = "copy";

        var saved = await SaveAsync(copy);

        Assert.NotEqual("flow", (string)saved["definitionId"]!);
        Assert.Equal((1, "copy"), ((int)saved["version"]!, (string)saved["name"]!));
    }

    [Fact]
    public async Task A_client_that_says_nothing_of_versions_replaces_what_is_stored()
    {
        await SaveAsync(Model("flow"));

        Assert.Equal("two", TextOf(await SaveAsync(Edited(Model("flow"), "two"))));
    }

    [Fact]
    public async Task A_client_that_only_knows_version_ids_is_refused_when_its_version_is_not_the_latest()
    {
        var first = await SaveAsync(Model("flow"), publish: true);
        await SaveAsync(Edited(first, "two"));
        var model = Model("flow");
        model["id"] = (string)first["id"]!;

        using var refused = await PostAsync("workflow-definitions", SaveRequest(model));
        await RefusalAsync(refused, 400);

        model["id"] = "an-id-of-another-server";
        Assert.Equal("'hello'", TextOf(await SaveAsync(model)));
    }

    [Fact]
    public async Task The_mark_of_an_editor_is_in_no_export_and_not_stored()
    {
        await SaveAsync(await SaveAsync(Model("flow")));

        Assert.DoesNotContain("SpeElsa.Editing", (await Store.FindAsync("flow", Elsa.Common.Models.VersionOptions.Latest, default))!.Json, StringComparison.Ordinal);
        Assert.DoesNotContain("SpeElsa.Editing", await Client.GetStringAsync("/elsa/api/workflow-definitions/flow/export"), StringComparison.Ordinal);
    }
}
