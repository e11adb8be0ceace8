using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows;

/// <summary>One execution of an activity: its scope, its state, and what it may ask of the engine.</summary>
public partial class ActivityExecutionContext
{
    private readonly HashSet<ActivityExecutionContext> _children = [];

    internal ActivityExecutionContext(
        string id,
        WorkflowExecutionContext workflow,
        ActivityExecutionContext? parent,
        ActivityNode node,
        ActivityDescriptor descriptor,
        DateTimeOffset startedAt)
    {
        Id = id;
        WorkflowExecutionContext = workflow;
        ParentActivityExecutionContext = parent;
        ActivityNode = node;
        ActivityDescriptor = descriptor;
        StartedAt = startedAt;
        ExpressionExecutionContext = new ExpressionExecutionContext(
            workflow.ServiceProvider,
            new MemoryRegister(),
            parent?.ExpressionExecutionContext,
            new Dictionary<object, object> { [ExpressionScope.Key] = this },
            cancellationToken: workflow.CancellationToken);
        parent?._children.Add(this);
        if (node.Activity is IVariableContainer container)
        {
            ExpressionExecutionContext.Memory.Declare(container.Variables);
        }
    }

    /// <summary>The execution id: derived from the instance, so that a burst that is run again after a crash makes the same one.</summary>
    public string Id { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; internal set; }

    /// <summary>What the scheduling activity attached.</summary>
    public object? Tag { get; set; }

    /// <summary>Whether it has ended, well or not.</summary>
    public bool IsCompleted => Status is ActivityStatus.Completed or ActivityStatus.Canceled;

    /// <summary>Whether its code is running now.</summary>
    public bool IsExecuting { get; internal set; }

    /// <summary>How often it faulted.</summary>
    public int AggregateFaultCount { get; internal set; }

    /// <summary>The run it belongs to.</summary>
    public WorkflowExecutionContext WorkflowExecutionContext { get; }

    /// <summary>The execution that scheduled it, or null for the workflow's root.</summary>
    public ActivityExecutionContext? ParentActivityExecutionContext { get; }

    /// <summary>The execution whose code scheduled it: in a flowchart the activity before it; null for the workflow's root.</summary>
    public string? SchedulingActivityExecutionId { get; internal set; }

    /// <summary>The activity of that execution.</summary>
    public string? SchedulingActivityId { get; internal set; }

    /// <summary>How many executions led to it, 0 for the workflow's root.</summary>
    public int CallStackDepth { get; internal set; }

    /// <summary>Values that live for one burst and are never stored.</summary>
    public IDictionary<object, object> TransientProperties { get; set; } = new Dictionary<object, object>();

    /// <summary>Its scope.</summary>
    public ExpressionExecutionContext ExpressionExecutionContext { get; }

    /// <summary>The node of the graph.</summary>
    public ActivityNode ActivityNode { get; }

    /// <summary>The node's id.</summary>
    public string NodeId => ActivityNode.NodeId;

    /// <summary>The activity.</summary>
    public IActivity Activity => ActivityNode.Activity;

    /// <summary>The activity's type.</summary>
    public ActivityDescriptor ActivityDescriptor { get; }

    /// <summary>Stops the burst: the process is shutting down. The activity is run again later.</summary>
    public CancellationToken CancellationToken => WorkflowExecutionContext.CancellationToken;

    /// <summary>Where it stands.</summary>
    public ActivityStatus Status { get; private set; } = ActivityStatus.Pending;

    /// <summary>What it threw, or null.</summary>
    public Exception? Exception { get; internal set; }

    /// <summary>State of its own, stored with the instance. Small and serializable.</summary>
    public IDictionary<string, object?> Properties { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Facts about the execution, stored with the instance.</summary>
    public IDictionary<string, object?> Metadata { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Variables it declared while running.</summary>
    public ICollection<Variable> DynamicVariables { get; set; } = [];

    /// <summary>Variables of its scope.</summary>
    public IEnumerable<Variable> Variables => (Activity is IVariableContainer container ? container.Variables : []).Concat(DynamicVariables);

    /// <summary>The executions it scheduled that are not yet removed.</summary>
    public ISet<ActivityExecutionContext> Children => _children;

    /// <summary>Input of the run and of the stimulus that is being handled.</summary>
    public IDictionary<string, object?> WorkflowInput => WorkflowScope.InputOf(this);

    /// <summary>Input given by the scheduling activity; stored with the instance.</summary>
    public IDictionary<string, object?> ActivityInput { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Goes into the journal row that records the end of this entry.</summary>
    public IDictionary<string, object?> JournalData { get; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>The evaluated inputs by name.</summary>
    public IDictionary<string, object?> ActivityState { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Bookmarks it waits on.</summary>
    public IEnumerable<Bookmark> Bookmarks => WorkflowExecutionContext.Bookmarks.Where(bookmark => bookmark.ActivityInstanceId == Id);

    /// <summary>How many entries with an intent it has had; 2 or more means that an earlier one may have acted already.</summary>
    internal int Attempt { get; set; }

    internal string? CompletionCallbackName { get; set; }

    /// <summary>Its outcomes, where it has completed and its parent failed when it heard of it.</summary>
    internal string[]? UnheardOutcomes { get; set; }

    internal bool IsWaiting => _children.Count > 0 || Bookmarks.Any() || WorkflowExecutionContext.HasWorkOwnedBy(this);

    internal bool HasEffects => ActivityDescriptor.Kind is ActivityKind.Task or ActivityKind.Job;

    /// <summary>Ends the nearest composite around the activity with these outcomes.</summary>
    public ValueTask CompleteCompositeAsync(params string[] outcomes) =>
        this.SendSignalAsync(new CompleteCompositeSignal(new Outcomes(outcomes)));

    /// <summary>Ends the activity and tells the one that scheduled it.</summary>
    /// <param name="result">Usually <see cref="Outcomes"/>; null means the outcome "Done".</param>
    public ValueTask CompleteActivityAsync(object? result = null) => ActivityCompletion.CompleteAsync(this, result);

    /// <summary>Ends the activity with these outcomes.</summary>
    public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes) => CompleteActivityAsync(new Outcomes(outcomes));

    /// <summary>Reads state of its own.</summary>
    public T? GetProperty<T>(string key) => Properties.TryGetValue(key, out var value) ? ObjectConverter.ConvertTo<T>(value) : default;

    /// <summary>Reads state of its own, or makes it.</summary>
    public T GetProperty<T>(string key, Func<T> defaultValue)
    {
        ArgumentNullException.ThrowIfNull(defaultValue);
        if (Properties.TryGetValue(key, out var value) && ObjectConverter.ConvertTo<T>(value) is { } found)
        {
            // What was loaded is plain data; the caller changes the typed value, so that one has to be what is stored next.
            Properties[key] = found;
            return found;
        }

        var made = defaultValue();
        Properties[key] = made;
        return made;
    }

    /// <summary>Writes state of its own.</summary>
    public void SetProperty<T>(string key, T value) => Properties[key] = value;

    /// <summary>Changes state of its own.</summary>
    public T UpdateProperty<T>(string key, Func<T?, T> updater)
    {
        ArgumentNullException.ThrowIfNull(updater);
        var updated = updater(GetProperty<T>(key));
        Properties[key] = updated;
        return updated;
    }

    /// <summary>Removes state of its own.</summary>
    public void RemoveProperty(string key) => Properties.Remove(key);

    /// <summary>Reads a fact about the execution. "Attempt" counts its entries with effects.</summary>
    public T? GetMetadata<T>(string key) => Metadata.TryGetValue(key, out var value) ? ObjectConverter.ConvertTo<T>(value) : default;

    /// <summary>Reads a fact about the execution, or makes it.</summary>
    public T GetMetadata<T>(string key, Func<T> defaultValue)
    {
        ArgumentNullException.ThrowIfNull(defaultValue);
        if (Metadata.TryGetValue(key, out var value) && ObjectConverter.ConvertTo<T>(value) is { } found)
        {
            Metadata[key] = found;
            return found;
        }

        var made = defaultValue();
        Metadata[key] = made;
        return made;
    }

    /// <summary>Writes a fact about the execution.</summary>
    public void SetMetadata<T>(string key, T value) => Metadata[key] = value;

    /// <summary>Changes a fact about the execution.</summary>
    public T UpdateMetadata<T>(string key, Func<T?, T> updater)
    {
        ArgumentNullException.ThrowIfNull(updater);
        var updated = updater(GetMetadata<T>(key));
        Metadata[key] = updated;
        return updated;
    }

    /// <summary>Removes a fact about the execution.</summary>
    public void RemoveMetadata(string key) => Metadata.Remove(key);

    /// <summary>Gets a service of the host.</summary>
    public T GetRequiredService<T>()
        where T : notnull => WorkflowExecutionContext.ServiceProvider.GetRequiredService<T>();

    /// <summary>Gets a service of the host.</summary>
    public object GetRequiredService(Type serviceType) => WorkflowExecutionContext.ServiceProvider.GetRequiredService(serviceType);

    /// <summary>Gets a service of the host, or null.</summary>
    public T? GetService<T>() => WorkflowExecutionContext.ServiceProvider.GetService<T>();

    /// <summary>Gets a service of the host, or null.</summary>
    public object? GetService(Type serviceType) => WorkflowExecutionContext.ServiceProvider.GetService(serviceType);

    /// <summary>Gets all services of a kind.</summary>
    public IEnumerable<T> GetServices<T>() => WorkflowExecutionContext.ServiceProvider.GetServices<T>();

    /// <summary>Gets a service of the host, or makes an object with services of the host.</summary>
    public T GetOrCreateService<T>()
        where T : notnull => ActivatorUtilities.GetServiceOrCreateInstance<T>(WorkflowExecutionContext.ServiceProvider);

    /// <summary>Reads an input.</summary>
    public T? Get<T>(Input<T>? input)
    {
        if (input is null)
        {
            return default;
        }

        var memory = ExpressionExecutionContext.Memory;
        if (memory.TryGetBlock(input.MemoryBlockReference().Id, out var block))
        {
            return ObjectConverter.ConvertTo<T>(block.Value);
        }

        // After a restart, in a method that goes on after a child: the inputs are stored but not evaluated again, since this activity does not run itself.
        var descriptor = ActivityDescriptor.Inputs.FirstOrDefault(candidate => ReferenceEquals(candidate.ValueGetter(Activity), input));
        if (descriptor is null || !ActivityState.TryGetValue(descriptor.Name, out var stored))
        {
            return default;
        }

        var value = ObjectConverter.ConvertTo<T>(stored);
        memory.Blocks[input.MemoryBlockReference().Id] = new MemoryBlock(value);
        return value;
    }

    /// <summary>Reads an output that was set before.</summary>
    public object? Get(Output? output) => output is null ? null : ExpressionExecutionContext.Get(output.MemoryBlockReference());

    /// <summary>Reads an output that was set before.</summary>
    public T? Get<T>(Output<T>? output) => ObjectConverter.ConvertTo<T>(Get((Output?)output));

    /// <summary>Reads a memory block.</summary>
    public object? Get(MemoryBlockReference blockReference) => ExpressionExecutionContext.Get(blockReference);

    /// <summary>Reads a memory block.</summary>
    public T? Get<T>(MemoryBlockReference blockReference) => ExpressionExecutionContext.Get<T>(blockReference);

    /// <summary>Reads a memory block where a scope holds it.</summary>
    public bool TryGet(MemoryBlockReference blockReference, out object? value) => ExpressionExecutionContext.TryGet(blockReference, out value);

    /// <summary>Writes a memory block.</summary>
    public void Set(MemoryBlockReference blockReference, object? value, Action<MemoryBlock>? configure = null) =>
        ExpressionExecutionContext.Set(blockReference, value, configure);

    /// <summary>Writes an output: to its variable, and to the record that later activities can read by this activity's name.</summary>
    public void Set<T>(Output<T>? output, T? value) => Set((Output?)output, value);

    /// <summary>Writes an output: to its variable, and to the record that later activities can read by this activity's name.</summary>
    public void Set(Output? output, object? value)
    {
        var descriptor = ActivityDescriptor.Outputs.FirstOrDefault(candidate => output is not null && ReferenceEquals(candidate.ValueGetter(Activity), output));
        WorkflowExecutionContext.Outputs.Record(Activity.Id, descriptor?.Name ?? "Result", value);
        if (output is null)
        {
            return;
        }

        var reference = output.MemoryBlockReference();
        if (reference is WorkflowOutputReference)
        {
            WorkflowScope.SetOutput(this, reference.Id, value);
        }
        else if (reference.Id.Length > 0)
        {
            ExpressionExecutionContext.Set(reference, value);
        }
    }

    /// <summary>Writes a row of the author's own into the journal.</summary>
    public void AddExecutionLogEntry(string eventName, string? message = null, string? source = null, object? payload = null) =>
        WorkflowExecutionContext.Log(this, eventName, message, source, payload);

    internal void TransitionTo(ActivityStatus status)
    {
        Status = status;
        if (status is ActivityStatus.Completed or ActivityStatus.Canceled)
        {
            CompletedAt = WorkflowExecutionContext.Now;
        }
    }

    internal void Attach() => ParentActivityExecutionContext?._children.Add(this);

    internal void Detach() => ParentActivityExecutionContext?._children.Remove(this);
}
