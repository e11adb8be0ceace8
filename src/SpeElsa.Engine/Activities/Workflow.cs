using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities;

/// <summary>The outermost activity of every run.</summary>
[Activity("Elsa", "Workflows", "A workflow")]
public class Workflow : Activity, IVariableContainer
{
    /// <summary>Creates a workflow without a root.</summary>
    public Workflow() => Id = "Workflow1";

    /// <summary>Creates a workflow.</summary>
    public Workflow(IActivity root)
        : this() => Root = root;

    /// <summary>Which version of which definition it is.</summary>
    public WorkflowIdentity Identity { get; set; } = new("", 1, "");

    /// <summary>What runs.</summary>
    [Port]
    public IActivity? Root { get; set; }

    /// <inheritdoc />
    public ICollection<Variable> Variables { get; set; } = [];

    /// <summary>Its inputs.</summary>
    public ICollection<InputDefinition> Inputs { get; set; } = [];

    /// <summary>Its outputs.</summary>
    public ICollection<OutputDefinition> Outputs { get; set; } = [];

    /// <summary>Its outcomes when used as an activity.</summary>
    public ICollection<string> Outcomes { get; set; } = [];

    /// <summary>Its options.</summary>
    public WorkflowOptions Options { get; set; } = new();

    /// <summary>Wraps an activity.</summary>
    public static Workflow FromActivity(IActivity root) => root as Workflow ?? new Workflow(root);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Root is null)
        {
            await context.CompleteActivityAsync();
        }
        else
        {
            await context.ScheduleActivityAsync(Root, OnRootCompletedAsync);
        }
    }

    private ValueTask OnRootCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync(context.Result);
}
