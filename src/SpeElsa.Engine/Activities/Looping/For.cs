using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Looping;

namespace Elsa.Workflows.Activities;

/// <summary>Counts from one number to another and runs its body for each. The body sees the variables CurrentValue and CurrentIndex (from 0).</summary>
[Activity("Elsa", "Looping", "Counts from one number to another and runs an activity for each")]
public class For : Activity
{
    private const string RoundKey = "Round";

    /// <summary>Creates an empty one.</summary>
    public For() => OnSignalReceived<BreakSignal>(Iteration.BreakAsync);

    /// <summary>Counts over constants.</summary>
    public For(int start, int end, int step)
        : this()
    {
        Start = new Input<int>(start);
        End = new Input<int>(end);
        Step = new Input<int>(step);
    }

    /// <summary>The first number. Default 0.</summary>
    [Input(Description = "The first number")]
    public Input<int> Start { get; set; } = new(0);

    /// <summary>The number where it ends. Default 0.</summary>
    [Input(Description = "The number where it ends")]
    public Input<int> End { get; set; } = new(0);

    /// <summary>What is added for each round; negative counts down, 0 is a fault. Default 1.</summary>
    [Input(Description = "What is added for each round; a negative number counts down")]
    public Input<int> Step { get; set; } = new(1);

    /// <summary>Whether <see cref="End"/> itself gets a round. Default true.</summary>
    [Input(Description = "Whether the number where it ends gets a round itself", DefaultValue = true)]
    public Input<bool> OuterBoundInclusive { get; set; } = new(true);

    /// <summary>Runs for each number.</summary>
    [Port]
    public IActivity? Body { get; set; }

    /// <summary>Where the number of the present round goes.</summary>
    [Output(Description = "Where the number of the present round goes")]
    public Output<object?>? CurrentValue { get; set; }

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(Step) == 0
            ? throw new InvalidOperationException("A step of 0 would never come to the end; choose another step.")
            : RunRoundAsync(context);
    }

    private async ValueTask RunRoundAsync(ActivityExecutionContext context)
    {
        var round = context.GetProperty<long>(RoundKey);
        var current = context.Get(Start) + (round * context.Get(Step));
        if (Body is null || !IsWithin(context, current))
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(RoundKey, round + 1);
        context.Set(CurrentValue, (int)current);
        await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, variables: Iteration.Variables(round, (int)current));
    }

    private bool IsWithin(ActivityExecutionContext context, long current)
    {
        var ahead = context.Get(Step) > 0 ? context.Get(End) - current : current - context.Get(End);
        return ahead > 0 || (ahead == 0 && context.Get(OuterBoundInclusive));
    }

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => RunRoundAsync(context.TargetContext);
}
