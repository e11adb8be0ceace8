using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Runtime;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>Asks somebody outside to do something and waits for the result. The request is sent after the wait is stored, at least once under its task id.</summary>
[Activity("Elsa", "Primitives", "Asks for a task to be done and waits for its result")]
public class RunTask : Activity<object>
{
    /// <summary>The input that carries the result.</summary>
    public const string InputKey = "RunTaskInput";

    /// <summary>Creates an empty one.</summary>
    public RunTask()
    {
    }

    /// <summary>Puts the result into a variable.</summary>
    public RunTask(MemoryBlockReference output)
        : base(output)
    {
    }

    /// <summary>Puts the result into an output.</summary>
    public RunTask(Output<object>? output)
        : base(output)
    {
    }

    /// <summary>Asks for this task.</summary>
    public RunTask(string taskName)
        : this(new Input<string>(taskName))
    {
    }

    /// <summary>Asks for the task that code names.</summary>
    public RunTask(Func<string> taskName)
        : this(new Input<string>(taskName))
    {
    }

    /// <summary>Asks for the task that code names.</summary>
    public RunTask(Func<ExpressionExecutionContext, string> taskName)
        : this(new Input<string>(taskName))
    {
    }

    /// <summary>Asks for the task that a variable names.</summary>
    public RunTask(Variable<string> taskName)
        : this(new Input<string>(taskName))
    {
    }

    /// <summary>Asks for this task.</summary>
    public RunTask(Input<string> taskName) => TaskName = taskName;

    /// <summary>What kind of task it is.</summary>
    [Input(Description = "The name of the task to ask for")]
    public Input<string> TaskName { get; set; } = new("");

    /// <summary>What whoever does it needs to know.</summary>
    [Input(Description = "What whoever does the task needs to know")]
    public Input<IDictionary<string, object?>?> Payload { get; set; } = new((IDictionary<string, object?>?)null);

    /// <summary>The task's id: with it the result is reported.</summary>
    [Output(Description = "The id under which the result is reported")]
    public Output<string>? TaskId { get; set; }

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var workflow = context.WorkflowExecutionContext;
        var taskId = workflow.NewId();
        var taskName = context.Get(TaskName) ?? "";
        context.Set(TaskId, taskId);
        context.JournalData["TaskId"] = taskId;
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkId = taskId,
            Stimulus = new RunTaskStimulus(taskId, taskName),
            Callback = OnResultAsync,
            IncludeActivityInstanceId = false,
        });
        workflow.AddOutbox(TaskRelay.OutboxKind, new RunTaskRequest(context, taskId, taskName, context.Get(Payload)));
    }

    private ValueTask OnResultAsync(ActivityExecutionContext context)
    {
        context.WorkflowInput.TryGetValue(InputKey, out var result);
        context.Set(Result, result);
        return context.CompleteActivityAsync();
    }
}
