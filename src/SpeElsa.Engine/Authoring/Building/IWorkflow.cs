namespace Elsa.Workflows;

/// <summary>A workflow that is written in C#.</summary>
public interface IWorkflow
{
    /// <summary>Says what the workflow consists of. It has to build the same workflow each time: instances go on with what it builds.</summary>
    ValueTask BuildAsync(IWorkflowBuilder builder, CancellationToken cancellationToken = default);
}
