using Elsa.Common.Models;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Starts runs of other workflows after the commit of the activity that asks for them. Their ids follow from its execution, so each is started once.</summary>
internal static class ChildWorkflows
{
    /// <exception cref="InvalidOperationException">There is no such published workflow: found before anything is stored, so that the author hears of it.</exception>
    public static async Task CheckAsync(ActivityExecutionContext context, string? definitionId)
    {
        if (string.IsNullOrWhiteSpace(definitionId))
        {
            throw new InvalidOperationException("Choose the workflow to run.");
        }

        if (await context.GetRequiredService<IDefinitionStore>().FindAsync(definitionId, VersionOptions.Published, context.CancellationToken) is null)
        {
            throw new InvalidOperationException($"There is no published workflow '{definitionId}'. Publish it, then retry.");
        }
    }

    /// <summary>Asks for one.</summary>
    /// <param name="context">The execution that asks.</param>
    /// <param name="index">Which of its children it is, from 0.</param>
    /// <param name="definitionId">The definition.</param>
    /// <param name="correlationId">What the child is about, or null.</param>
    /// <param name="input">The child's input.</param>
    /// <param name="bookmarkId">Where its end is waited for, or null.</param>
    /// <returns>The child.</returns>
    public static string Ask(
        ActivityExecutionContext context, int index, string definitionId, string? correlationId, IDictionary<string, object?>? input, string? bookmarkId)
    {
        var child = ChildStart.IdOf(context.Id, index);
        context.WorkflowExecutionContext.AddOutbox(
            ChildStart.OutboxKind,
            new ChildStart(child, definitionId, context.WorkflowExecutionContext.Id, bookmarkId, correlationId, new Dictionary<string, object?>(input ?? new Dictionary<string, object?>()), context.WorkflowExecutionContext.Hold));
        return child;
    }

    /// <summary>What the child has told, while its parent goes on.</summary>
    public static ChildEnded Ended(ActivityExecutionContext context) =>
        ObjectConverter.ConvertTo<ChildEnded>(context.WorkflowInput.TryGetValue(ChildEnded.InputKey, out var told) ? told : null)
        ?? throw new InvalidOperationException("The stimulus does not say which child has ended.");
}

/// <summary>How a run of another workflow has ended.</summary>
public class ExecuteWorkflowResult
{
    /// <summary>The run.</summary>
    public string WorkflowInstanceId { get; set; } = "";

    /// <summary>Whether it has ended; it has not where nobody waited for it.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>How it has ended.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>Its output.</summary>
    public IDictionary<string, object?> Output { get; set; } = new Dictionary<string, object?>();

    /// <summary>Its last fault in words, or null.</summary>
    public string? Error { get; set; }

    internal static ExecuteWorkflowResult Of(ChildEnded ended) => new()
    {
        WorkflowInstanceId = ended.ChildInstanceId,
        Status = ended.Status,
        SubStatus = ended.SubStatus,
        Output = ended.Output,
        Error = ended.Error,
    };
}
