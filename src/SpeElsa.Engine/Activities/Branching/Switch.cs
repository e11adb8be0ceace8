using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Branching;

namespace Elsa.Workflows.Activities;

/// <summary>Runs the activity of the case that applies, or those of all cases that do; the default where none does.</summary>
[Activity("Elsa", "Branching", "Runs the activities of the cases that apply")]
public class Switch : Activity
{
    private const string RemainingKey = "Remaining";

    /// <summary>Where the labels of the cases that applied go, as a list.</summary>
    [System.ComponentModel.Description("Where the labels of the cases that applied go, as a list")]
    public Output<object?>? Output { get; set; }

    /// <summary>The cases, in the order in which they are looked at.</summary>
    [Input(UIHint = "switch-editor", Description = "The cases, in the order in which they are looked at")]
    public ICollection<SwitchCase> Cases { get; set; } = [];

    /// <summary>Whether one case may apply or several. Default: the first.</summary>
    [Input(Description = "Whether only the first case that applies runs, or all that do")]
    public Input<SwitchMode> Mode { get; set; } = new(SwitchMode.MatchFirst);

    /// <summary>Runs where no case applies.</summary>
    [Port]
    public IActivity? Default { get; set; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var matches = await CaseMatcher.FindMatchesAsync(context, Cases, candidate => candidate.Condition, context.Get(Mode));
        context.Set(Output, matches.Select(match => match.Label).ToArray());
        var activities = (matches.Count == 0 ? [Default] : matches.Select(match => match.Activity)).OfType<IActivity>().ToArray();
        if (activities.Length == 0)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(RemainingKey, activities.Length);
        await context.ScheduleActivities(activities, OnChildCompletedAsync);
    }

    private async ValueTask OnChildCompletedAsync(ActivityCompletedContext context)
    {
        if (context.TargetContext.UpdateProperty<int>(RemainingKey, remaining => remaining - 1) == 0)
        {
            await context.CompleteActivityAsync();
        }
    }
}
