using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

public sealed class SavingTests : DefinitionTest
{
    [Fact]
    public async Task What_Studio_sends_for_a_new_workflow_is_saved_and_answered_with_everything_it_reads()
    {
        var root = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1" };
        var sent = JsonNode.Parse("""
            {"definitionId":null,"name":"Workflow 1","description":null,"toolVersion":"3.8.0.0","variables":null,"inputs":null,"outputs":null,"outcomes":null,
            "customProperties":null,"isReadonly":false,"options":null,"links":null,"createdAt":"0001-01-01T00:00:00+00:00","version":1,"isLatest":true,
            "isPublished":false,"id":null}
            """)!;
        sent["root"] = root;

        var saved = await SaveAsync(sent);

        Assert.NotEmpty((string)saved["definitionId"]!);
        Assert.Equal((1, true, false), ((int)saved["version"]!, (bool)saved["isLatest"]!, (bool)saved["isPublished"]!));
        Assert.All(new[] { "variables", "inputs", "outputs", "outcomes" }, name => Assert.Empty(saved[name]!.AsArray()));
        Assert.False((bool)saved["options"]!["autoUpdateConsumingWorkflows"]!);
        Assert.Equal("Workflow1:Flowchart1", (string)saved["root"]!["nodeId"]!);
        Assert.Contains("publish", saved["links"]!.AsArray().Select(link => (string)link!["rel"]!));
        Assert.Equal((string)saved["definitionId"]!, (string)(await OpenAsync((string)saved["definitionId"]!))["definitionId"]!);
    }

    [Fact]
    public async Task A_draft_is_changed_in_place_and_a_published_version_is_followed_by_a_new_one()
    {
        var first = await SaveAsync(Model("flow"));
        var second = await SaveAsync(Edited(first, "two"), publish: true);
        var third = await SaveAsync(Edited(second, "three"));

        Assert.Equal([1, 1, 2], [(int)first["version"]!, (int)second["version"]!, (int)third["version"]!]);
        Assert.Equal("two", TextOf((await GetAsync("workflow-definitions/by-definition-id/flow?versionOptions=Published"))!));
        Assert.Equal("three", TextOf(await OpenAsync("flow")));
        Assert.Equal("two", TextOf((await GetAsync($"workflow-definitions/by-id/{second["id"]}"))!));
    }

    [Fact]
    public async Task Everything_that_was_sent_comes_back()
    {
        var model = Model("flow");
        model["somethingNew"] = new JsonObject { ["a"] = 1 };
        model["customProperties"] = new JsonObject { ["VariableTestValues"] = new JsonObject { ["v"] = "1" } };
        model["root"]!["activities"]![0]!["metadata"] = JsonNode.Parse("""{"designer":{"position":{"x":12.5,"y":-3},"size":{"width":150,"height":50}},"note":"kept"}""");
        model["root"]!["activities"]![0]!["whatIsThis"] = new JsonArray(1, "two", null);
        model["root"]!["connections"] = JsonNode.Parse("""[{"source":{"activity":"WriteLine1","port":"Done"},"target":{"activity":"WriteLine1","port":"In"},"vertices":[{"x":1,"y":2}]}]""");

        var saved = await SaveAsync(model);

        foreach (var read in new[] { saved, await OpenAsync("flow") })
        {
            Assert.True(JsonNode.DeepEquals(model["somethingNew"], read["somethingNew"]));
            Assert.True(JsonNode.DeepEquals(model["customProperties"]!["VariableTestValues"], read["customProperties"]!["VariableTestValues"]));
            Assert.True(JsonNode.DeepEquals(model["root"]!["connections"], read["root"]!["connections"]));
            Assert.True(JsonNode.DeepEquals(model["root"]!["activities"]![0]!["metadata"], read["root"]!["activities"]![0]!["metadata"]));
            Assert.True(JsonNode.DeepEquals(model["root"]!["activities"]![0]!["whatIsThis"], read["root"]!["activities"]![0]!["whatIsThis"]));
        }
    }

    [Fact]
    public async Task A_draft_that_can_not_be_published_is_kept_and_the_reasons_are_told()
    {
        var opened = await SaveAsync(Model("flow"));
        var broken = (JsonObject)opened.DeepClone();
        broken["root"]!["activities"]![0]!["text"] = A.JavaScript("1 +");

        using var response = await PostAsync("workflow-definitions", SaveRequest(broken, publish: true));

        Assert.Contains("WriteLine1", await RefusalAsync(response, 400), StringComparison.Ordinal);
        Assert.Equal("1 +", TextOf(await OpenAsync("flow")));
        Assert.Null(await Store.FindAsync("flow", VersionOptions.Published, default));
        Assert.Equal("good", TextOf(await SaveAsync(Edited(broken, "good"), publish: true)));
    }

    [Fact]
    public async Task A_new_definition_that_can_not_be_published_leaves_nothing_behind()
    {
        using var response = await PostAsync("workflow-definitions", SaveRequest(Model(null, "New", "1 +"), publish: true));

        await RefusalAsync(response, 400);
        Assert.Equal(0, await Store.CountAsync(default));
    }

    [Fact]
    public async Task What_is_doubtful_is_told_and_published()
    {
        var model = Model("flow");
        model["root"]!["activities"]!.AsArray().Add(new JsonObject { ["id"] = "Odd1", ["type"] = "Nowhere.Odd", ["version"] = 1 });

        var answer = (await SendAsync("workflow-definitions", SaveRequest(model, publish: true)))!;

        Assert.True((bool)answer["workflowDefinition"]!["isPublished"]!);
        Assert.Contains(answer["warnings"]!.AsArray(), warning => (string?)warning!["activityId"] == "Odd1");
    }

    [Fact]
    public async Task What_Studio_does_not_know_of_is_not_lost_when_Studio_saves()
    {
        var model = Model("flow");
        model["isSystem"] = true;
        model["$schema"] = "some";
        await SaveAsync(model);

        var sent = await OpenAsync("flow");
        sent.Remove("isSystem");
        sent.Remove("$schema");
        var saved = await SaveAsync(Edited(sent, "two"));

        Assert.True((bool)saved["isSystem"]!);
        Assert.Contains("$schema", (await Store.FindAsync("flow", VersionOptions.Latest, default))!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_definition_is_neither_saved_nor_published_nor_deleted()
    {
        var model = Model("flow");
        model["isReadonly"] = true;
        await SaveAsync(model);

        var opened = await OpenAsync("flow");
        Assert.DoesNotContain("publish", opened["links"]!.AsArray().Select(link => (string)link!["rel"]!));
        using var save = await PostAsync("workflow-definitions", SaveRequest(Edited(opened, "two")));
        Assert.Contains("locked", await RefusalAsync(save, 400), StringComparison.Ordinal);
        using var publish = await PostAsync("workflow-definitions/flow/publish");
        await RefusalAsync(publish, 400);
        using var delete = await SendAsync(HttpMethod.Delete, "workflow-definitions/flow");
        await RefusalAsync(delete, 400);
        Assert.Equal("'hello'", TextOf(await OpenAsync("flow")));
    }

    [Fact]
    public async Task A_version_that_an_unfinished_run_is_bound_to_is_not_deleted()
    {
        var model = Model("flow");
        model["root"]!["activities"]!.AsArray().Add(A.Event("Event1", "Go"));
        model["root"]!["connections"] = new JsonArray(A.Connection("WriteLine1 -> Event1"));
        var saved = await SaveAsync(model, publish: true);
        using var run = await PostAsync("workflow-definitions/flow/execute");
        Assert.True(run.IsSuccessStatusCode);

        using var whole = await SendAsync(HttpMethod.Delete, "workflow-definitions/flow");
        Assert.Contains("1 unfinished instance is", await RefusalAsync(whole, 409), StringComparison.Ordinal);
        using var version = await SendAsync(HttpMethod.Delete, $"workflow-definition-versions/{saved["id"]}");
        await RefusalAsync(version, 409);
        var bulk = await SendAsync("bulk-actions/delete/workflow-definitions/by-definition-id", new JsonObject { ["definitionIds"] = new JsonArray("flow", "nope") });
        Assert.Equal(0, (int)bulk!["deleted"]!);
        Assert.Contains("unfinished", (string)bulk["kept"]!["flow"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_makes_a_draft_of_the_old_version()
    {
        var first = await SaveAsync(Model("flow", text: "one"), publish: true);
        await SaveAsync(Edited(first, "two"), publish: true);

        using var response = await PostAsync("workflow-definitions/flow/revert/1", new JsonObject());
        var summary = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal((201, 3, false), ((int)response.StatusCode, (int)summary["version"]!, (bool)summary["isPublished"]!));
        Assert.Equal($"/elsa/api/workflow-definitions/by-id/{summary["id"]}", response.Headers.Location?.OriginalString);
        Assert.Equal("one", TextOf((await GetAsync($"workflow-definitions/by-id/{summary["id"]}"))!));
        using var unknown = await PostAsync("workflow-definitions/flow/revert/99", new JsonObject());
        Assert.Equal(404, (int)unknown.StatusCode);
    }
}
