using System.Collections.Concurrent;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>Hands out a link and waits until somebody opens it, as the activity did that the recordings were made with.</summary>
[Activity("Peer", "WaitForLink", 1, "Waits for a link", "Test")]
public sealed class WaitForLink : Activity<string>
{
    [Input]
    public Input<string> Label { get; set; } = new("");

    /// <summary>Seconds; 0: the link lives as long as the bookmark.</summary>
    [Input]
    public Input<int> Lifetime { get; set; } = new(0);

    /// <summary>Whether the bookmark outlives its resumption.</summary>
    [Input]
    public Input<bool> Again { get; set; } = new(false);

    protected override void Execute(ActivityExecutionContext context)
    {
        var bookmark = context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = "WaitForLink",
            Stimulus = new Dictionary<string, object?> { ["label"] = context.Get(Label) },
            Callback = OnResumeAsync,
            AutoBurn = !context.Get(Again),
        });
        context.SetResult(context.Get(Lifetime) is > 0 and var seconds
            ? context.GenerateBookmarkTriggerUrl(bookmark.Id, TimeSpan.FromSeconds(seconds))
            : context.GenerateBookmarkTriggerUrl(bookmark.Id));
    }

    private async ValueTask OnResumeAsync(ActivityExecutionContext context)
    {
        context.JournalData["Answer"] = context.GetWorkflowInput<string>("Answer");
        if (!context.Get(Again))
        {
            await context.CompleteActivityAsync();
        }
    }
}

/// <summary>Hands out a link that raises an event.</summary>
[Activity("Test", "EventLink", 1, "Makes a link", "Test")]
public sealed class EventLink : CodeActivity<string>
{
    [Input]
    public Input<string> EventName { get; set; } = new("");

    protected override void Execute(ActivityExecutionContext context) => context.SetResult(context.GenerateEventTriggerUrl(context.Get(EventName)!));
}

/// <summary>Fails the first time in each run.</summary>
[Activity("Test", "FailsOnce", 1, "Fails the first time", "Test")]
public sealed class FailsOnce : CodeActivity
{
    private static readonly ConcurrentDictionary<string, int> Entered = new();

    public static int CountOf(string instanceId) => Entered.GetValueOrDefault(instanceId);

    protected override void Execute(ActivityExecutionContext context)
    {
        if (Entered.AddOrUpdate(context.WorkflowExecutionContext.Id, 1, (_, count) => count + 1) == 1)
        {
            throw new InvalidOperationException("The first time it fails.");
        }
    }
}
