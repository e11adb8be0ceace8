using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

/// <summary>What code asks of the scopes an expression sees.</summary>
public sealed class ScopeTests : EngineTest
{
    [Fact]
    public void An_inner_variable_hides_an_outer_one()
    {
        var outer = new ExpressionExecutionContext(Host.Services, new MemoryRegister());
        outer.Memory.Declare([new Variable<int>("Both", 1, "outer"), new Variable("Outer", "far")]);
        var inner = new ExpressionExecutionContext(Host.Services, new MemoryRegister(), outer);
        inner.Memory.Declare(new Variable("Both", "near", "inner"));

        Assert.Equal("near", inner.GetVariable<string>("Both"));
        Assert.Equal("far", inner.GetVariableInScope("Outer"));
        Assert.Null(inner.GetVariable("Outer", localScopeOnly: true));
        Assert.Equal("Outer", inner.GetVariable("Outer")!.Name);
        Assert.Equal(["Both", "Outer"], inner.GetVariableNamesInScope());
        Assert.Equal(["inner", "outer", "Outer"], inner.FlattenMemoryBlocks().Keys);
        Assert.Equal(["near", 1, "far"], inner.ReadAndFlattenMemoryBlocks().Values);
        Assert.Same(outer, inner.FindContextContainingBlock("outer"));
        Assert.Null(inner.FindContextContainingBlock("nowhere"));
        Assert.Same(outer, inner.GetVariableContainerContext());
    }

    [Fact]
    public void A_variable_is_written_as_its_type()
    {
        var scope = new ExpressionExecutionContext(Host.Services, new MemoryRegister());
        scope.Memory.Declare(new Variable<int>("Number", 1));

        scope.SetVariableInScope("Number", "7");

        Assert.Equal(7, scope.GetVariableInScope("Number"));
        Assert.Equal(8, scope.Get(scope.SetVariable("Number", 8.0)));
        Assert.Contains("'Nope'", Assert.Throws<InvalidOperationException>(() => scope.SetVariableInScope("Nope", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_of_a_run_only_the_workflow_and_its_input_are_known()
    {
        var workflow = new Workflow { Identity = new WorkflowIdentity("shop", 3, "shop-3"), Inputs = [new InputDefinition { Name = "Who" }] };
        var scope = new ExpressionExecutionContext(
            Host.Services,
            new MemoryRegister(),
            transientProperties: ExpressionExecutionContextExtensions.CreateTriggerIndexingPropertiesFrom(workflow, new Dictionary<string, object> { ["Who"] = "Bob" }));

        Assert.Equal("Bob", scope.GetInput<string>(workflow.Inputs.Single()));
        Assert.Null(scope.GetInput("other"));
        Assert.Null(scope.GetOutput("any"));
        Assert.Null(scope.GetLastResult());
        Assert.False(scope.TryGetWorkflowExecutionContext(out _));
        Assert.False(scope.TryGetActivityExecutionContext(out _));
        Assert.Throws<InvalidOperationException>(scope.GetActivityExecutionContext);
    }

    [Fact]
    public async Task Within_a_run_the_scope_knows_the_activity_and_what_others_put_out()
    {
        var id = await RunAsync(
            A.Sequence("inside").Variable("Known", "String", "old").With(
                A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("7"))),
                A.Node("asks", "Test.AsksItsScope"),
                A.Say("line", "`${getKnown()} ${getMade()} ${getResultFromAsks()}`")),
            new Dictionary<string, object?> { ["Who"] = "Bob" });

        Assert.Equal(["new made asks 7 7 Bob True"], await Host.LinesAsync(id));
    }
}

/// <summary>Puts out what its scope knows, and makes a variable that its siblings see.</summary>
[Activity("Test", "Test", "Asks its scope")]
public sealed class AsksItsScope : CodeActivity<string>
{
    protected override void Execute(ActivityExecutionContext context)
    {
        var scope = context.ExpressionExecutionContext;
        scope.SetVariable("Known", "new");
        scope.SetVariable("Made", "made");
        context.Set(Result, $"{scope.GetActivity().Id} {scope.GetOutput("script")} {scope.GetLastResult()} {scope.GetInput<string>("Who")} {scope.GetWorkflowExecutionContext().Id.Length == 32}");
    }
}
