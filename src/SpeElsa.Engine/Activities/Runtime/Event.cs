using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Stimuli;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Waits for an event, or is started by it. An event addressed to the instance before it waits here is kept until it does.</summary>
[Activity("Elsa", "Primitives", "Waits for an event")]
public class Event : Trigger<object>
{
    /// <summary>The input that carries the event's payload.</summary>
    public const string EventInputWorkflowInputKey = "__EventPayloadWorkflowInput";

    internal const string StimulusName = "Elsa.Event";

    /// <summary>Creates an empty one.</summary>
    public Event()
    {
    }

    /// <summary>Waits for this event.</summary>
    public Event(string eventName)
        : this(new Input<string>(eventName))
    {
    }

    /// <summary>Waits for the event that code names.</summary>
    public Event(Func<string> eventName)
        : this(new Input<string>(eventName))
    {
    }

    /// <summary>Waits for the event that code names.</summary>
    public Event(Func<ExpressionExecutionContext, string> eventName)
        : this(new Input<string>(eventName))
    {
    }

    /// <summary>Waits for the event that a variable names.</summary>
    public Event(Variable<string> variable)
        : this(new Input<string>(variable))
    {
    }

    /// <summary>Waits for this event.</summary>
    public Event(Literal<string> literal)
        : this(new Input<string>(literal))
    {
    }

    /// <summary>Waits for this event.</summary>
    public Event(Input<string> eventName) => EventName = eventName;

    /// <summary>The event's name.</summary>
    [Input(Description = "The name of the event to wait for")]
    public Input<string> EventName { get; set; } = new("");

    /// <inheritdoc />
    protected override object GetTriggerPayload(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.TriggerName = StimulusName;
        return new EventStimulus(context.Get(EventName) ?? "");
    }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsTriggerOfWorkflow())
        {
            await OnEventAsync(context);
        }
        else
        {
            context.WaitForEvent(context.Get(EventName) ?? "", OnEventAsync);
        }
    }

    private ValueTask OnEventAsync(ActivityExecutionContext context)
    {
        context.Set(Result, context.GetEventInput());
        return context.CompleteActivityAsync();
    }
}

/// <summary>Base of activities that wait for one kind of event, or are started by it.</summary>
public abstract class EventBase<TResult> : Trigger<TResult>
{
    /// <summary>The event's name.</summary>
    protected abstract string GetEventName(ExpressionExecutionContext context);

    /// <summary>Does something with the event, before the activity completes.</summary>
    protected virtual ValueTask OnEventReceivedAsync(ActivityExecutionContext context, TResult? input)
    {
        OnEventReceived(context, input);
        return ValueTask.CompletedTask;
    }

    /// <summary>Does something with the event, before the activity completes.</summary>
    protected virtual void OnEventReceived(ActivityExecutionContext context, TResult? input)
    {
    }

    /// <inheritdoc />
    protected override object GetTriggerPayload(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.TriggerName = Event.StimulusName;
        return new EventStimulus(GetEventName(context.ExpressionExecutionContext));
    }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsTriggerOfWorkflow())
        {
            await EventReceivedAsync(context);
        }
        else
        {
            context.WaitForEvent(GetEventName(context.ExpressionExecutionContext), EventReceivedAsync);
        }
    }

    /// <summary>Takes the event and completes.</summary>
    protected async ValueTask EventReceivedAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var input = context.GetEventInput<TResult>();
        context.Set(Result, input);
        await OnEventReceivedAsync(context, input);
        await context.CompleteActivityAsync();
    }
}

/// <summary>Base of activities that wait for one kind of event, or are started by it.</summary>
public abstract class EventBase : EventBase<object>;
