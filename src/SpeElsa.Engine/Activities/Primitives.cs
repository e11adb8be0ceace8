using System.ComponentModel;
using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;

namespace Elsa.Workflows.Activities;

/// <summary>A flowchart begins here.</summary>
[Activity("Elsa", "Flow", "The flowchart begins here")]
public class Start : CodeActivity, IStartNode;

/// <summary>A flowchart ends here.</summary>
[Activity("Elsa", "Flow", "The flowchart ends here")]
public class End : CodeActivity, ITerminalNode;

/// <summary>Ends the workflow at once; what else runs or waits is given up.</summary>
[Activity("Elsa", "Primitives", "Ends the workflow")]
public class Finish : CodeActivity, ITerminalNode
{
    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        WorkflowEnd.Finish(context.WorkflowExecutionContext, WorkflowSubStatus.Finished);
    }
}

/// <summary>Says what outside thing the run is about.</summary>
[Activity("Elsa", "Primitives", "Sets the correlation id of the workflow")]
public class Correlate : CodeActivity
{
    /// <summary>Creates an empty one.</summary>
    public Correlate()
    {
    }

    /// <summary>Sets a constant.</summary>
    public Correlate(string correlationId) => CorrelationId = new Input<string>(correlationId);

    /// <summary>Sets the value of a variable.</summary>
    public Correlate(Variable<string> correlationId) => CorrelationId = new Input<string>(correlationId);

    /// <summary>Sets what code makes.</summary>
    public Correlate(Func<ExpressionExecutionContext, string> correlationId) => CorrelationId = new Input<string>(correlationId);

    /// <summary>The correlation id.</summary>
    [Input(Description = "What the run is about, as the outside world calls it")]
    public Input<string> CorrelationId { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.WorkflowExecutionContext.CorrelationId = context.Get(CorrelationId);
    }
}

/// <summary>Names the run.</summary>
[Activity("Elsa", "Primitives", "Sets the name of the workflow instance")]
public class SetName : CodeActivity
{
    /// <summary>Creates an empty one.</summary>
    public SetName()
    {
    }

    /// <summary>Sets what an expression makes.</summary>
    public SetName(Input<string> value) => Value = value;

    /// <summary>The name.</summary>
    [Input(Description = "What the run is called in lists")]
    public Input<string> Value { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.WorkflowExecutionContext.Name = context.Get(Value);
    }
}

/// <summary>Stands for an activity whose type this host does not know. A run that comes to it faults and says which type is missing.</summary>
[Activity("Elsa", "System", "An activity of an unknown type")]
[Browsable(false)]
public class NotFoundActivity : CodeActivity
{
    /// <summary>Creates an empty one.</summary>
    public NotFoundActivity()
    {
    }

    /// <summary>Stands for a type.</summary>
    public NotFoundActivity(string missingTypeName) => MissingTypeName = missingTypeName;

    /// <summary>The stored name of the missing type.</summary>
    public string MissingTypeName { get; set; } = "";

    /// <summary>Its version.</summary>
    public int MissingTypeVersion { get; set; }

    /// <summary>The node as it was written.</summary>
    public string OriginalActivityJson { get; set; } = "";

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context) =>
        throw new InvalidOperationException($"This server has no activity '{MissingTypeName}'. Install the package that brings it, then retry.");
}
