using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>A workflow with an activity that this server does not have: the designer draws nothing of a graph with an unknown type in it.</summary>
public sealed class UnknownTypeTests : DefinitionTest
{
    private static JsonObject Unknown => new()
    {
        ["id"] = "Strange1",
        ["nodeId"] = "Workflow1:Flowchart1:Strange1",
        ["name"] = "Strange1",
        ["type"] = "Somebody.Elses",
        ["version"] = 3,
        ["customProperties"] = new JsonObject(),
        ["metadata"] = new JsonObject { ["displayText"] = "Something strange", ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 10, ["y"] = 20 } } },
        ["setting"] = A.Text("kept"),
    };

    [Fact]
    public async Task It_is_shown_as_a_stand_in_that_names_it()
    {
        await SaveAsync(WithUnknown());

        var shown = (await OpenAsync("strange"))["root"]!["activities"]![1]!;
        Assert.Equal("Elsa.NotFoundActivity", (string)shown["type"]!);
        Assert.Equal(("Somebody.Elses", 3), ((string)shown["missingTypeName"]!, (int)shown["missingTypeVersion"]!));
        Assert.Equal(("Strange1", "Workflow1:Flowchart1:Strange1"), ((string)shown["id"]!, (string)shown["nodeId"]!));
        Assert.Equal("Something strange", (string)shown["metadata"]!["displayText"]!);
        Assert.Contains("kept", (string)shown["originalActivityJson"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_watched_with_it_as_well()
    {
        var saved = await SaveAsync(WithUnknown());

        var part = await GetAsync($"workflow-definitions/subgraph/{saved["id"]}");
        Assert.Equal("Elsa.NotFoundActivity", (string)part!["activity"]!["activities"]![1]!["type"]!);
    }

    [Fact]
    public async Task It_is_stored_as_it_was_and_takes_only_its_new_place()
    {
        await SaveAsync(WithUnknown());
        var shown = await OpenAsync("strange");
        shown["root"]!["activities"]![1]!["metadata"]!["designer"]!["position"]!["x"] = 500;
        await SaveAsync(shown);

        var expected = Unknown;
        expected["metadata"]!["designer"]!["position"]!["x"] = 500;
        var stored = DefinitionJson.Parse((await Store.FindAsync("strange", VersionOptions.Latest, TestContext.Current.CancellationToken))!.Json);
        Assert.True(JsonNode.DeepEquals(expected, stored["root"]!["activities"]![1]), stored.ToJsonString());
    }

    [Fact]
    public async Task A_value_that_looks_like_an_activity_stays_what_it_is()
    {
        var model = Model("values");
        var value = JsonNode.Parse("""{"id":"42","type":"order"}""")!;
        model["root"]!["activities"]![0]!["text"] = new JsonObject
        {
            ["typeName"] = "String",
            ["expression"] = new JsonObject { ["type"] = "Object", ["value"] = value },
        };
        await SaveAsync(model);

        Assert.Equal(value.ToJsonString(), (await OpenAsync("values"))["root"]!["activities"]![0]!["text"]!["expression"]!["value"]!.ToJsonString());
    }

    private static JsonObject WithUnknown()
    {
        var model = Model("strange");
        model["root"]!["activities"]!.AsArray().Add(Unknown);
        return model;
    }
}
