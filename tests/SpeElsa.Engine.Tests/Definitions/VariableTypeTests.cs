using System.Text.Json.Nodes;
using Elsa.Workflows.Memory;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>The types that variables, inputs and outputs may have, and their names in definitions.</summary>
public sealed class VariableTypeTests
{
    private static readonly JsonObject[] Recorded = [.. JsonNode.Parse(Samples.Text("descriptors-variables.json"))!.AsArray().Cast<JsonObject>()];

    [Fact]
    public void The_types_of_Elsas_core_are_offered_under_its_names_and_categories()
    {
        // Types of other modules, which Elsa names by their classes, come with those modules.
        var expected = Recorded.Where(type => !((string)type["typeName"]!).Contains(',', StringComparison.Ordinal)).Select(type => ((string)type["typeName"]!, (string)type["category"]!));

        Assert.Equal(expected, new TypeAliases().Offered.Select(type => (type.Alias, type.Category!)));
    }

    [Theory]
    [InlineData("List<String>", typeof(ICollection<string>))]
    [InlineData("String[]", typeof(ICollection<string>))]
    [InlineData("List<Int32[]>", typeof(ICollection<ICollection<int>>))]
    [InlineData("System.Guid, System.Private.CoreLib, Version=10.0.0.0", typeof(Guid))]
    public void Both_forms_of_a_list_and_long_names_of_known_types_are_understood(string name, Type expected) => Assert.Equal(expected, Samples.Aliases.Resolve(name));

    [Fact]
    public void An_unknown_name_is_read_as_Object_and_told_apart()
    {
        Assert.False(Samples.Aliases.TryResolve("Acme.Order, Acme", out var type));
        Assert.Equal(typeof(object), type);
        Assert.True(Samples.Aliases.TryResolve(null, out _));
    }

    [Fact]
    public async Task A_host_adds_a_type_under_an_alias()
    {
        await using var services = new ServiceCollection().AddVariableType<Order>("Shop", description: "What somebody wants").AddWorkflowEngine().BuildServiceProvider();
        var aliases = services.GetRequiredService<TypeAliases>();

        Assert.Equal("Shop", Assert.Single(aliases.Offered, type => type.Type == typeof(Order)).Category);
        var graph = services.GetRequiredService<DefinitionReader>().Read(A.Sequence("x").Variable("Order", "Order", """{"item":"tea"}""").With(A.Line("a")).ToJson(), new("x", 1, "v1"));
        Assert.Equal("tea", Assert.IsType<Order>(Assert.IsType<Variable<Order>>(Assert.Single(graph.Workflow.Variables)).Value).Item);
        Assert.Contains("\"typeName\": \"Order\"", services.GetRequiredService<DefinitionWriter>().Write(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "WorkflowInstanceStorageDriver")]
    [InlineData("MemoryStorageDriver", "MemoryStorageDriver")]
    [InlineData("Elsa.Workflows.Services.WorkflowStorageDriver, Elsa.Workflows.Core", "WorkflowStorageDriver")]
    public void A_storage_driver_is_written_by_its_short_name(string read, string written)
    {
        var definition = (JsonObject)JsonNode.Parse(A.Sequence("x").Variable("X").With(A.Line("a")).ToJson())!;
        definition["variables"]![0]!["storageDriverTypeName"] = read;

        Assert.Equal(written, (string)JsonNode.Parse(Samples.Writer.Write(Samples.Read(definition.ToJsonString())))!["variables"]![0]!["storageDriverTypeName"]!);
    }

    private sealed record Order(string Item);
}
