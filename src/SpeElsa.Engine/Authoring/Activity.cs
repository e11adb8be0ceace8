using Elsa.Expressions.Models;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows;

/// <summary>Base of all activities. Complete with <see cref="ActivityExecutionContext.CompleteActivityAsync"/>, or make a bookmark and wait.</summary>
/// <remarks>An activity of kind Task or Job may be executed again after a crash: look at the world before acting on it.</remarks>
public abstract class Activity : IActivity, ISignalHandler
{
    private readonly List<(Type SignalType, Func<object, SignalContext, ValueTask> Handler)> _signalHandlers = [];

    /// <summary>Creates an activity named by its <see cref="Attributes.ActivityAttribute"/>.</summary>
    protected Activity(string? source = null, int? line = null)
    {
        var identity = ActivityTypeNames.Of(GetType());
        Type = identity.TypeName;
        Version = identity.Version;
        if (source is not null)
        {
            Metadata["source"] = line is null ? source : $"{source}:{line}";
        }
    }

    /// <summary>Creates an activity of a given stored type.</summary>
    protected Activity(string activityType, int version = 1, string? source = null, int? line = null)
        : this(source, line)
    {
        Type = activityType;
        Version = version;
    }

    /// <inheritdoc />
    public string Id { get; set; } = "";

    /// <inheritdoc />
    public string NodeId { get; set; } = "";

    /// <inheritdoc />
    public string? Name { get; set; }

    /// <inheritdoc />
    public string Type { get; set; }

    /// <inheritdoc />
    public int Version { get; set; }

    /// <summary>Whether the workflow may begin here.</summary>
    public bool CanStartWorkflow
    {
        get => CustomProperties.TryGetValue("canStartWorkflow", out var value) && value is true;
        set => CustomProperties["canStartWorkflow"] = value;
    }

    /// <summary>Whether a Task runs in the background.</summary>
    public bool? RunAsynchronously
    {
        get => CustomProperties.TryGetValue("runAsynchronously", out var value) ? value as bool? : null;
        set => SetCustomProperty("runAsynchronously", value);
    }

    /// <inheritdoc />
    public IDictionary<string, object> CustomProperties { get; set; } = new Dictionary<string, object>();

    /// <inheritdoc />
    public IDictionary<string, object> SyntheticProperties { get; set; } = new Dictionary<string, object>();

    /// <inheritdoc />
    public IDictionary<string, object> Metadata { get; set; } = new Dictionary<string, object>();

    /// <summary>When the state is saved, by name. Kept for other engines; here every effect is committed before and after.</summary>
    public string? CommitStrategy
    {
        get => CustomProperties.TryGetValue("commitStrategyName", out var value) ? value as string : null;
        set => SetCustomProperty("commitStrategyName", value);
    }

    /// <summary>Whether the activity may run now.</summary>
    protected virtual ValueTask<bool> CanExecuteAsync(ActivityExecutionContext context) => new(CanExecute(context));

    /// <summary>Whether the activity may run now.</summary>
    protected virtual bool CanExecute(ActivityExecutionContext context) => true;

    /// <summary>Does the work.</summary>
    protected virtual ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        Execute(context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Does the work.</summary>
    protected virtual void Execute(ActivityExecutionContext context)
    {
    }

    /// <summary>Hears a signal that an activity below this one has sent.</summary>
    protected virtual ValueTask OnSignalReceivedAsync(object signal, SignalContext context)
    {
        OnSignalReceived(signal, context);
        return ValueTask.CompletedTask;
    }

    /// <summary>Hears a signal that an activity below this one has sent.</summary>
    protected virtual void OnSignalReceived(object signal, SignalContext context)
    {
    }

    /// <summary>Hears signals of a type. Call it in the constructor.</summary>
    protected void OnSignalReceived(Type signalType, Func<object, SignalContext, ValueTask> handler) => _signalHandlers.Add((signalType, handler));

    /// <summary>Hears signals of a type. Call it in the constructor.</summary>
    protected void OnSignalReceived<T>(Func<T, SignalContext, ValueTask> handler) =>
        OnSignalReceived(typeof(T), (signal, context) => handler((T)signal, context));

    /// <summary>Hears signals of a type. Call it in the constructor.</summary>
    protected void OnSignalReceived<T>(Action<T, SignalContext> handler) => OnSignalReceived<T>((signal, context) =>
    {
        handler(signal, context);
        return ValueTask.CompletedTask;
    });

    /// <summary>Completes the activity with the outcome "Done".</summary>
    protected static ValueTask CompleteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CompleteActivityAsync();
    }

    ValueTask<bool> IActivity.CanExecuteAsync(ActivityExecutionContext context) => CanExecuteAsync(context);

    async ValueTask IActivity.ExecuteAsync(ActivityExecutionContext context)
    {
        await ExecuteAsync(context);
        await AfterExecuteAsync(context);
    }

    async ValueTask ISignalHandler.ReceiveSignalAsync(object signal, SignalContext context)
    {
        foreach (var (_, handler) in _signalHandlers.Where(entry => entry.SignalType.IsInstanceOfType(signal)))
        {
            await handler(signal, context);
        }

        await OnSignalReceivedAsync(signal, context);
    }

    private protected virtual ValueTask AfterExecuteAsync(ActivityExecutionContext context) => ValueTask.CompletedTask;

    private void SetCustomProperty(string key, object? value)
    {
        if (value is null)
        {
            CustomProperties.Remove(key);
        }
        else
        {
            CustomProperties[key] = value;
        }
    }
}

/// <summary>Base of activities with a result.</summary>
public abstract class Activity<T> : Activity, IActivityWithResult<T>
{
    /// <summary>Creates an activity.</summary>
    protected Activity(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Creates an activity of a given stored type.</summary>
    protected Activity(string activityType, int version = 1, string? source = null, int? line = null)
        : base(activityType, version, source, line)
    {
    }

    /// <summary>Creates an activity whose result goes to a variable.</summary>
    protected Activity(MemoryBlockReference output, string? source = null, int? line = null)
        : base(source, line) => Result = new Output<T>(output);

    /// <summary>Creates an activity whose result goes to an output.</summary>
    protected Activity(Output<T>? output, string? source = null, int? line = null)
        : base(source, line) => Result = output;

    /// <summary>Where the result goes.</summary>
    [Attributes.Output]
    [System.ComponentModel.Description("What the activity puts out")]
    public Output<T>? Result { get; set; }

    Output? IActivityWithResult.Result
    {
        get => Result;
        set => Result = (Output<T>?)value;
    }
}

/// <summary>Base of activities that complete when their code returns.</summary>
public abstract class CodeActivity : Activity
{
    /// <summary>Creates an activity.</summary>
    protected CodeActivity(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Creates an activity of a given stored type.</summary>
    protected CodeActivity(string activityType, int version = 1, string? source = null, int? line = null)
        : base(activityType, version, source, line)
    {
    }

    /// <summary>Completes with "Done" what the code has neither completed nor left waiting.</summary>
    private protected sealed override ValueTask AfterExecuteAsync(ActivityExecutionContext context) =>
        context.IsCompleted || context.IsWaiting || context.Status is not ActivityStatus.Running
            ? ValueTask.CompletedTask
            : context.CompleteActivityAsync();
}

/// <summary>Base of activities with a result that complete when their code returns.</summary>
public abstract class CodeActivity<T> : CodeActivity, IActivityWithResult<T>
{
    /// <summary>Creates an activity.</summary>
    protected CodeActivity(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Creates an activity of a given stored type.</summary>
    protected CodeActivity(string activityType, int version = 1, string? source = null, int? line = null)
        : base(activityType, version, source, line)
    {
    }

    /// <summary>Creates an activity whose result goes to a variable.</summary>
    protected CodeActivity(MemoryBlockReference output, string? source = null, int? line = null)
        : base(source, line) => Result = new Output<T>(output);

    /// <summary>Creates an activity whose result goes to an output.</summary>
    protected CodeActivity(Output<T>? output, string? source = null, int? line = null)
        : base(source, line) => Result = output;

    /// <summary>Where the result goes.</summary>
    [Attributes.Output]
    [System.ComponentModel.Description("What the activity puts out")]
    public Output<T>? Result { get; set; }

    Output? IActivityWithResult.Result
    {
        get => Result;
        set => Result = (Output<T>?)value;
    }
}

/// <summary>Base of activities that can start a workflow.</summary>
public abstract class Trigger : Activity, ITrigger
{
    /// <summary>Creates a trigger.</summary>
    protected Trigger(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Creates a trigger of a given stored type.</summary>
    protected Trigger(string activityType, int version = 1, string? source = null, int? line = null)
        : base(activityType, version, source, line)
    {
    }

    /// <summary>The stimuli that start the workflow.</summary>
    protected virtual ValueTask<IEnumerable<object>> GetTriggerPayloadsAsync(TriggerIndexingContext context) => new(GetTriggerPayloads(context));

    /// <summary>The stimuli that start the workflow.</summary>
    protected virtual IEnumerable<object> GetTriggerPayloads(TriggerIndexingContext context) => [GetTriggerPayload(context)];

    /// <summary>The stimulus that starts the workflow.</summary>
    protected virtual object GetTriggerPayload(TriggerIndexingContext context) => new();

    ValueTask<IEnumerable<object>> ITrigger.GetTriggerPayloadsAsync(TriggerIndexingContext context) => GetTriggerPayloadsAsync(context);
}

/// <summary>Base of activities with a result that can start a workflow.</summary>
public abstract class Trigger<TResult> : Activity<TResult>, ITrigger
{
    /// <summary>Creates a trigger.</summary>
    protected Trigger(string? source = null, int? line = null)
        : base(source, line)
    {
    }

    /// <summary>Creates a trigger of a given stored type.</summary>
    protected Trigger(string activityType, int version = 1, string? source = null, int? line = null)
        : base(activityType, version, source, line)
    {
    }

    /// <summary>The stimuli that start the workflow.</summary>
    protected virtual ValueTask<IEnumerable<object>> GetTriggerPayloadsAsync(TriggerIndexingContext context) => new(GetTriggerPayloads(context));

    /// <summary>The stimuli that start the workflow.</summary>
    protected virtual IEnumerable<object> GetTriggerPayloads(TriggerIndexingContext context) => [GetTriggerPayload(context)];

    /// <summary>The stimulus that starts the workflow.</summary>
    protected virtual object GetTriggerPayload(TriggerIndexingContext context) => new();

    ValueTask<IEnumerable<object>> ITrigger.GetTriggerPayloadsAsync(TriggerIndexingContext context) => GetTriggerPayloadsAsync(context);
}
