namespace Elsa.Workflows;

/// <summary>Tells the scheduling activity that a child has completed.</summary>
public class ActivityCompletedContext(ActivityExecutionContext targetContext, ActivityExecutionContext childContext, object? result = null)
{
    /// <summary>The execution that scheduled the child.</summary>
    public ActivityExecutionContext TargetContext { get; } = targetContext;

    /// <summary>The child's execution.</summary>
    public ActivityExecutionContext ChildContext { get; } = childContext;

    /// <summary>With what it completed.</summary>
    public object? Result { get; } = result;

    /// <summary>The run.</summary>
    public WorkflowExecutionContext WorkflowExecutionContext => TargetContext.WorkflowExecutionContext;

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken => TargetContext.CancellationToken;

    /// <summary>Gets a service of the host.</summary>
    public T GetRequiredService<T>()
        where T : notnull => TargetContext.GetRequiredService<T>();

    /// <summary>Completes the scheduling activity.</summary>
    public ValueTask CompleteActivityAsync(object? result = null) => TargetContext.CompleteActivityAsync(result);

    /// <summary>Completes the scheduling activity with these outcomes.</summary>
    public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes) => TargetContext.CompleteActivityWithOutcomesAsync(outcomes);
}
