using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Stimuli;

namespace Elsa.Workflows.Runtime.Stimuli
{
    /// <summary>An event by name.</summary>
    public class EventStimulus(string eventName)
    {
        /// <summary>The event.</summary>
        public string EventName { get; set; } = eventName;
    }
}

namespace Elsa.Workflows.Runtime.Activities
{
    /// <summary>Waits for an event. An event addressed to the instance before it waits here is kept until it does.</summary>
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
        public Event(string eventName) => EventName = new Input<string>(eventName);

        /// <summary>The event's name.</summary>
        [Input(Description = "The name of the event to wait for")]
        public Input<string> EventName { get; set; } = new("");

        /// <inheritdoc />
        protected override void Execute(ActivityExecutionContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            context.CreateBookmark(new EventStimulus(context.Get(EventName) ?? ""), OnEventAsync, includeActivityInstanceId: false);
        }

        private ValueTask OnEventAsync(ActivityExecutionContext context)
        {
            context.WorkflowInput.TryGetValue(EventInputWorkflowInputKey, out var payload);
            context.Set(Result, payload);
            return context.CompleteActivityAsync();
        }
    }
}
