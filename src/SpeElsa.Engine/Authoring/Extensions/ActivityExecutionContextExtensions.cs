using System.Linq.Expressions;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Extensions;

/// <summary>What an activity may ask beside the members of its context.</summary>
public static partial class ActivityExecutionContextExtensions
{
    /// <summary>Reads input of the run or of the stimulus that is being handled.</summary>
    public static T? GetWorkflowInput<T>(this ActivityExecutionContext context, string key) =>
        context.TryGetWorkflowInput<T>(key, out var value) ? value : default;

    /// <summary>Reads the input that is named as its type.</summary>
    public static T? GetWorkflowInput<T>(this ActivityExecutionContext context) => context.GetWorkflowInput<T>(typeof(T).Name);

    /// <summary>Reads input of the run or of the stimulus that is being handled, where there is one of that name.</summary>
    public static bool TryGetWorkflowInput<T>(this ActivityExecutionContext context, string key, out T? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = context.WorkflowInput.TryGetValue(key, out var raw);
        value = found ? ObjectConverter.ConvertTo<T>(raw) : default;
        return found;
    }

    /// <summary>Writes the activity's result.</summary>
    public static void SetResult(this ActivityExecutionContext context, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set((context.Activity as IActivityWithResult)?.Result, value);
    }

    /// <summary>The result of the activity that put one out last, or null.</summary>
    public static object? GetLastResult(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.WorkflowExecutionContext.GetLastActivityResult();
    }

    /// <summary>Whether this activity's stimulus has started the run.</summary>
    public static bool IsTriggerOfWorkflow(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.WorkflowExecutionContext.TriggerActivityId == context.Activity.Id;
    }

    /// <summary>Finds an activity of the workflow by its name, or its id where none has the name.</summary>
    public static IActivity? FindActivityByIdOrName(this ActivityExecutionContext activityExecutionContext, string idOrName)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        return activityExecutionContext.WorkflowExecutionContext.WorkflowGraph.FindActivityByIdOrName(idOrName);
    }

    /// <summary>The outcome that stands for an embedded activity: the port's name, or the property's.</summary>
    public static string GetOutcomeName(this ActivityExecutionContext activityExecutionContext, string portPropertyName)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        var property = activityExecutionContext.Activity.GetType().GetProperty(portPropertyName);
        var port = property is null ? null : Attribute.GetCustomAttribute(property, typeof(Elsa.Workflows.Attributes.PortAttribute)) as Elsa.Workflows.Attributes.PortAttribute;
        return port?.Name ?? portPropertyName;
    }

    /// <summary>Sends a signal to this activity and then to each one around it, until one stops it.</summary>
    public static async ValueTask SendSignalAsync(this ActivityExecutionContext activityExecutionContext, object signal)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        foreach (var receiver in activityExecutionContext.GetAncestors().Prepend(activityExecutionContext).ToArray())
        {
            if (receiver.Activity is not ISignalHandler handler)
            {
                continue;
            }

            var context = new SignalContext(receiver, activityExecutionContext, activityExecutionContext.CancellationToken);
            await handler.ReceiveSignalAsync(signal, context);
            if (context.IsStopped)
            {
                return;
            }
        }

        if (signal is CompleteCompositeSignal complete && activityExecutionContext.WorkflowExecutionContext.Root is { } root)
        {
            // Without a composite around the sender, the workflow itself is what it asks to complete.
            await ActivityCompletion.CompleteFromWithinAsync(root, activityExecutionContext, complete.Value);
        }
    }

    /// <summary>Lets the flowchart follow outcomes of this activity while it goes on.</summary>
    public static ValueTask ScheduleOutcomesAsync(this ActivityExecutionContext activityExecutionContext, params string[] outcomes) =>
        activityExecutionContext.SendSignalAsync(new ScheduleActivityOutcomes(outcomes));

    /// <summary>Gives up the activity with all that it scheduled. The one that scheduled it goes on as if it had completed without any outcome.</summary>
    public static async Task CancelActivityAsync(this ActivityExecutionContext activityExecutionContext)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        if (!activityExecutionContext.IsCompleted)
        {
            await activityExecutionContext.SendSignalAsync(new CancelSignal());
            await ActivityCompletion.GiveUpAsync(activityExecutionContext);
        }
    }

    /// <summary>Records a fault of the activity; the workflow's incident strategy says what becomes of the run.</summary>
    public static void Fault(this ActivityExecutionContext activityExecutionContext, Exception e) => IncidentPolicy.Handle(activityExecutionContext, e);

    /// <summary>Takes a fault back: the activity runs again as if it had not failed. The incident stays on record.</summary>
    public static void RecoverFromFault(this ActivityExecutionContext activityExecutionContext)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        if (activityExecutionContext.Status is ActivityStatus.Faulted)
        {
            activityExecutionContext.Exception = null;
            activityExecutionContext.TransitionTo(ActivityStatus.Running);
        }
    }

    /// <summary>The executions around it, the nearest first.</summary>
    public static IEnumerable<ActivityExecutionContext> GetAncestors(this ActivityExecutionContext activityExecutionContext)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        for (var current = activityExecutionContext.ParentActivityExecutionContext; current is not null; current = current.ParentActivityExecutionContext)
        {
            yield return current;
        }
    }

    /// <summary>The nearest execution around it that fits, or null.</summary>
    public static ActivityExecutionContext? FindParent(this ActivityExecutionContext activityExecutionContext, Func<ActivityExecutionContext, bool> predicate) =>
        activityExecutionContext.GetAncestors().FirstOrDefault(predicate);

    /// <summary>The nearest execution around it that declares variables, or null.</summary>
    public static ActivityExecutionContext? FindParentWithVariableContainer(this ActivityExecutionContext activityExecutionContext) =>
        activityExecutionContext.FindParent(context => context.Activity is IVariableContainer);

    /// <summary>The executions it scheduled that have not ended.</summary>
    public static IEnumerable<ActivityExecutionContext> GetChildren(this ActivityExecutionContext activityExecutionContext)
    {
        ArgumentNullException.ThrowIfNull(activityExecutionContext);
        return activityExecutionContext.Children;
    }

    /// <summary>The executions it scheduled that have neither ended nor faulted.</summary>
    public static IEnumerable<ActivityExecutionContext> GetActiveChildren(this ActivityExecutionContext activityExecutionContext) =>
        activityExecutionContext.GetChildren().Where(child => child.Status is ActivityStatus.Pending or ActivityStatus.Running);

    /// <summary>The executions below it that have not ended.</summary>
    public static IEnumerable<ActivityExecutionContext> GetDescendants(this ActivityExecutionContext activityExecutionContext) =>
        activityExecutionContext.GetChildren().SelectMany(child => child.GetDescendants().Prepend(child));

    /// <summary>Evaluates all inputs now.</summary>
    public static async Task EvaluateInputPropertiesAsync(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var descriptor in context.ActivityDescriptor.Inputs.Where(descriptor => descriptor.IsWrapped))
        {
            await context.EvaluateInputPropertyAsync(descriptor.Name);
        }
    }

    /// <summary>Evaluates one input now.</summary>
    public static async Task<T?> EvaluateInputPropertyAsync<TActivity, T>(this ActivityExecutionContext context, Expression<Func<TActivity, Input<T>>> propertyExpression)
    {
        ArgumentNullException.ThrowIfNull(propertyExpression);
        var name = (propertyExpression.Body as MemberExpression)?.Member.Name ?? throw new ArgumentException("Name a property, such as activity => activity.Text.", nameof(propertyExpression));
        return ObjectConverter.ConvertTo<T>(await context.EvaluateInputPropertyAsync(name));
    }

    /// <summary>Evaluates one input now, whatever was found before, and remembers the value.</summary>
    /// <exception cref="ArgumentException">The activity has no such input.</exception>
    public static async Task<object?> EvaluateInputPropertyAsync(this ActivityExecutionContext context, string inputName)
    {
        ArgumentNullException.ThrowIfNull(context);
        var descriptor = context.ActivityDescriptor.Inputs.FirstOrDefault(candidate => candidate.Name == inputName)
            ?? throw new ArgumentException($"{context.Activity.Type} has no input '{inputName}'.", nameof(inputName));
        return descriptor.ValueGetter(context.Activity) is Input input
            ? await context.GetRequiredService<InputEvaluator>().EvaluateNowAsync(context, descriptor, input)
            : descriptor.ValueGetter(context.Activity);
    }

    /// <summary>Evaluates an input now, whatever was found before, and remembers the value.</summary>
    public static async Task<T?> EvaluateAsync<T>(this ActivityExecutionContext context, Input<T> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        var descriptor = context.ActivityDescriptor.Inputs.First(candidate => ReferenceEquals(candidate.ValueGetter(context.Activity), input));
        return ObjectConverter.ConvertTo<T>(await context.EvaluateInputPropertyAsync(descriptor.Name));
    }
}
