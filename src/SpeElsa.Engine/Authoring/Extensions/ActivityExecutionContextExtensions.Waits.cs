using Elsa.Scheduling.Bookmarks;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Activities;
using Elsa.Workflows.Runtime.Stimuli;

namespace Elsa.Extensions;

public static partial class ActivityExecutionContextExtensions
{
    /// <summary>Goes on in the callback after a time span.</summary>
    public static void DelayFor(this ActivityExecutionContext context, TimeSpan delay, ExecuteActivityDelegate? callback = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DelayUntil(context.WorkflowExecutionContext.Now + delay, callback);
    }

    /// <summary>Goes on in the callback at a time.</summary>
    public static void DelayUntil(this ActivityExecutionContext context, DateTimeOffset resumeAt, ExecuteActivityDelegate? callback = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = "Elsa.Delay",
            Stimulus = new DelayPayload(resumeAt),
            Callback = callback,
            IncludeActivityInstanceId = true,
        });
    }

    /// <summary>Goes on in the callback when an event comes.</summary>
    public static void WaitForEvent(this ActivityExecutionContext context, string eventName, ExecuteActivityDelegate callback)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = Event.StimulusName,
            Stimulus = new EventStimulus(eventName),
            Callback = callback,
            IncludeActivityInstanceId = false,
        });
    }

    /// <summary>What the event carries that is being handled, or null.</summary>
    public static object? GetEventInput(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.WorkflowInput.TryGetValue(Event.EventInputWorkflowInputKey, out var payload) ? payload : null;
    }

    /// <summary>What the event carries that is being handled, or the default.</summary>
    public static T? GetEventInput<T>(this ActivityExecutionContext context) =>
        SpeElsa.Engine.Serialization.ObjectConverter.ConvertTo<T>(context.GetEventInput());
}
