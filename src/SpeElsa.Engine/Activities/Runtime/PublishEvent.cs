using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Runtime;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Publishes an event to the workflows that wait for it, after the state that follows from publishing it is stored.</summary>
[Activity("Elsa", "Primitives", "Publishes an event")]
public class PublishEvent : CodeActivity
{
    /// <summary>The event's name.</summary>
    [Input(Description = "The name of the event to publish")]
    public Input<string> EventName { get; set; } = new("");

    /// <summary>Only workflows about this outside thing; empty means all.</summary>
    [Input(Description = "Only workflows with this correlation id hear it; empty: all")]
    public Input<string?> CorrelationId { get; set; } = new((string?)null);

    /// <summary>Whether only this workflow hears it.</summary>
    [Input(DisplayName = "Local event", Description = "Whether only this run hears it")]
    public Input<bool> IsLocalEvent { get; set; } = new(false);

    /// <summary>What it carries.</summary>
    [Input(Description = "What it carries")]
    public Input<object?> Payload { get; set; } = new((object?)null);

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var workflow = context.WorkflowExecutionContext;
        workflow.AddOutbox(EventDispatch.OutboxKind, new PublishedEvent(
            context.Get(EventName) ?? "",
            context.Get(CorrelationId),
            context.Get(IsLocalEvent) ? workflow.Id : null,
            context.Get(Payload)));
    }
}
