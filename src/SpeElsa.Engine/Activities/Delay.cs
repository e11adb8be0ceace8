using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;

namespace Elsa.Scheduling.Bookmarks
{
    /// <summary>Goes on at a time.</summary>
    public class DelayPayload(DateTimeOffset resumeAt) : ITimedStimulus
    {
        /// <summary>When.</summary>
        public DateTimeOffset ResumeAt { get; set; } = resumeAt;

        DateTimeOffset ITimedStimulus.DueAt => ResumeAt;
    }
}

namespace Elsa.Scheduling.Activities
{
    /// <summary>Waits for a time span. One that ends while the server is down fires once when it is back.</summary>
    [Activity("Elsa", "Scheduling", "Waits for a time span")]
    public class Delay : Activity
    {
        /// <summary>Creates an empty one.</summary>
        public Delay()
        {
        }

        /// <summary>Waits this long.</summary>
        public Delay(TimeSpan timeSpan) => TimeSpan = new Input<TimeSpan>(timeSpan);

        /// <summary>How long.</summary>
        [Input(DisplayName = "Time Span", Description = "How long to wait", DefaultValue = "00:01:00")]
        public Input<TimeSpan> TimeSpan { get; set; } = new(System.TimeSpan.FromMinutes(1));

        /// <summary>Waits for seconds.</summary>
        public static Delay FromSeconds(double value) => new(System.TimeSpan.FromSeconds(value));

        /// <inheritdoc />
        protected override void Execute(ActivityExecutionContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            context.DelayFor(context.Get(TimeSpan), OnDelayElapsedAsync);
        }

        private ValueTask OnDelayElapsedAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
    }
}
