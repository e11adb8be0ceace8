using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

public sealed class BulkTests : DefinitionTest
{
    [Fact]
    public async Task Many_are_published_and_each_outcome_is_told()
    {
        await SaveAsync(Model("draft"));
        await SaveAsync(Model("done"), publish: true);
        await SaveAsync(Model("broken", text: "1 +"));
        var locked = Model("locked");
        locked["isReadonly"] = true;
        await SaveAsync(locked);

        var answer = (await SendAsync("bulk-actions/publish/workflow-definitions/by-definition-ids", Ids("draft", "done", "broken", "locked", "nope")))!;

        Assert.Equal(["draft"], List(answer, "published"));
        Assert.Equal(["done"], List(answer, "alreadyPublished"));
        Assert.Equal(["nope"], List(answer, "notFound"));
        Assert.Equal(["locked"], List(answer, "skipped"));
        Assert.Equal(["broken"], List(answer, "failed"));
        Assert.Empty(List(answer, "updatedConsumers"));
        Assert.NotEmpty(answer["errors"]!["broken"]!.AsArray());
        Assert.True((bool)(await OpenAsync("draft"))["isPublished"]!);
    }

    [Fact]
    public async Task Many_are_retracted_and_each_outcome_is_told()
    {
        await SaveAsync(Model("one"), publish: true);
        await SaveAsync(Model("two"));

        var answer = (await SendAsync("bulk-actions/retract/workflow-definitions/by-definition-ids", Ids("one", "two", "nope")))!;

        Assert.Equal(["one"], List(answer, "retracted"));
        Assert.Equal(["two"], List(answer, "alreadyRetracted"));
        Assert.Equal(["nope"], List(answer, "notFound"));
    }

    [Fact]
    public async Task Definitions_and_versions_are_deleted()
    {
        var old = await SaveAsync(Model("one"), publish: true);
        await SaveAsync(Edited(old, "two"), publish: true);
        await SaveAsync(Model("two"));

        var versions = (await SendAsync("bulk-actions/delete/workflow-definitions/by-id", new JsonObject { ["ids"] = new JsonArray((string)old["id"]!, "nope") }))!;
        Assert.Equal(1, (int)versions["deleted"]!);
        Assert.Equal("two", TextOf(await OpenAsync("one")));

        Assert.Equal(2, (int)(await SendAsync("bulk-actions/delete/workflow-definitions/by-definition-id", Ids("one", "two", "nope")))!["deleted"]!);
        Assert.Equal(0, await Store.CountAsync(default));
    }

    private static JsonObject Ids(params string[] ids) => new() { ["definitionIds"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };

    private static string[] List(JsonNode answer, string name) => [.. answer[name]!.AsArray().Select(id => (string)id!)];
}
