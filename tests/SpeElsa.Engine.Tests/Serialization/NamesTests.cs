using System.Dynamic;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Serialization;

/// <summary>What names stand in stored data: those of the formats, never those of classes.</summary>
public sealed partial class NamesTests : EngineTest
{
    [Fact]
    public async Task No_class_names_are_stored()
    {
        var id = await StartAsync(A.Parallel("names").Variable("At", "DateTimeOffset").Variable("Map", "ObjectMap").Variable("List", "String[]").With(
            A.Set("at", "At", "new Date(0)", "DateTimeOffset"),
            A.Set("map", "Map", "({ a: [1] })", "ObjectMap"),
            A.Set("list", "List", "['x']", "String[]"),
            A.Chart("chart", [A.Line("line"), A.Event("event", "go")], "line -> event"),
            A.Delay("delay", TimeSpan.FromDays(1)),
            A.Node("two", "Test.TwoOutputs", ("value", A.JavaScript("'x'")))));
        await Host.WaitForBookmarkOfAsync(id, "delay", "Elsa.Delay");

        var stored = new StringBuilder(EngineJson.Write(await Host.StateAsync(id)));
        foreach (var row in await Host.JournalAsync(id))
        {
            stored.AppendLine(EngineJson.Write(row));
        }

        foreach (var bookmark in (await Host.StateAsync(id)).Bookmarks)
        {
            stored.AppendLine((await Host.Reader.FindBookmarkAsync(bookmark.Id, default))!.Payload);
        }

        Assert.DoesNotMatch(ClassName(), stored.ToString());
    }

    [Theory]
    [InlineData("String", typeof(string))]
    [InlineData("string", typeof(string))]
    [InlineData("Int64", typeof(long))]
    [InlineData("Long", typeof(long))]
    [InlineData("JSON", typeof(ExpandoObject))]
    [InlineData("JsonArray", typeof(JsonArray))]
    [InlineData("Int32[]", typeof(ICollection<int>))]
    [InlineData("System.Int32, System.Private.CoreLib", typeof(int))]
    [InlineData("Acme.Unknown, Acme", typeof(object))]
    [InlineData("", typeof(object))]
    [InlineData(null, typeof(object))]
    public void A_stored_type_name_is_understood(string? name, Type expected) => Assert.Equal(expected, new TypeAliases().Resolve(name));

    [Theory]
    [InlineData(typeof(int?), "Int32")]
    [InlineData(typeof(string[]), "String[]")]
    [InlineData(typeof(List<DateTimeOffset>), "DateTimeOffset[]")]
    [InlineData(typeof(ICollection<int>), "Int32[]")]
    [InlineData(typeof(byte[]), "ByteArray")]
    [InlineData(typeof(NamesTests), "Object")]
    public void A_type_has_a_stored_name(Type type, string expected) => Assert.Equal(expected, new TypeAliases().NameOf(type));

    [Fact]
    public void Every_alias_is_understood_again()
    {
        var aliases = new TypeAliases();
        foreach (var type in new[] { typeof(object), typeof(bool), typeof(decimal), typeof(Guid), typeof(TimeSpan), typeof(JsonNode), typeof(Dictionary<string, string>) })
        {
            Assert.Equal(type, aliases.Resolve(aliases.NameOf(type)));
        }
    }

    [Fact]
    public void Equal_stimuli_have_equal_hashes_whatever_the_order_of_their_properties()
    {
        var one = StimulusHash.Compute("n", JsonNode.Parse("""{"a":1,"b":{"x":[1,2],"y":null}}"""));

        Assert.Equal(one, StimulusHash.Compute("n", JsonNode.Parse("""{"b":{"y":null,"x":[1,2]},"a":1}""")));
        Assert.Equal(one, StimulusHash.Compute("n", EngineJson.Read<object>("""{"b":{"x":[1,2],"y":null},"a":1}""")));
        Assert.Matches("^[0-9A-F]{64}$", one);
    }

    [Theory]
    [InlineData("m", """{"a":1}""", null)]
    [InlineData("n", """{"a":2}""", null)]
    [InlineData("n", """{"b":1}""", null)]
    [InlineData("n", """{"a":"1"}""", null)]
    [InlineData("n", """[{"a":1}]""", null)]
    [InlineData("n", """{"a":1}""", "e1")]
    public void Different_stimuli_have_different_hashes(string name, string payload, string? execution) => Assert.NotEqual(
        StimulusHash.Compute("n", JsonNode.Parse("""{"a":1}""")), StimulusHash.Compute(name, JsonNode.Parse(payload), execution));

    [Fact]
    public void The_hash_of_an_event_is_part_of_the_stored_format() => Assert.Equal(
        StimulusHash.Compute("Elsa.Event", JsonNode.Parse("""{"eventName":"go"}""")), StimulusHash.Compute("Elsa.Event", new EventStimulus("go")));

    /// <summary>A name with the namespace of a class, or the assembly-qualified form. Activity types such as "Elsa.Event" have one dot and are format names.</summary>
    [GeneratedRegex(@"\b(System|Microsoft|Jint|SpeElsa|Elsa\.(Workflows|Expressions|Scheduling|Extensions))\.[A-Z]|, (System|Elsa|SpeElsa)\.|`\d|\$type")]
    private static partial Regex ClassName();
}
