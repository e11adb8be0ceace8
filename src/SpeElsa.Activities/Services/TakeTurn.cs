using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Lets only so many rounds of a loop go on at once. The turn ends with the round; while a round waits for a person it does not count, so that
/// one that has failed does not stop the others.
/// </summary>
[Activity("SpeElsa", "TakeTurn", 1, "Waits until fewer rounds of a loop are under way; those that wait for a person do not count", "Move data", DisplayName = "Take turn")]
public sealed class TakeTurn : Activity
{
    private const string TurnKey = "HasTurn";

    /// <summary>How many rounds may be under way; less than 1 counts as 1.</summary>
    [Input(DisplayName = "Turns", Description = "How many rounds may be under way at once; less than 1 counts as 1", UIHint = "singleline", DefaultValue = 2, Order = 1)]
    public Input<int> Turns { get; set; } = new(2);

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return TryAsync(context);
    }

    /// <summary>Looks again.</summary>
    private ValueTask OnDueAsync(ActivityExecutionContext context) => TryAsync(context);

    private async ValueTask TryAsync(ActivityExecutionContext context)
    {
        // The round is whatever holds this activity: its execution ends when the round does, and so does the turn.
        var round = context.ParentActivityExecutionContext ?? throw new InvalidOperationException("'Take turn' has to stand inside the body of a loop.");
        var waiting = context.WorkflowExecutionContext.Bookmarks
            .Where(bookmark => bookmark.Name == HumanTasks.BookmarkName)
            .Select(bookmark => bookmark.ActivityInstanceId)
            .ToHashSet(StringComparer.Ordinal);
        var all = context.WorkflowExecutionContext.ActivityExecutionContexts;
        var asking = all.Where(other => waiting.Contains(other.Id)).SelectMany(RoundsOf).ToHashSet(StringComparer.Ordinal);
        var busy = all.Count(other => other.NodeId == round.NodeId && !other.IsCompleted && other.GetProperty<bool>(TurnKey) && !asking.Contains(other.Id));
        if (busy >= Math.Max(1, context.Get(Turns)))
        {
            context.DelayFor((context.GetService<MoveStepOptions>() ?? new MoveStepOptions()).FirstPoll, OnDueAsync);
            return;
        }

        round.SetProperty(TurnKey, true);
        await context.CompleteActivityAsync();
    }

    private static IEnumerable<string> RoundsOf(ActivityExecutionContext? context)
    {
        for (; context is not null; context = context.ParentActivityExecutionContext)
        {
            yield return context.Id;
        }
    }
}
