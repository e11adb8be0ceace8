using System.Text.Json.Nodes;
using CsCheck;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Whatever a definition holds, writing what was read gives it back, byte for byte the same each time.</summary>
public sealed class DefinitionRoundTripTests
{
    [Fact]
    public void A_definition_in_canonical_form_is_written_as_it_was_read() => Gen.Int.Array[0, 120].Sample(
        numbers =>
        {
            var json = new RandomDefinition(numbers).Make();

            var written = Samples.Writer.WriteContent(Samples.Reader.Read(json.ToJsonString(), new("random", 1, "v1")).Workflow);

            Assert.Equal(Sorted(json), Sorted(JsonNode.Parse(written)));
        },
        iter: 1000);

    [Fact]
    public void Reading_and_writing_twice_changes_nothing() => Gen.Int.Array[0, 120].Sample(
        numbers =>
        {
            var first = Samples.Read(new RandomDefinition(numbers).Make().ToJsonString());
            var once = Samples.Writer.Write(first);
            var second = Samples.Read(once);

            Assert.Equal(once, Samples.Writer.Write(second));
            Assert.Equal(first.Nodes.Select(node => node.NodeId), second.Nodes.Select(node => node.NodeId));
            Assert.Equal(DefinitionReader.ContentHash(once), DefinitionReader.ContentHash(Samples.Writer.Write(second)));
        },
        iter: 500);

    [Fact]
    public void Keys_stand_in_one_order_whatever_the_order_they_were_read_in()
    {
        var one = """{"root":{"type":"Elsa.WriteLine","id":"a","text":{"expression":{"value":"x","type":"Literal"}},"metadata":{"b":1,"a":{"d":1,"c":2}}},"name":"n","definitionId":"some"}""";
        var other = """{"definitionId":"some","name":"n","root":{"metadata":{"a":{"c":2,"d":1},"b":1},"id":"a","type":"Elsa.WriteLine","text":{"expression":{"type":"Literal","value":"x"}}}}""";

        Assert.Equal(Samples.Writer.Write(Samples.Read(one)), Samples.Writer.Write(Samples.Read(other)));
    }

    private static string Sorted(JsonNode? node) => CanonicalJson.Sort(node)!.ToJsonString(DefinitionJson.Indented);
}
