using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Scheduling.Activities;

/// <summary>Waits for a time span. One that ends while the server is down fires once when it is back.</summary>
[Activity("Elsa", "Scheduling", "Waits for a time span")]
public class Delay : Activity
{
    /// <summary>Creates an empty one.</summary>
    public Delay()
    {
    }

    /// <summary>Waits this long.</summary>
    public Delay(TimeSpan timeSpan)
        : this(new Input<TimeSpan>(timeSpan))
    {
    }

    /// <summary>Waits this long.</summary>
    public Delay(Input<TimeSpan> timeSpan) => TimeSpan = timeSpan;

    /// <summary>Waits as long as code says.</summary>
    public Delay(Func<ExpressionExecutionContext, TimeSpan> timeSpan)
        : this(new Input<TimeSpan>(timeSpan))
    {
    }

    /// <summary>Waits as long as a variable says.</summary>
    public Delay(Variable<TimeSpan> timeSpan)
        : this(new Input<TimeSpan>(timeSpan))
    {
    }

    /// <summary>How long.</summary>
    [Input(DisplayName = "Time Span", Description = "How long to wait", DefaultValue = "00:01:00")]
    public Input<TimeSpan> TimeSpan { get; set; } = new(System.TimeSpan.FromMinutes(1));

    /// <summary>Waits for milliseconds.</summary>
    public static Delay FromMilliseconds(double value) => new(System.TimeSpan.FromMilliseconds(value));

    /// <summary>Waits for minutes.</summary>
    public static Delay FromMinutes(double value) => new(System.TimeSpan.FromMinutes(value));

    /// <summary>Waits for hours.</summary>
    public static Delay FromHours(double value) => new(System.TimeSpan.FromHours(value));

    /// <summary>Waits for days.</summary>
    public static Delay FromDays(double value) => new(System.TimeSpan.FromDays(value));

    /// <summary>Waits for seconds.</summary>
    public static Delay FromSeconds(double value) => new(System.TimeSpan.FromSeconds(value));

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DelayFor(context.Get(TimeSpan), OnDelayElapsedAsync);
    }

    private ValueTask OnDelayElapsedAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}
