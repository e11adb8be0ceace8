using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;

namespace SpeElsa.Engine.Tests;

/// <summary>Has effects, and never may.</summary>
[Activity("Test", "Test", Kind = ActivityKind.Task)]
public sealed class NeverTask : CodeActivity
{
    protected override bool CanExecute(ActivityExecutionContext context) => false;
}

/// <summary>Never may run.</summary>
[Activity("Test", "Test", "Never may run")]
public sealed class Never : CodeActivity
{
    protected override bool CanExecute(ActivityExecutionContext context) => false;
}

/// <summary>Goes on in a lambda, which a restart could not find again.</summary>
[Activity("Test", "Test", "Waits with a lambda")]
public sealed class LambdaWait : Activity
{
    protected override void Execute(ActivityExecutionContext context) => context.CreateBookmark(inner => inner.CompleteActivityAsync());
}

/// <summary>Waits on two bookmarks; either of them completes it.</summary>
[Activity("Test", "Test", "Waits for either of two")]
public sealed class EitherWait : Activity<string>
{
    protected override void Execute(ActivityExecutionContext context)
    {
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Either", Stimulus = "one", Callback = OnOneAsync });
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Either", Stimulus = "two", Callback = OnTwoAsync });
    }

    private ValueTask OnOneAsync(ActivityExecutionContext context) => EndAsync(context, "one");

    private ValueTask OnTwoAsync(ActivityExecutionContext context) => EndAsync(context, "two");

    private ValueTask EndAsync(ActivityExecutionContext context, string result)
    {
        context.Set(Result, result);
        return context.CompleteActivityAsync();
    }
}

/// <summary>Waits under an id of the author's choice.</summary>
[Activity("Test", "Test", "Waits under a chosen id")]
public sealed class ChosenIdWait : Activity
{
    protected override void Execute(ActivityExecutionContext context) => context.CreateBookmark(new CreateBookmarkArgs { BookmarkId = "chosen", BookmarkName = "Chosen" });
}

/// <summary>Counts every signal without ever completing.</summary>
[Activity("Test", "Test", "Counts signals")]
public sealed class Counter : Activity<int>
{
    protected override void Execute(ActivityExecutionContext context) =>
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Count", Stimulus = "count", Callback = OnSignal, AutoBurn = false });

    private ValueTask OnSignal(ActivityExecutionContext context)
    {
        context.Set(Result, context.UpdateProperty<int>("N", count => count + 1));
        return ValueTask.CompletedTask;
    }
}

/// <summary>Has an output beside its result, and an input that is evaluated once.</summary>
[Activity("Test", "Test", "Puts out two values around a wait")]
public sealed class TwoOutputs : Activity<string>
{
    [Input]
    public Input<object?> Value { get; set; } = new((object?)null);

    [Output]
    public Output<string>? Evidence { get; set; }

    protected override void Execute(ActivityExecutionContext context)
    {
        context.Set(Evidence, $"first {context.Get(Value)}");
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "two", Callback = OnResumedAsync });
    }

    private ValueTask OnResumedAsync(ActivityExecutionContext context)
    {
        context.Set(Result, $"then {context.Get(Value)}");
        return context.CompleteActivityAsync();
    }
}

/// <summary>Waits, and breaks the rule that everything stored can be written as JSON.</summary>
[Activity("Test", "Test", "Keeps what can not be stored")]
public sealed class UnstorableWait : Activity
{
    protected override void Execute(ActivityExecutionContext context)
    {
        context.SetProperty("Infinity", double.PositiveInfinity);
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Unstorable" });
    }
}

/// <summary>Holds a list of parts with an activity and a condition each, and runs the first.</summary>
[Activity("Test", "Test", "Runs the first of several")]
public sealed class Cases : Activity
{
    [Input(Name = "Cases")]
    public ICollection<LabelledCase> Items { get; set; } = [];

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await context.ScheduleActivityAsync(Items.First().Activity, OnCaseCompletedAsync);

    private ValueTask OnCaseCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync();
}

/// <summary>A case.</summary>
public sealed class LabelledCase
{
    public string Label { get; set; } = "";

    public int Code { get; set; }

    public Elsa.Expressions.Models.Expression? Condition { get; set; }

    public IActivity? Activity { get; set; }
}

/// <summary>Lets its flowchart follow "Early" at once, and waits before it is done.</summary>
[Activity("Test", "Test", "Follows an outcome before it is done")]
public sealed class EarlyOutcome : Activity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        await context.ScheduleOutcomesAsync("Early");
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "early" });
    }
}

/// <summary>Waits, and gives itself up when it is told to go on.</summary>
[Activity("Test", "Test", "Gives itself up")]
public sealed class GiveUp : Activity, ITerminalNode
{
    protected override void Execute(ActivityExecutionContext context) =>
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "give up", Callback = OnResumedAsync });

    private async ValueTask OnResumedAsync(ActivityExecutionContext context) => await context.CancelActivityAsync();
}

/// <summary>Asks its container to run the activity "extra" with an input.</summary>
[Activity("Test", "Test", "Asks for another activity")]
public sealed class AskForExtra : CodeActivity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await context.SendSignalAsync(
        new ScheduleChildActivity(context.FindActivityByIdOrName("extra")!, new Dictionary<string, object?> { ["Reason"] = "asked" }));
}

/// <summary>Tells the input it was given by whom it was scheduled.</summary>
[Activity("Test", "Test", "Tells its input")]
public sealed class TellInput : CodeActivity<string>
{
    protected override void Execute(ActivityExecutionContext context) => context.Set(Result, $"{context.ActivityInput["Reason"]}");
}

/// <summary>Says that an activity of the workflow has started the run.</summary>
[Activity("Test", "Test", "Says which activity was the trigger")]
public sealed class SetTrigger : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context) => context.WorkflowExecutionContext.TriggerActivityId = "trigger";
}

/// <summary>Is made of others: it ends with the outcome "Left" before its last line.</summary>
[Activity("Test", "Test", "Is made of others")]
public sealed class Composed : Composite
{
    private static readonly string[] Left = ["Left"];

    public Composed() => Root = new Sequence { Activities = [new WriteLine("inside"), new Complete(Left), new WriteLine("unreached")] };
}

/// <summary>Faults the first time it runs; what was wrong is mended when it is asked to go on.</summary>
[Activity("Test", "Test", "Recovers from a fault")]
public sealed class Recovering : Activity
{
    protected override void Execute(ActivityExecutionContext context)
    {
        context.Fault(new InvalidOperationException("broken"));
        context.SetProperty("WasFaulted", context.Status is ActivityStatus.Faulted);
        context.RecoverFromFault();
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "mended", Callback = OnMendedAsync });
    }

    private ValueTask OnMendedAsync(ActivityExecutionContext context)
    {
        context.AddExecutionLogEntry("Mended", context.GetProperty<bool>("WasFaulted") ? "it had failed" : "it had not failed");
        return context.CompleteActivityAsync();
    }
}

/// <summary>Waits on a bookmark that does not complete it by itself.</summary>
[Activity("Test", "Test", "Does not complete by itself")]
public sealed class NotAutomatic : Activity
{
    protected override void Execute(ActivityExecutionContext context)
    {
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "nothing", AutoComplete = false });
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = "Elsa.Event", Stimulus = "complete" });
    }
}

/// <summary>Hears what is sent below it and counts it; lets nobody further up hear it.</summary>
[Activity("Test", "Test", "Hears signals")]
public sealed class Listener : Container
{
    public Listener() => OnSignalReceived<string>((signal, context) =>
    {
        context.ReceiverActivityExecutionContext.AddExecutionLogEntry("Heard", signal);
        if (signal == "stop")
        {
            context.StopPropagation();
        }
    });

    protected override ValueTask ScheduleChildrenAsync(ActivityExecutionContext context) => context.ScheduleActivityAsync(Activities.First(), OnChildCompletedAsync);

    private ValueTask OnChildCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync();
}

/// <summary>Sends two signals, one of which is to be stopped on its way.</summary>
[Activity("Test", "Test", "Sends signals")]
public sealed class Shouter : CodeActivity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        await context.SendSignalAsync("stop");
        await context.SendSignalAsync("go on");
    }
}
