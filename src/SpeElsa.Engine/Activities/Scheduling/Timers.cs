using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Scheduling.Bookmarks;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Scheduling.Activities;

/// <summary>Base of triggers that start a workflow by themselves.</summary>
public abstract class EventGenerator : Trigger
{
    /// <summary>Creates one.</summary>
    protected EventGenerator(string? source = null, int? line = null)
        : base(source, line)
    {
    }
}

/// <summary>Base of triggers that come due again and again after the same time span.</summary>
public abstract class TimerBase : EventGenerator
{
    /// <summary>The time span.</summary>
    protected abstract TimeSpan GetInterval(ExpressionExecutionContext context);

    /// <summary>Does something when it is due, before the activity completes.</summary>
    protected virtual ValueTask OnTimerElapsedAsync(ActivityExecutionContext context)
    {
        OnTimerElapsed(context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Does something when it is due, before the activity completes.</summary>
    protected virtual void OnTimerElapsed(ActivityExecutionContext context)
    {
    }

    /// <summary>Completes where it has started the run; waits one time span in the middle of one.</summary>
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsTriggerOfWorkflow())
        {
            await OnElapsedAsync(context);
        }
        else
        {
            context.DelayFor(Positive(GetInterval(context.ExpressionExecutionContext)), OnElapsedAsync);
        }
    }

    /// <inheritdoc />
    protected override object GetTriggerPayload(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var interval = Positive(GetInterval(context.ExpressionExecutionContext));
        context.TriggerName = TimerTriggerPayload.Name;
        return new TimerTriggerPayload(context.ExpressionExecutionContext.GetRequiredService<TimeProvider>().GetUtcNow() + interval, interval);
    }

    private static TimeSpan Positive(TimeSpan interval) =>
        interval > TimeSpan.Zero ? interval : throw new InvalidOperationException("The interval has to be longer than nothing.");

    private async ValueTask OnElapsedAsync(ActivityExecutionContext context)
    {
        await OnTimerElapsedAsync(context);
        await context.CompleteActivityAsync();
    }
}

/// <summary>Starts the workflow again and again; in the middle of one it waits one time span.</summary>
[Activity("Elsa", "Scheduling", "Starts the workflow again and again after a time span")]
public class Timer : TimerBase
{
    /// <summary>Creates an empty one.</summary>
    public Timer()
    {
    }

    /// <summary>Comes due after this span.</summary>
    public Timer(TimeSpan interval)
        : this(new Input<TimeSpan>(interval))
    {
    }

    /// <summary>Comes due after this span.</summary>
    public Timer(Input<TimeSpan> interval) => Interval = interval;

    /// <summary>The time span.</summary>
    [Input(Description = "How long from one start to the next, as hh:mm:ss", DefaultValue = "00:01:00")]
    public Input<TimeSpan> Interval { get; set; } = new(TimeSpan.FromMinutes(1));

    /// <summary>Comes due after this span.</summary>
    public static Timer FromTimeSpan(TimeSpan value) => new(value);

    /// <summary>Comes due after this span.</summary>
    public static Timer FromSeconds(double value) => new(TimeSpan.FromSeconds(value));

    /// <inheritdoc />
    protected override TimeSpan GetInterval(ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get<TimeSpan>(Interval.MemoryBlockReference());
    }
}

/// <summary>Starts the workflow at the times of a cron expression, in UTC; in the middle of one it waits for the next such time.</summary>
[Activity("Elsa", "Scheduling", "Starts the workflow at the times of a cron expression, in UTC")]
public class Cron : EventGenerator
{
    /// <summary>Creates an empty one.</summary>
    public Cron()
    {
    }

    /// <summary>Comes due at the times of an expression.</summary>
    public Cron(string cronExpression)
        : this(new Input<string>(cronExpression))
    {
    }

    /// <summary>Comes due at the times of an expression.</summary>
    public Cron(Input<string> cronExpression) => CronExpression = cronExpression;

    /// <summary>The expression: minute hour day month weekday, or with the seconds first.</summary>
    [Input(Description = "Minute hour day month weekday, or six fields with the seconds first; UTC", DefaultValue = "0 3 * * *")]
    public Input<string> CronExpression { get; set; } = new("0 3 * * *");

    /// <summary>Comes due at the times of an expression.</summary>
    public static Cron FromCronExpression(string value) => new(value);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.IsTriggerOfWorkflow())
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.DelayUntil(CronTimes.Next(context.Get(CronExpression) ?? "", context.WorkflowExecutionContext.Now));
    }

    /// <inheritdoc />
    protected override object GetTriggerPayload(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var expression = context.Get(CronExpression) ?? "";
        var now = context.ExpressionExecutionContext.GetRequiredService<TimeProvider>().GetUtcNow();
        return new CronTriggerPayload(CronTimes.Next(expression, now), expression);
    }
}

/// <summary>Starts the workflow once, at a time; in the middle of one it waits until then. A time that is past is due at once.</summary>
[Activity("Elsa", "Scheduling", "Starts the workflow once, at a time")]
public class StartAt : Trigger
{
    /// <summary>Creates an empty one.</summary>
    public StartAt()
    {
    }

    /// <summary>Comes due at a time.</summary>
    public StartAt(Input<DateTimeOffset> dateTime) => DateTime = dateTime;

    /// <summary>Comes due at a time.</summary>
    public StartAt(DateTimeOffset dateTime)
        : this(new Input<DateTimeOffset>(dateTime))
    {
    }

    /// <summary>Comes due when code says.</summary>
    public StartAt(Func<ExpressionExecutionContext, DateTimeOffset> dateTime)
        : this(new Input<DateTimeOffset>(dateTime))
    {
    }

    /// <summary>Comes due when code says.</summary>
    public StartAt(Func<DateTimeOffset> dateTime)
        : this(new Input<DateTimeOffset>(dateTime))
    {
    }

    /// <summary>Comes due when a variable says.</summary>
    public StartAt(Variable<DateTimeOffset> dateTime)
        : this(new Input<DateTimeOffset>(dateTime))
    {
    }

    /// <summary>When.</summary>
    [Input(UIHint = "datetime-picker", Description = "When to start")]
    public Input<DateTimeOffset> DateTime { get; set; } = new(default(DateTimeOffset));

    /// <summary>Comes due at a time.</summary>
    public static StartAt From(DateTimeOffset value) => new(value);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var time = context.Get(DateTime);
        if (context.IsTriggerOfWorkflow() || time <= context.WorkflowExecutionContext.Now)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.CreateBookmark(new CreateBookmarkArgs { Stimulus = new StartAtPayload(time), IncludeActivityInstanceId = true });
    }

    /// <inheritdoc />
    protected override object GetTriggerPayload(TriggerIndexingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new StartAtPayload(context.Get(DateTime));
    }
}
