using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using SpeElsa.Engine.Branching;

namespace SpeElsa.Engine.Flow;

/// <summary>Reads when an activity with several arrows into it is to run.</summary>
internal static class FlowMerge
{
    private const string Key = "mergeMode";

    /// <summary>What the custom property of an activity says.</summary>
    /// <exception cref="InvalidOperationException">There is no such mode.</exception>
    public static MergeMode ModeOf(IActivity activity)
    {
        if (!activity.CustomProperties.TryGetValue(Key, out var written) || written is null or "")
        {
            return MergeMode.None;
        }

        return Enum.TryParse<MergeMode>(written.ToString(), ignoreCase: true, out var mode) && Enum.IsDefined(mode)
            ? mode
            : throw new InvalidOperationException($"Activity '{activity.Id}' has the merge mode '{written}'; choose one of {string.Join(", ", Enum.GetNames<MergeMode>())}.");
    }

    /// <summary>What the input of a join says, in the scope of its flowchart.</summary>
    public static async ValueTask<MergeMode> ModeOfAsync(FlowJoin join, ActivityExecutionContext flow)
    {
        var mode = join.Mode?.Expression is { } expression ? await CaseMatcher.EvaluateAsync<FlowJoinMode>(flow, expression) : FlowJoinMode.WaitAny;
        return mode switch
        {
            FlowJoinMode.WaitAll => MergeMode.Converge,
            FlowJoinMode.WaitAllActive => MergeMode.Merge,
            _ => MergeMode.Race,
        };
    }
}
