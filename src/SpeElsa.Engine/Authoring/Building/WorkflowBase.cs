using Elsa.Workflows.Memory;

namespace Elsa.Workflows;

/// <summary>Base of workflows that are written in C#. Override <see cref="Build"/>.</summary>
public abstract class WorkflowBase : IWorkflow
{
    async ValueTask IWorkflow.BuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken)
    {
        await BeforeBuildAsync(builder, cancellationToken);
        await BuildAsync(builder, cancellationToken);
        await AfterBuildAsync(builder, cancellationToken);
    }

    /// <summary>Says what the workflow consists of.</summary>
    protected virtual ValueTask BuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default)
    {
        Build(builder);
        return ValueTask.CompletedTask;
    }

    /// <summary>Says what the workflow consists of.</summary>
    protected virtual void Build(IWorkflowBuilder builder)
    {
    }

    /// <summary>Runs before <see cref="BuildAsync"/>.</summary>
    protected virtual ValueTask BeforeBuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>Runs after <see cref="BuildAsync"/>.</summary>
    protected virtual ValueTask AfterBuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}

/// <summary>Base of workflows that result in a value.</summary>
public abstract class WorkflowBase<TResult> : WorkflowBase
{
    /// <summary>Creates the workflow with its result variable.</summary>
    protected WorkflowBase() => Result = new Variable<TResult> { Id = "Result", Name = "Result" };

    /// <summary>Set it: it is what the run results in.</summary>
    protected Variable<TResult> Result { get; }

    /// <inheritdoc />
    protected override ValueTask BeforeBuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Result = Result;
        return ValueTask.CompletedTask;
    }

    /// <summary>Declares the result variable, unless the class has done so.</summary>
    protected override ValueTask AfterBuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Variables.Contains(Result))
        {
            builder.WithVariable(Result);
        }

        return ValueTask.CompletedTask;
    }
}
