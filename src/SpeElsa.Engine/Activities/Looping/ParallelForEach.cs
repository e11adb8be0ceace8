using System.Collections;
using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Looping;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Activities;

/// <summary>Runs its body for all of several items side by side.</summary>
[Activity("Elsa", "Looping", "Runs an activity for all of several items side by side", DisplayName = "Parallel for Each")]
public class ParallelForEach : ParallelForEach<object?>;

/// <summary>
/// Runs its body for all of several items side by side and completes when the last has. Each round has variables CurrentValue and CurrentIndex of its own.
/// </summary>
[Activity("Elsa", "ParallelForEachOfType", 1, "Runs an activity for all of several items side by side", "Looping")]
public class ParallelForEach<T> : Activity
{
    private const string RemainingKey = "Remaining";

    /// <summary>Creates an empty one.</summary>
    public ParallelForEach() => OnSignalReceived<BreakSignal>(Iteration.BreakAsync);

    /// <summary>Runs for what code makes.</summary>
    public ParallelForEach(Func<ExpressionExecutionContext, ICollection<T>> @delegate)
        : this(new Input<object>(context => (object)@delegate(context)))
    {
    }

    /// <summary>Runs for what code makes.</summary>
    public ParallelForEach(Func<ICollection<T>> @delegate)
        : this(new Input<object>(() => (object)@delegate()))
    {
    }

    /// <summary>Runs for constants.</summary>
    public ParallelForEach(ICollection<T> items)
        : this(new Input<object>((object)items))
    {
    }

    /// <summary>Runs for what an expression makes.</summary>
    public ParallelForEach(Input<object> items)
        : this() => Items = items;

    /// <summary>The items: a list, JSON text of one, or a single item.</summary>
    [Input(Description = "The items")]
    public Input<object> Items { get; set; } = new(Array.Empty<T>());

    /// <summary>Runs for each item.</summary>
    [Port]
    public IActivity? Body { get; set; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var items = ItemsOf(context.Get(Items));
        if (Body is null || items.Count == 0)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.SetProperty(RemainingKey, items.Count);
        for (var index = 0; index < items.Count; index++)
        {
            await context.ScheduleActivityAsync(Body, OnBodyCompletedAsync, index, Iteration.Variables(index, items[index]));
        }
    }

    private static List<T?> ItemsOf(object? value) => value switch
    {
        null => [],
        string text when text.TrimStart().StartsWith('[') => ObjectConverter.ConvertTo<List<T?>>(text) ?? [],
        string or IDictionary => [ObjectConverter.ConvertTo<T>(value)],
        IEnumerable items when value is not IDictionary<string, object?> => [.. items.Cast<object?>().Select(ObjectConverter.ConvertTo<T>)],
        _ => [ObjectConverter.ConvertTo<T>(value)],
    };

    private async ValueTask OnBodyCompletedAsync(ActivityCompletedContext context)
    {
        if (context.TargetContext.UpdateProperty<int>(RemainingKey, remaining => remaining - 1) == 0)
        {
            await context.CompleteActivityAsync();
        }
    }
}
