using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Management;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class DefinitionJsonTests
{
    [Theory]
    [InlineData("management-060-export.json")]
    [InlineData("management-062-bulk-export.json")]
    [InlineData("management-063-import.json")]
    public void An_export_is_the_same_after_an_import(string sample)
    {
        var first = DefinitionJson.Export(DefinitionJson.ToDraft(DefinitionJson.Parse(Read(sample)), null, A.Moment));
        var imported = DefinitionJson.ToDraft(DefinitionJson.Parse(first), null, A.Moment.AddDays(9)) with { Id = "another", Version = 12, IsPublished = true };

        Assert.Equal(first, DefinitionJson.Export(imported));
    }

    [Fact]
    public void Equal_definitions_give_equal_bytes_whatever_the_order_of_their_keys()
    {
        var model = DefinitionJson.Parse(Read("management-060-export.json"));

        Assert.Equal(Export(model), Export((JsonObject)Reversed(model)!));

        static string Export(JsonObject definition) => DefinitionJson.Export(DefinitionJson.ToDraft(definition, null, A.Moment));

        static JsonNode? Reversed(JsonNode? node) => node switch
        {
            JsonObject value => new JsonObject(value.Reverse().Select(pair => KeyValuePair.Create(pair.Key, Reversed(pair.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Reversed)]),
            _ => node?.DeepClone(),
        };
    }

    [Fact]
    public void An_export_names_nothing_of_this_server_and_has_all_the_rest()
    {
        var model = DefinitionJson.Parse(Read("management-060-export.json"));
        var export = DefinitionJson.Parse(DefinitionJson.Export(DefinitionJson.ToDraft(model, null, A.Moment)));

        Assert.Equal(["id", "createdAt", "version", "isLatest", "isPublished"], model.Select(pair => pair.Key).Except(export.Select(pair => pair.Key)));
        foreach (var (name, value) in export)
        {
            Assert.True(JsonNode.DeepEquals(model[name], value), name);
        }
    }

    [Fact]
    public void A_composed_definition_says_what_the_store_knows_and_keeps_what_the_designer_wrote()
    {
        var model = DefinitionJson.Parse(
            """
            { "version": 9, "isPublished": true, "links": [1], "name": "Old", "ours": { "kept": [null, 1.50] },
              "root": { "id": "f", "type": "Elsa.Flowchart", "nodeId": "wrong", "metadata": { "designer": { "id": "x", "type": "y" } },
                "activities": [ { "id": "i", "type": "Elsa.If", "then": { "id": "s", "type": "Elsa.Sequence", "activities": [ { "id": "l", "type": "Elsa.WriteLine" } ] } } ],
                "connections": [ { "source": { "activity": "i", "port": "Done" }, "target": { "activity": "i", "port": "In" }, "vertices": [ { "x": 1, "y": 2 } ] } ] } }
            """);

        var composed = DefinitionJson.Compose(
            DefinitionJson.ToDraft(model, "move", A.Moment) with { Id = "v3", Version = 3, Name = "New", IsLatest = true });

        Assert.Equal(("v3", "move", "New", 3), ((string)composed["id"]!, (string)composed["definitionId"]!, (string)composed["name"]!, (int)composed["version"]!));
        Assert.Equal((true, false), ((bool)composed["isLatest"]!, (bool)composed["isPublished"]!));
        Assert.Equal(A.Moment, (DateTimeOffset)composed["createdAt"]!);
        Assert.Null(composed["links"]);
        Assert.Equal("""{"kept":[null,1.50]}""", composed["ours"]!.ToJsonString());
        Assert.Equal("""[{"x":1,"y":2}]""", composed["root"]!["connections"]![0]!["vertices"]!.ToJsonString());
        Assert.Equal("Workflow1:f", (string)composed["root"]!["nodeId"]!);
        Assert.Equal("Workflow1:f:i:s:l", (string)composed["root"]!["activities"]![0]!["then"]!["activities"]![0]!["nodeId"]!);
        Assert.Null(composed["root"]!["metadata"]!["designer"]!["nodeId"]);
    }

    [Fact]
    public void A_draft_knows_what_lists_filter_by()
    {
        var model = DefinitionJson.Parse(
            """{"definitionId":"a","description":"d","isReadonly":true,"isSystem":true,"toolVersion":"3.8.0.0","options":{"usableAsActivity":true}}""");
        var draft = DefinitionJson.ToDraft(model, null, A.Moment);

        Assert.Equal(("a", "a", "d", "3.8.0.0"), (draft.DefinitionId, draft.Name, draft.Description, draft.ToolVersion));
        Assert.True(draft is { IsReadonly: true, IsSystem: true, UsableAsActivity: true });
        Assert.Equal("b", DefinitionJson.ToDraft(DefinitionJson.Parse(draft.Json), "b", A.Moment).DefinitionId);
        Assert.Matches("^[0-9a-f]{16}$", DefinitionJson.ToDraft([], null, A.Moment).DefinitionId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public void What_is_no_object_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => DefinitionJson.Parse(json));

    private static string Read(string sample)
    {
        using var stream = typeof(DefinitionJsonTests).Assembly.GetManifestResourceStream(sample)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
