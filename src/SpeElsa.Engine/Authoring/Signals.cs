namespace Elsa.Workflows
{
    /// <summary>Hears signals that are sent by activities below it. Signals live within a burst and are never stored.</summary>
    public interface ISignalHandler
    {
        /// <summary>Hears a signal.</summary>
        ValueTask ReceiveSignalAsync(object signal, SignalContext context);
    }

    /// <summary>A signal on its way up.</summary>
    public class SignalContext(ActivityExecutionContext receiverActivityExecutionContext, ActivityExecutionContext senderActivityExecutionContext, CancellationToken cancellationToken)
    {
        /// <summary>The execution that hears it now.</summary>
        public ActivityExecutionContext ReceiverActivityExecutionContext { get; } = receiverActivityExecutionContext;

        /// <summary>The execution that sent it.</summary>
        public ActivityExecutionContext SenderActivityExecutionContext { get; } = senderActivityExecutionContext;

        /// <summary>Whether the sender hears its own signal.</summary>
        public bool IsSelf => ReceiverActivityExecutionContext == SenderActivityExecutionContext;

        /// <summary>Stops the burst.</summary>
        public CancellationToken CancellationToken { get; } = cancellationToken;

        internal bool IsStopped { get; private set; }

        /// <summary>Lets nobody further up hear it.</summary>
        public void StopPropagation() => IsStopped = true;
    }
}

namespace Elsa.Workflows.Signals
{
    /// <summary>Asks the nearest loop to end.</summary>
    public class BreakSignal;

    /// <summary>Says that the sender was given up.</summary>
    public class CancelSignal;

    /// <summary>Asks the nearest composite to complete.</summary>
    public class CompleteCompositeSignal(object? value = null)
    {
        /// <summary>With what, usually <see cref="Activities.Flowchart.Models.Outcomes"/>.</summary>
        public object? Value { get; } = value;
    }

    /// <summary>Asks the flowchart to follow outcomes of the sender, which goes on.</summary>
    public class ScheduleActivityOutcomes(params string[] outcomes)
    {
        /// <summary>The outcomes.</summary>
        public string[] Outcomes { get; } = outcomes;
    }

    /// <summary>Asks the container to run one of its activities.</summary>
    public class ScheduleChildActivity
    {
        /// <summary>Asks to run an activity.</summary>
        public ScheduleChildActivity(IActivity activity, IDictionary<string, object?>? input = null)
        {
            Activity = activity;
            Input = input ?? new Dictionary<string, object?>();
        }

        /// <summary>Asks to go on with an execution.</summary>
        public ScheduleChildActivity(ActivityExecutionContext activityExecutionContext, IDictionary<string, object?>? input = null)
        {
            ArgumentNullException.ThrowIfNull(activityExecutionContext);
            ActivityExecutionContext = activityExecutionContext;
            Activity = activityExecutionContext.Activity;
            Input = input ?? new Dictionary<string, object?>();
        }

        /// <summary>The activity.</summary>
        public IActivity Activity { get; }

        /// <summary>The execution to go on with, or null for a new one.</summary>
        public ActivityExecutionContext? ActivityExecutionContext { get; }

        /// <summary>Input for it.</summary>
        public IDictionary<string, object?> Input { get; }
    }
}

namespace Elsa.Workflows.Options
{
    /// <summary>How to schedule a child.</summary>
    public class ScheduleWorkOptions
    {
        /// <summary>Schedules a child plainly.</summary>
        public ScheduleWorkOptions()
        {
        }

        /// <summary>Schedules a child and goes on in a method when it has completed.</summary>
        public ScheduleWorkOptions(ActivityCompletionCallback? completionCallback = null, object? tag = null, ICollection<Memory.Variable>? variables = null)
        {
            CompletionCallback = completionCallback;
            Tag = tag;
            Variables = variables;
        }

        /// <summary>A method of the scheduling activity, run when the child has completed; its name is stored.</summary>
        public ActivityCompletionCallback? CompletionCallback { get; set; }

        /// <summary>Attached to the child; stored, so small and serializable.</summary>
        public object? Tag { get; set; }

        /// <summary>Declared in the child's scope.</summary>
        public ICollection<Memory.Variable>? Variables { get; set; }

        /// <summary>An execution of the child to enter again instead of making a new one.</summary>
        public ActivityExecutionContext? ExistingActivityExecutionContext { get; set; }

        /// <summary>Whether the child is left alone where it is scheduled already. Default false.</summary>
        public bool PreventDuplicateScheduling { get; set; }

        /// <summary>Input for the child; see <see cref="ActivityExecutionContext.ActivityInput"/>.</summary>
        public IDictionary<string, object?>? Input { get; set; }
    }
}
