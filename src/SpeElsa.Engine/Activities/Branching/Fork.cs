using System.ComponentModel;
using Elsa.Workflows.Attributes;

namespace Elsa.Workflows
{
    /// <summary>When a fork has completed.</summary>
    public enum ForkJoinMode
    {
        /// <summary>When all its branches have.</summary>
        WaitAll = 0,

        /// <summary>When its first branch has; the others are given up.</summary>
        WaitAny = 1,
    }
}

namespace Elsa.Workflows.Activities
{
    /// <summary>Runs branches side by side.</summary>
    [Activity("Elsa", "Control Flow", "Runs branches side by side")]
    [Browsable(false)]
    public class Fork : Activity
    {
        private const string RemainingKey = "Remaining";

        /// <summary>When it has completed. Default: when all branches have.</summary>
        [Input(Description = "Whether it completes with its first branch or with its last")]
        public ForkJoinMode JoinMode { get; set; }

        /// <summary>The branches.</summary>
        public ICollection<IActivity> Branches { get; set; } = [];

        /// <inheritdoc />
        protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            if (Branches.Count == 0)
            {
                return context.CompleteActivityAsync();
            }

            context.SetProperty(RemainingKey, Branches.Count);
            return context.ScheduleActivities(Branches, OnBranchCompletedAsync);
        }

        private async ValueTask OnBranchCompletedAsync(ActivityCompletedContext context)
        {
            var remaining = context.TargetContext.UpdateProperty<int>(RemainingKey, count => count - 1);
            var isFirst = JoinMode is ForkJoinMode.WaitAny && context.ChildContext.Status is not ActivityStatus.Canceled;
            if (remaining == 0 || isFirst)
            {
                await context.CompleteActivityAsync();
            }
        }
    }
}
