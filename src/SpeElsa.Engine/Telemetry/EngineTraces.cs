using Elsa.Workflows;
using SpeElsa.Engine.Storage;
using Span = System.Diagnostics.Activity;
using SpanStatus = System.Diagnostics.ActivityStatusCode;

namespace SpeElsa.Engine.Telemetry;

/// <summary>
/// The spans of the engine: one for each burst and, below it, one for each time an activity is entered. They say what ran, how long and how it went; what an
/// activity was given, gave or failed with never stands in them. Without a listener nothing is made.
/// </summary>
public static class EngineTraces
{
    /// <summary>The name to listen to.</summary>
    public const string Name = "SpeElsa";

    internal const string BurstName = "burst";
    internal const string DefinitionTag = "speelsa.definition.id";
    internal const string InstanceTag = "speelsa.instance.id";
    internal const string ActivityTag = "speelsa.activity.id";
    internal const string AttemptTag = "speelsa.attempt";
    internal const string OutcomeTag = "speelsa.outcome";
    private static readonly System.Diagnostics.ActivitySource Source = new(Name);

    /// <summary>A burst begins. Null: nobody listens.</summary>
    internal static Span? StartBurst(string instanceId)
    {
        var span = Source.StartActivity(BurstName);
        span?.SetTag(InstanceTag, instanceId);
        return span;
    }

    /// <summary>It turns out of what the burst is.</summary>
    internal static void Describe(this Span? span, InstanceRecord instance) => span?.SetTag(DefinitionTag, instance.DefinitionId);

    /// <summary>A burst was stored.</summary>
    internal static void Stored(this Span? span, WorkflowSubStatus status) => span?.SetTag(OutcomeTag, NameOf(status));

    /// <summary>A burst was given up.</summary>
    internal static void Fail(this Span? span) => span?.SetStatus(SpanStatus.Error);

    /// <summary>An activity is entered; disposing of what is returned tells how it went.</summary>
    internal static ActivitySpan Enter(ActivityExecutionContext context) => new(Source.StartActivity(context.Activity.Type), context);

    private static string NameOf(WorkflowSubStatus status) => status switch
    {
        WorkflowSubStatus.Finished => "finished",
        WorkflowSubStatus.Faulted => "faulted",
        WorkflowSubStatus.Cancelled => "canceled",
        WorkflowSubStatus.Suspended => "suspended",
        WorkflowSubStatus.Executing => "executing",
        _ => "pending",
    };

    /// <summary>The span of an entry, or nothing.</summary>
    internal readonly struct ActivitySpan(Span? span, ActivityExecutionContext context) : IDisposable
    {
        public void Dispose()
        {
            if (span is null)
            {
                return;
            }

            span.SetTag(DefinitionTag, context.WorkflowExecutionContext.Workflow.Identity.DefinitionId);
            span.SetTag(InstanceTag, context.WorkflowExecutionContext.Id);
            span.SetTag(ActivityTag, context.Activity.Id);
            span.SetTag(AttemptTag, context.Attempt);
            span.SetTag(OutcomeTag, Outcome());
            if (context.Status is ActivityStatus.Faulted)
            {
                // Without the message: it may hold what the activity was given.
                span.SetStatus(SpanStatus.Error);
            }

            span.Dispose();
        }

        private string Outcome() => context.Status switch
        {
            _ when context.IsExecuting => "stopped",
            ActivityStatus.Completed => "completed",
            ActivityStatus.Faulted => "faulted",
            ActivityStatus.Canceled => "canceled",
            ActivityStatus.Pending => "pending",
            _ => context.Bookmarks.Any() ? "waiting" : "running",
        };
    }
}
