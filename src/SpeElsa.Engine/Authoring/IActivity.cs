using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Workflows;

/// <summary>One node of a workflow. Instances are shared by all runs of a definition: keep no state in fields.</summary>
public interface IActivity
{
    /// <summary>Unique within the definition.</summary>
    string Id { get; set; }

    /// <summary>The path of ids from the root, joined by colons.</summary>
    string NodeId { get; set; }

    /// <summary>A name for expressions, or null.</summary>
    string? Name { get; set; }

    /// <summary>The stored type name.</summary>
    string Type { get; set; }

    /// <summary>The version of the activity type.</summary>
    int Version { get; set; }

    /// <summary>Settings of the node beside its inputs, such as "canStartWorkflow".</summary>
    IDictionary<string, object> CustomProperties { get; set; }

    /// <summary>Values of inputs and outputs that no CLR property stands for.</summary>
    IDictionary<string, object> SyntheticProperties { get; set; }

    /// <summary>What the designer keeps: position, display text.</summary>
    IDictionary<string, object> Metadata { get; set; }

    /// <summary>Whether the activity may run now; false leaves it pending.</summary>
    ValueTask<bool> CanExecuteAsync(ActivityExecutionContext context);

    /// <summary>Does the work.</summary>
    ValueTask ExecuteAsync(ActivityExecutionContext context);
}

/// <summary>An activity whose result can be read by the ones that follow.</summary>
public interface IActivityWithResult
{
    /// <summary>Where the result goes, or null.</summary>
    Output? Result { get; set; }
}

/// <summary>An activity with a typed result.</summary>
public interface IActivityWithResult<T> : IActivityWithResult
{
    /// <summary>Where the result goes, or null.</summary>
    new Output<T>? Result { get; set; }
}

/// <summary>An activity that can start a workflow.</summary>
public interface ITrigger : IActivity
{
    /// <summary>The stimuli that start the workflow.</summary>
    ValueTask<IEnumerable<object>> GetTriggerPayloadsAsync(TriggerIndexingContext context);
}

/// <summary>An activity that declares variables.</summary>
public interface IVariableContainer : IActivity
{
    /// <summary>The variables.</summary>
    ICollection<Variable> Variables { get; }
}

/// <summary>A flowchart begins here when it names no start.</summary>
public interface IStartNode;

/// <summary>Nothing follows this activity in a flowchart.</summary>
public interface ITerminalNode;

/// <summary>Runs an activity, or goes on with one after a bookmark was resumed.</summary>
public delegate ValueTask ExecuteActivityDelegate(ActivityExecutionContext context);

/// <summary>Runs in the activity that scheduled another when that one has completed. Must be a method of the scheduling activity: its name is stored.</summary>
public delegate ValueTask ActivityCompletionCallback(ActivityCompletedContext context);
