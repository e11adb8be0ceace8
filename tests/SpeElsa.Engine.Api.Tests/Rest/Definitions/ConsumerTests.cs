using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>Workflows that use others as activities.</summary>
public sealed class ConsumerTests : DefinitionTest
{
    [Fact]
    public async Task Who_uses_a_workflow_is_found_and_brought_to_its_newest_version()
    {
        var first = await SaveAsync(Part("one"), publish: true);
        await SaveAsync(Whole(first), publish: true);
        await SaveAsync(Model("stranger"));
        var second = await SaveAsync(Edited(first, "two"), publish: true);

        Assert.Equal(["whole"], (await GetAsync("workflow-definitions/part/consumers"))!["consumingWorkflowDefinitionIds"]!.AsArray().Select(id => (string)id!));
        var answer = (await SendAsync("workflow-definitions/part/update-references", new JsonObject()))!;

        Assert.Equal(["whole"], answer["affectedWorkflows"]!.AsArray().Select(id => (string)id!));
        var whole = await OpenAsync("whole");
        Assert.Equal((2, true, (string)second["id"]!), ((int)whole["version"]!, (bool)whole["isPublished"]!, (string)whole["root"]!["activities"]![1]!["workflowDefinitionVersionId"]!));
        Assert.Empty((await SendAsync("workflow-definitions/part/update-references"))!["affectedWorkflows"]!.AsArray());
    }

    [Fact]
    public async Task A_published_part_is_an_activity_type_as_long_as_it_is_published()
    {
        await SaveAsync(Part("one"), publish: true);
        Assert.Contains("Part", await TypesAsync());

        await SendAsync("workflow-definitions/part/retract", new JsonObject());
        Assert.DoesNotContain("Part", await TypesAsync());
    }

    [Fact]
    public async Task A_part_of_a_version_is_read_through_what_it_uses()
    {
        var part = await SaveAsync(Part("one"), publish: true);
        var whole = await SaveAsync(Whole(part));
        const string Inner = "Workflow1:Flowchart1:Part1:Workflow1:Flowchart1";

        var root = (await GetAsync($"workflow-definitions/subgraph/{whole["id"]}"))!;
        var graph = (await GetAsync($"workflow-definitions/subgraph/{whole["id"]}?parentNodeId={Inner}"))!;
        var segments = (await GetAsync($"workflow-definitions/subgraph/segments/{whole["id"]}?childNodeId={Inner}:WriteLine1"))!;

        Assert.Equal(("Workflow1:Flowchart1", "Root"), ((string)root["nodeId"]!, (string)root["port"]!));
        Assert.Equal((Inner, "Root"), ((string)graph["nodeId"]!, (string)graph["port"]!));
        Assert.Equal($"{Inner}:WriteLine1", (string)graph["activity"]!["activities"]![0]!["nodeId"]!);
        Assert.Equal("Workflow1:Flowchart1:Part1:Workflow1", (string)segments["container"]!["nodeId"]!);
        Assert.Equal(["Workflow1:Flowchart1:Part1", "Workflow1:Flowchart1:Part1:Workflow1"], segments["pathSegments"]!.AsArray().Select(segment => (string)segment!["activityNodeId"]!));
    }

    [Fact]
    public async Task The_way_to_a_nested_activity_names_what_has_to_be_stepped_into()
    {
        var model = Model("flow");
        model["root"]!["activities"]!.AsArray().Add(A.If("If1", "true", A.Chart("Inner1", [A.Line("Line1")])));
        var saved = await SaveAsync(model);

        var segments = (await GetAsync($"workflow-definitions/subgraph/segments/{saved["id"]}?childNodeId=Workflow1:Flowchart1:If1:Inner1:Line1"))!;

        Assert.Equal("Workflow1:Flowchart1:If1", (string)segments["container"]!["nodeId"]!);
        var segment = Assert.Single(segments["pathSegments"]!.AsArray())!;
        Assert.Equal(("If1", "Elsa.If", "Then"), ((string)segment["activityId"]!, (string)segment["activityType"]!, (string)segment["portName"]!));
    }

    private static JsonObject Part(string text)
    {
        var model = Model("part", "Part", text: $"'{text}'");
        model["options"] = new JsonObject { ["usableAsActivity"] = true };
        return model;
    }

    private static JsonObject Whole(JsonObject part)
    {
        var model = Model("whole");
        model["root"]!["activities"]!.AsArray().Add(new JsonObject
        {
            ["id"] = "Part1",
            ["type"] = "Part",
            ["version"] = (int)part["version"]!,
            ["workflowDefinitionId"] = "part",
            ["workflowDefinitionVersionId"] = (string)part["id"]!,
        });
        model["root"]!["connections"] = new JsonArray(A.Connection("WriteLine1 -> Part1"));
        return model;
    }

    private async Task<string[]> TypesAsync() => [.. (await GetAsync("descriptors/activities?Refresh=True"))!["items"]!.AsArray().Select(item => (string)item!["typeName"]!)];
}
