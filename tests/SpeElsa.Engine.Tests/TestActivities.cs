using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

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
