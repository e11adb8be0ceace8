using System.ComponentModel;
using System.Reflection;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Tests.Activities;

/// <summary>What designers are told of the control flow and the primitives: what Elsa 3.8 tells them.</summary>
public sealed class DescriptorTests
{
    private static readonly ActivityRegistry Registry = new();

    [Theory]
    [InlineData("Elsa.For", "Looping", "For")]
    [InlineData("Elsa.ForEach", "Looping", "For Each")]
    [InlineData("Elsa.ParallelForEach", "Looping", "Parallel for Each")]
    [InlineData("Elsa.While", "Looping", "While")]
    [InlineData("Elsa.Break", "Looping", "Break")]
    [InlineData("Elsa.If", "Branching", "If")]
    [InlineData("Elsa.Switch", "Branching", "Switch")]
    [InlineData("Elsa.FlowDecision", "Branching", "Decision")]
    [InlineData("Elsa.FlowSwitch", "Branching", "Switch (flow)")]
    [InlineData("Elsa.FlowFork", "Branching", "Fork (flow)")]
    [InlineData("Elsa.FlowJoin", "Branching", "Join")]
    [InlineData("Elsa.FlowNode", "Flow", "Container")]
    [InlineData("Elsa.Start", "Flow", "Start")]
    [InlineData("Elsa.End", "Flow", "End")]
    [InlineData("Elsa.SetVariable", "Primitives", "Set Variable")]
    [InlineData("Elsa.SetName", "Primitives", "Set Name")]
    [InlineData("Elsa.Correlate", "Primitives", "Correlate")]
    [InlineData("Elsa.Finish", "Primitives", "Finish")]
    [InlineData("Elsa.Fault", "Primitives", "Fault")]
    [InlineData("Elsa.Complete", "Composition", "Complete")]
    [InlineData("Elsa.SetOutput", "Composition", "Set Output")]
    [InlineData("Elsa.WriteLine", "Console", "Write Line")]
    [InlineData("Elsa.ReadLine", "Console", "Read Line")]
    public void An_activity_is_listed_by_category_and_name(string type, string category, string displayName)
    {
        var descriptor = Find(type);

        Assert.Equal((category, displayName), (descriptor.Category, descriptor.DisplayName));
        Assert.False(string.IsNullOrEmpty(descriptor.Description));
        Assert.True(IsBrowsable(descriptor));
    }

    [Theory]
    [InlineData("Elsa.Flowchart", "Flow")]
    [InlineData("Elsa.Sequence", "Workflows")]
    [InlineData("Elsa.Parallel", "Workflows")]
    [InlineData("Elsa.Fork", "Control Flow")]
    [InlineData("Elsa.Inline", "Primitives")]
    [InlineData("Elsa.NotFoundActivity", "System")]
    public void An_activity_that_nobody_draws_is_hidden(string type, string category)
    {
        Assert.Equal(category, Find(type).Category);
        Assert.False(IsBrowsable(Find(type)));
    }

    [Theory]
    [InlineData("Elsa.For", "Start:Start:singleline, End:End:singleline, Step:Step:singleline, OuterBoundInclusive:Outer Bound Inclusive:checkbox=True")]
    [InlineData("Elsa.ForEach", "Items:Items:dropdown")]
    [InlineData("Elsa.ParallelForEach", "Items:Items:singleline")]
    [InlineData("Elsa.While", "Condition:Condition:singleline")]
    [InlineData("Elsa.If", "Condition:Condition:singleline")]
    [InlineData("Elsa.FlowDecision", "Condition:Condition:singleline")]
    [InlineData("Elsa.Switch", "Cases:Cases:switch-editor!, Mode:Mode:dropdown")]
    [InlineData("Elsa.FlowSwitch", "Cases:Cases:flow-switch-editor!, Mode:Mode:dropdown")]
    [InlineData("Elsa.FlowFork", "Branches:Branches:dynamic-outcomes")]
    [InlineData("Elsa.FlowJoin", "Mode:Mode:dropdown=WaitAny")]
    [InlineData("Elsa.Fork", "JoinMode:Join Mode:dropdown!")]
    [InlineData("Elsa.SetVariable", "Variable:Variable:variable-picker!, Value:Value:singleline")]
    [InlineData("Elsa.SetOutput", "OutputName:Output:output-picker, OutputValue:Output Value:singleline")]
    [InlineData("Elsa.Complete", "Outcomes:Outcomes:outcome-picker")]
    [InlineData("Elsa.Fault", "Code:Code:singleline, Category:Category:singleline, FaultType:Type:singleline, Message:Message:singleline")]
    public void Inputs_have_the_names_and_editors_of_the_contract(string type, string expected) => Assert.Equal(
        expected,
        string.Join(", ", Find(type).Inputs.Select(input =>
            $"{input.Name}:{input.DisplayName}:{input.UIHint}{(input.IsWrapped ? "" : "!")}{(input.DefaultValue is null ? "" : $"={input.DefaultValue}")}")));

    [Theory]
    [InlineData("Elsa.For", "Body:Embedded")]
    [InlineData("Elsa.ForEach", "Body:Embedded")]
    [InlineData("Elsa.ParallelForEach", "Body:Embedded")]
    [InlineData("Elsa.While", "Body:Embedded")]
    [InlineData("Elsa.If", "Then:Embedded, Else:Embedded")]
    [InlineData("Elsa.Switch", "Default:Embedded")]
    [InlineData("Elsa.FlowDecision", "True:Flow, False:Flow")]
    [InlineData("Elsa.FlowSwitch", "Default:Flow")]
    [InlineData("Elsa.FlowFork", "")]
    [InlineData("Elsa.FlowNode", "Body:Embedded")]
    public void Ports_are_those_of_the_contract(string type, string expected) =>
        Assert.Equal(expected, string.Join(", ", Find(type).Ports.Where(port => port.IsBrowsable).Select(port => $"{port.Name}:{port.Type}")));

    [Fact]
    public void Where_a_flow_begins_and_ends_is_said()
    {
        Assert.True(Find("Elsa.Start").IsStart);
        Assert.All(["Elsa.End", "Elsa.Break", "Elsa.Finish", "Elsa.Complete"], type => Assert.True(Find(type).IsTerminal, type));
    }

    private static ActivityDescriptor Find(string type) => Registry.Find(type) ?? throw new InvalidOperationException($"There is no {type}.");

    private static bool IsBrowsable(ActivityDescriptor descriptor) => descriptor.ClrType.GetCustomAttribute<BrowsableAttribute>()?.Browsable ?? true;
}
