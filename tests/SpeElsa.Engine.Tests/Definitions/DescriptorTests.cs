using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;
using Elsa.Workflows.UIHints.CheckList;
using Elsa.Workflows.UIHints.CodeEditor;
using Elsa.Workflows.UIHints.Dropdown;
using Elsa.Workflows.UIHints.RadioList;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>What an author's class tells the designer.</summary>
public sealed class DescriptorTests
{
    [Fact]
    public void Names_are_made_readable_as_Elsa_does()
    {
        Assert.Equal("Wait for Link", new ActivityRegistry().Describe(typeof(WaitForLink)).DisplayName);
        Assert.Equal("Start at", new ActivityRegistry().Describe(typeof(StartAt)).DisplayName);
        Assert.Equal("HTTP Probe", new ActivityRegistry().Describe(typeof(HTTPProbe)).DisplayName);
    }

    [Fact]
    public void A_class_without_an_attribute_is_named_by_its_namespace_and_listed_under_the_last_part_of_it()
    {
        var descriptor = new ActivityRegistry().Describe(typeof(StartAt));

        Assert.Equal(("SpeElsa.Engine.Tests.Definitions.StartAt", "Definitions"), (descriptor.TypeName, descriptor.Category));
    }

    [Theory]
    [InlineData("color", """{"dropdown":{"selectList":{"items":[{"text":"Red","value":"Red"},{"text":"Blue","value":"Blue"}]}}}""")]
    [InlineData("verb", """{"dropdown":{"selectList":{"items":[{"text":"GET","value":"GET"},{"text":"POST","value":"POST"}]}}}""")]
    [InlineData("tags", """{"checklist":{"checkList":{"items":[{"text":"a","value":"a"},{"text":"b","value":"b"}],"isFlagsEnum":false}}}""")]
    [InlineData("days", """{"checklist":{"checkList":{"items":[{"text":"Monday","value":"Monday"},{"text":"Sunday","value":"Sunday"}],"isFlagsEnum":true}}}""")]
    [InlineData("size", """{"radiolist":{"radioList":{"items":[{"text":"S","value":"S"}],"isFlagsEnum":false}}}""")]
    [InlineData("script", """{"code-editor":{"language":"javascript"}}""")]
    [InlineData("settings", """{"code-editor":{"language":"json"}}""")]
    [InlineData("city", """{"dropdown":{"selectList":{"items":[{"text":"Oslo","value":"osl"}]}},"Refresh":true}""")]
    [InlineData("guests", """{"checklist":{"checkList":{"items":[{"text":"Ada","value":"ada"}],"isFlagsEnum":false}}}""")]
    [InlineData("rate", """{"radiolist":{"radioList":{"items":[{"text":"Full","value":"1"}],"isFlagsEnum":false}},"note":"n"}""")]
    [InlineData("query", """{"code-editor":{"editorHeight":1,"language":"sql"}}""")]
    [InlineData("plain", "{}")]
    public async Task An_editor_gets_what_it_needs(string input, string expected)
    {
        var model = await ModelAsync<WaitForLink>();

        var found = model["inputs"]!.AsArray().Single(candidate => ActivityTypeNames.JsonKey((string)candidate!["name"]!) == input)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), found["uiSpecifications"]), found["uiSpecifications"]!.ToJsonString());
    }

    [Fact]
    public async Task Inputs_are_described_with_all_their_attribute_says()
    {
        var model = await ModelAsync<WaitForLink>();

        var verb = model["inputs"]!.AsArray()[0]!;
        Assert.Equal(
            """{"isWrapped":true,"uiHint":"dropdown","category":"Request","defaultValue":"GET","defaultSyntax":"Liquid","isReadOnly":true,"isSensitive":true,"autoEvaluate":false,"name":"Verb","typeName":"String","displayName":"The verb","description":"How to ask","order":-1,"isBrowsable":true,"isSerializable":true,"isSynthetic":false}""",
            Without(verb, "uiSpecifications").ToJsonString());
        Assert.Equal("List<String>", (string)model["inputs"]!.AsArray().Single(input => (string)input!["name"]! == "Tags")!["typeName"]!);
        Assert.Equal("24", (string)model["inputs"]!.AsArray().Single(input => (string)input!["name"]! == "Hours")!["defaultValue"]!);
    }

    [Fact]
    public void A_hidden_class_is_not_browsable_and_its_run_mode_is_known()
    {
        var descriptor = new ActivityRegistry().Describe(typeof(HTTPProbe));

        Assert.False(descriptor.IsBrowsable);
        Assert.True(descriptor.RunAsynchronously);
        Assert.Equal(ActivityKind.Task, descriptor.Kind);
    }

    [Fact]
    public void A_modifier_changes_what_is_added()
    {
        var registry = new ActivityRegistry([new HideLines()]);

        Assert.False(registry.Find("Elsa.WriteLine")!.IsBrowsable);
        Assert.True(registry.Find("Elsa.Event")!.IsBrowsable);
    }

    [Fact]
    public async Task Types_of_a_provider_come_and_go_while_others_read()
    {
        var registry = new ActivityRegistry();
        var provider = new Changing();
        var reading = Task.Run(() => Enumerable.Range(0, 2000).All(_ => registry.Find("Elsa.WriteLine", 1) is not null && registry.ListAll().Count() > 5));
        for (var round = 0; round < 200; round++)
        {
            provider.Names = round % 2 == 0 ? ["One", "Two"] : ["Two", "Elsa.WriteLine"];
            await registry.RefreshDescriptorsAsync(provider);
        }

        Assert.True(await reading);
        Assert.Null(registry.Find("One"));
        Assert.Equal(["Two"], registry.ListByProvider(typeof(Changing)).Select(descriptor => descriptor.TypeName));
        Assert.Equal(typeof(Elsa.Workflows.Activities.WriteLine), registry.Find("Elsa.WriteLine")!.ClrType);
        registry.ClearProvider(typeof(Changing));
        Assert.Null(registry.Find("Two"));
    }

    private static async Task<JsonNode> ModelAsync<T>()
    {
        var services = new ServiceCollection().AddWorkflowEngine().BuildServiceProvider();
        var descriptor = services.GetRequiredService<ActivityRegistry>().Describe(typeof(T));
        return JsonNode.Parse(EngineJson.Write(await services.GetRequiredService<ActivityDescriptorModels>().CreateAsync(descriptor, default)))!;
    }

    private static JsonObject Without(JsonNode node, string key)
    {
        var copy = (JsonObject)node.DeepClone();
        copy.Remove(key);
        return copy;
    }

    private sealed class HideLines : IActivityDescriptorModifier
    {
        public void Modify(ActivityDescriptor descriptor)
        {
            if (descriptor.TypeName == "Elsa.WriteLine")
            {
                descriptor.IsBrowsable = false;
            }
        }
    }

    private sealed class Changing : IActivityProvider
    {
        public string[] Names { get; set; } = [];

        public ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default) =>
            new([.. Names.Select(name => new ActivityDescriptor { TypeName = name, Name = name, ClrType = typeof(Never) })]);
    }

    private enum Color
    {
        Red,
        Blue,
    }

    [Flags]
    private enum Days
    {
        Monday = 1,
        Sunday = 2,
    }

    [Activity("Test", "Test")]
    private sealed class WaitForLink : Activity
    {
        [Input(Order = 1)]
        public Input<Color> Color { get; set; } = null!;

        [Input(DisplayName = "The verb", Description = "How to ask", Category = "Request", Order = -1, UIHint = InputUIHints.DropDown,
            Options = new[] { "GET", "POST" }, DefaultValue = "GET", DefaultSyntax = "Liquid", IsReadOnly = true, CanContainSecrets = true, AutoEvaluate = false)]
        public Input<string> Verb { get; set; } = null!;

        [Input(UIHint = InputUIHints.CheckList, Options = new[] { "a", "b" })]
        public Input<ICollection<string>> Tags { get; set; } = null!;

        [Input(UIHint = InputUIHints.CheckList)]
        public Input<Days> Days { get; set; } = null!;

        [Input(UIHint = InputUIHints.RadioList, Options = new[] { "S" })]
        public Input<string> Size { get; set; } = null!;

        [Input(UIHint = InputUIHints.CodeEditor, DefaultSyntax = "JavaScript")]
        public Input<string> Script { get; set; } = null!;

        [Input(UIHint = InputUIHints.JsonEditor)]
        public Input<string> Settings { get; set; } = null!;

        [Input(UIHint = InputUIHints.DropDown, UIHandler = typeof(Cities))]
        public Input<string> City { get; set; } = null!;

        [Input(UIHint = InputUIHints.CheckList, UIHandlers = [typeof(Guests)])]
        public Input<ICollection<string>> Guests { get; set; } = null!;

        [Input(UIHint = InputUIHints.RadioList, UIHandler = typeof(Rates))]
        public Input<string> Rate { get; set; } = null!;

        [Input(UIHint = InputUIHints.CodeEditor, UIHandler = typeof(Sql))]
        public Input<string> Query { get; set; } = null!;

        [Input(DefaultValueProvider = typeof(HoursOfADay))]
        public Input<string> Hours { get; set; } = null!;

        public Input<string> Plain { get; set; } = null!;
    }

    private sealed class HoursOfADay : IActivityPropertyDefaultValueProvider
    {
        public object GetDefaultValue(PropertyInfo property) => property.Name == "Hours" ? "24" : throw new InvalidOperationException(property.Name);
    }

    private sealed class Cities : DropDownOptionsProviderBase
    {
        protected override bool RefreshOnChange => true;

        protected override ValueTask<ICollection<SelectListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
            new([new SelectListItem("Oslo", "osl")]);
    }

    private sealed class Guests : CheckListOptionsProviderBase
    {
        protected override ValueTask<ICollection<CheckListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
            new([new CheckListItem("Ada", "ada")]);
    }

    private sealed class Rates : RadioListOptionsProviderBase
    {
        protected override ValueTask<ICollection<RadioListItem>> GetItemsAsync(PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken) =>
            new([new RadioListItem("Full", "1")]);

        protected override IDictionary<string, object> GetUIPropertyAdditionalOptions() => new Dictionary<string, object> { ["note"] = "n" };
    }

    private sealed class Sql : CodeEditorOptionsProviderBase
    {
        protected override CodeEditorOptions GetCodeEditorOptions(PropertyInfo propertyInfo, object? context) => new() { Language = "sql", EditorHeight = EditorHeight.Large };
    }

    [Browsable(false)]
    [Activity("Test", "Test", Kind = ActivityKind.Task, RunAsynchronously = true)]
    private sealed class HTTPProbe : CodeActivity;

    private sealed class StartAt : CodeActivity;
}
