using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Telemetry;

namespace SpeElsa.Engine.Execution;

/// <summary>Where a burst makes its progress durable.</summary>
internal interface IBurstCommits
{
    /// <summary>Returns once the intent of this execution is stored; only then may it act.</summary>
    Task IntentAsync(WorkflowExecutionContext workflow, CancellationToken cancellationToken);

    /// <summary>Returns once what came of it is stored.</summary>
    Task ResultAsync(WorkflowExecutionContext workflow, CancellationToken cancellationToken);
}

/// <summary>Runs a workflow until only waits are left.</summary>
/// <remarks>
/// For each piece of scheduled work: 1. make or find its execution, 2. evaluate its inputs, 3. if it has effects, journal and commit the intent,
/// 4. run it, or the method that goes on after a bookmark, 5. journal what came of it, 6. if it has effects, commit.
/// Whatever a stop in between loses is made again from the last commit: work that had begun is stored as scheduled with its execution id.
/// </remarks>
internal sealed class Burst(InputEvaluator inputs, IBurstCommits commits, ILogger<Burst> logger, HoldOrders? orders = null)
{
    public async Task RunAsync(WorkflowExecutionContext workflow)
    {
        if (workflow.Status is WorkflowStatus.Running)
        {
            workflow.SubStatus = WorkflowSubStatus.Executing;
        }

        while (workflow.Status is WorkflowStatus.Running && workflow.TakeNext(IsHeld(workflow)) is { } item)
        {
            workflow.CancellationToken.ThrowIfCancellationRequested();
            await RunAsync(workflow, item);
        }

        workflow.UpdatedAt = workflow.Now;
        if (workflow.Status is WorkflowStatus.Running)
        {
            workflow.SubStatus = WorkflowSubStatus.Suspended;
            if (workflow.Bookmarks.Count == 0 && workflow.Incidents.Count == 0 && !workflow.HasScheduledWork)
            {
                IncidentPolicy.Stuck(workflow);
            }
        }

        WorkflowEnd.Settle(workflow);
    }

    private bool IsHeld(WorkflowExecutionContext workflow) => workflow.Hold is not null || orders?.IsOrdered(workflow.Id) == true;

    private async Task RunAsync(WorkflowExecutionContext workflow, WorkItem item)
    {
        var context = item.Context ??= Begin(workflow, item);
        using var span = EngineTraces.Enter(context);
        workflow.Current = item;
        workflow.LastEntered = context.Activity.Id;
        workflow.UseInput(item.Input);
        if (context.UnheardOutcomes is not null)
        {
            await TryAsync(context, () => ActivityCompletion.TellAgainAsync(context));
            workflow.Current = null;
            WorkflowEnd.Settle(workflow);
            return;
        }

        var effects = context.HasEffects;
        if (await TryAsync(context, () => inputs.EvaluateAsync(context)))
        {
            // Outside of what becomes an incident: a store that does not take the intent is no fault of the workflow.
            await AnnounceAsync(workflow, item, context);
            await TryAsync(context, () => ExecuteAsync(item, context));
        }

        context.IsExecuting = false;
        if (context.Status is ActivityStatus.Running && (effects || context.Bookmarks.Any()))
        {
            workflow.Log(
                context,
                "Suspended",
                payload: context.JournalData.Count > 0 ? new Dictionary<string, object?>(context.JournalData) : null,
                role: effects ? JournalRole.Result : JournalRole.None);
        }

        context.JournalData.Clear();
        workflow.Current = null;
        WorkflowEnd.Settle(workflow);
        if (effects)
        {
            await commits.ResultAsync(workflow, workflow.CancellationToken);
        }
    }

    /// <summary>Runs an author's code: what it throws becomes an incident of this instance.</summary>
    private static async ValueTask<bool> TryAsync(ActivityExecutionContext context, Func<ValueTask> code)
    {
        try
        {
            await code();
            return true;
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The process stops: the burst ends here and the last commit says where to go on.
            throw;
        }
#pragma warning disable CA1031 // The edge of the loop: whatever an author's code throws stays with this instance.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Scripts and clients throw exceptions of their own when they are cancelled. What fails while the process stops is run again after the start.
            context.CancellationToken.ThrowIfCancellationRequested();
            IncidentPolicy.Handle(context.WorkflowExecutionContext.TakeUnheard() ?? context, exception);
            return false;
        }
    }

    private static ActivityExecutionContext Begin(WorkflowExecutionContext workflow, WorkItem item)
    {
        var context = workflow.CreateContext(item.Node, item.Owner);
        context.CompletionCallbackName = item.CompletionCallback;
        context.Tag = item.Tag;
        context.SchedulingActivityExecutionId = item.SchedulingExecutionId;
        context.SchedulingActivityId = item.SchedulingActivityId;
        context.CallStackDepth = item.SchedulingDepth;
        if (item.ActivityInput is not null)
        {
            context.ActivityInput = new Dictionary<string, object?>(item.ActivityInput, StringComparer.Ordinal);
        }

        if (item.Owner is null && workflow.InitialVariables is { } values)
        {
            GiveValues(context, values);
            workflow.InitialVariables = null;
        }

        foreach (var variable in item.Variables)
        {
            context.DynamicVariables.Add(variable);
            context.ExpressionExecutionContext.Memory.Declare(variable);
        }

        return context;
    }

    private static void GiveValues(ActivityExecutionContext root, IReadOnlyDictionary<string, object?> values)
    {
        foreach (var variable in root.Variables)
        {
            if (values.TryGetValue(variable.Name, out var value))
            {
                root.Set(variable, Serialization.ObjectConverter.ConvertTo(value, variable.ValueType));
            }
        }
    }

    private async Task AnnounceAsync(WorkflowExecutionContext workflow, WorkItem item, ActivityExecutionContext context)
    {
        context.TransitionTo(ActivityStatus.Running);
        context.IsExecuting = true;
        var eventName = item.Resumed is null ? "Started" : "Resumed";
        var payload = JournalPayload.Entered(context, item);
        if (!context.HasEffects)
        {
            workflow.Log(context, eventName, payload: payload);
            return;
        }

        context.Attempt++;
        context.SetMetadata("Attempt", context.Attempt);
        workflow.Log(context, eventName, payload: payload, role: JournalRole.Intent);
        await commits.IntentAsync(workflow, workflow.CancellationToken);
    }

    private async ValueTask ExecuteAsync(WorkItem item, ActivityExecutionContext context)
    {
        using var scope = logger.IsEnabled(LogLevel.Critical) ? logger.BeginScope(new StepScope(context)) : null;
        if (item.Resumed is { } bookmark)
        {
            await ResumeAsync(bookmark, context);
        }
        else if (await context.Activity.CanExecuteAsync(context))
        {
            await context.Activity.ExecuteAsync(context);
        }
        else
        {
            context.TransitionTo(ActivityStatus.Pending);
            context.WorkflowExecutionContext.Log(
                context,
                "Precondition Failed",
                "The activity said that it can not run now",
                role: context.HasEffects ? JournalRole.Result : JournalRole.None);
        }
    }

    private static async ValueTask ResumeAsync(Bookmark bookmark, ActivityExecutionContext context)
    {
        if (bookmark.CallbackMethodName is { } callback)
        {
            await ActivityMethods.Resume(context.Activity, callback)(context);
        }
        else if (bookmark.AutoComplete)
        {
            await context.CompleteActivityAsync();
        }
    }
}

/// <summary>A commit was refused because the instance belongs to another worker or has moved on: the burst stops and nothing of it is kept.</summary>
internal sealed class CommitLostException(string instanceId)
    : Exception($"Instance {instanceId} is no longer held by this worker");
