using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Looping;

namespace Elsa.Workflows.Activities;

/// <summary>Runs its body for each of several items, one after the other.</summary>
[Activity("Elsa", "Looping", "Runs an activity for each of several items, one after the other")]
public class ForEach : ForEach<object?>;

/// <summary>Runs its body for each of several items, one after the other. The body sees the variables CurrentValue and CurrentIndex (from 0).</summary>
/// <remarks>The items are found once, when the loop begins, and stored with the instance.</remarks>
[Activity("Elsa", "ForEachOfType", 1, "Runs an activity for each of several items, one after the other", "Looping")]
public class ForEach<T> : Activity
{
    private const string RoundKey = "Round";

    /// <summary>Creates an empty one.</summary>
    public ForEach() => OnSignalReceived<BreakSignal>(Iteration.BreakAsync);

    /// <summary>Runs for what code makes.</summary>
    public ForEach(Func<ExpressionExecutionContext, ICollection<T>> @delegate)
        : this(new Input<ICollection<T>>(@delegate))
    {
    }

    /// <summary>Runs for what code makes.</summary>
    public ForEach(Func<ICollection<T>> @delegate)
        : this(new Input<ICollection<T>>(@delegate))
    {
    }

    /// <summary>Runs for constants.</summary>
    public ForEach(ICollection<T> items)
        : this(new Input<ICollection<T>>(items))
    {
    }

    /// <summary>Runs for what an expression makes.</summary>
    public ForEach(Input<ICollection<T>> items)
        : this() => Items = items;

    /// <summary>The items.</summary>
    [Input(Description = "The items")]
    public Input<ICollection<T>> Items { get; set; } = new(Array.Empty<T>());

    /// <summary>Runs for each item.</summary>
    [Port]
    public IActivity? Body { get; set; }

    /// <summary>Where the item of the present round goes.</summary>
    [Output(Description = "Where the item of the present round goes")]
    public Output<T>? CurrentValue { get; set; }

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => RunRoundAsync(context);

    private async ValueTask RunRoundAsync(ActivityExecutionContext context)
    {
        var round = context.GetProperty<int>(RoundKey);
        var items = context.Get(Items) ?? [];
        if (Body is null || round >= items.Count)
        {
            await context.CompleteActivityAsync();
            return;
        }

        var item = items.ElementAt(round);
        context.SetProperty(RoundKey, round + 1);
        context.Set(CurrentValue, item);
        await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, variables: Iteration.Variables(round, item));
    }

    private ValueTask OnBodyCompletedAsync(ActivityCompletedContext context) => RunRoundAsync(context.TargetContext);
}
