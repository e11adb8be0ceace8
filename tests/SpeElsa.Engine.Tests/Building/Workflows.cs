using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Activities;
using Endpoint = Elsa.Workflows.Activities.Flowchart.Models.Endpoint;

namespace SpeElsa.Engine.Tests.Building;

/// <summary>What may change between two starts of a program: here, what a class builds.</summary>
public sealed class Edition
{
    public string Greeting { get; set; } = "hello";

    public int Version { get; set; } = 1;
}

/// <summary>Waits, then greets.</summary>
public sealed class GreetingWorkflow(Edition edition) : WorkflowBase
{
    protected override void Build(IWorkflowBuilder builder)
    {
        builder.Version = edition.Version;
        builder.Description = "Greets after a wait";
        var name = builder.WithVariable("Name", "nobody").WithWorkflowStorage();
        builder.WithInput<string>("Who", "Whom to greet");
        builder.Root = new Sequence
        {
            Activities =
            {
                new Event { Id = "go", EventName = new Input<string>("go") },
                new SetVariable<string>(name, new Input<string>(context => "world")),
                new WriteLine(context => $"{edition.Greeting} {name.Get(context)}"),
                new WriteLine(edition.Greeting),
            },
        };
    }
}

/// <summary>Every member of the builder, and a flowchart.</summary>
public sealed class FullWorkflow : WorkflowBase<int>
{
    protected override async ValueTask BeforeBuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default)
    {
        await base.BeforeBuildAsync(builder, cancellationToken);
        builder.WithCustomProperty("Order", "before");
    }

    protected override void Build(IWorkflowBuilder builder)
    {
        builder.WithDefinitionId("full").WithId("full-1").WithTenantId("tenant").AsReadonly().AsSystemWorkflow().WithActivationStrategyType<SingletonStrategy>();
        builder.Name = "Full";
        builder.WorkflowOptions.UsableAsActivity = true;
        builder.WithVariables(new Variable<string>("A", "x"), new Variable<int[]>("B", [1, 2]));
        builder.WithInput("Count", typeof(int), input => input.UIHint = "singleline");
        builder.WithOutput<string>("Verdict", "What came of it");
        builder.Outcomes.Add("Good");
        var start = new Start();
        var decision = new FlowDecision(context => true) { Name = "Big" };
        var set = new SetVariable<int>(Result, new Input<int>(42));
        builder.Root = new Flowchart
        {
            Activities = { start, decision, set },
            Connections = { new Connection(start, decision), new Connection(new Endpoint(decision, "True"), new Endpoint(set)) },
        };
    }

    private sealed class SingletonStrategy;
}

/// <summary>Any activity may be the root.</summary>
public sealed class LineWorkflow : WorkflowBase
{
    protected override void Build(IWorkflowBuilder builder) => builder.Root = new WriteLine("alone");
}

/// <summary>Can not be built.</summary>
public sealed class BrokenWorkflow : WorkflowBase
{
    protected override void Build(IWorkflowBuilder builder) => throw new NotSupportedException("not today");
}

/// <summary>Uses one activity at two places.</summary>
public sealed class TwiceWorkflow : WorkflowBase
{
    protected override void Build(IWorkflowBuilder builder)
    {
        var line = new WriteLine("twice");
        builder.Root = new Sequence { Activities = { line, line } };
    }
}
