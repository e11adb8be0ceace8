using Elsa.Expressions.Models;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Options;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows;

/// <summary>One run of a workflow while it is in memory: state plus scheduled work. Not safe for concurrent use; one burst owns it.</summary>
public partial class WorkflowExecutionContext
{
    private readonly Dictionary<string, ActivityExecutionContext> _contexts = new(StringComparer.Ordinal);
    private readonly LinkedList<WorkItem> _scheduled = new();
    private readonly List<Bookmark> _bookmarks = [];
    private readonly List<OutboxRecord> _outbox = [];
    private readonly TimeProvider _timeProvider;

    internal WorkflowExecutionContext(
        IServiceProvider serviceProvider,
        WorkflowGraph graph,
        string id,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        ServiceProvider = serviceProvider;
        WorkflowGraph = graph;
        Id = id;
        _timeProvider = timeProvider;
        CancellationToken = cancellationToken;
        CreatedAt = UpdatedAt = Now;
    }

    /// <summary>The services of the host.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The workflow as nodes.</summary>
    public WorkflowGraph WorkflowGraph { get; }

    /// <summary>The workflow.</summary>
    public Workflow Workflow => WorkflowGraph.Workflow;

    /// <summary>The instance id.</summary>
    public string Id { get; }

    /// <summary>What outside thing the run is about.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>The instance that started this one.</summary>
    public string? ParentWorkflowInstanceId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status => SubStatus is WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled or WorkflowSubStatus.Faulted
        ? WorkflowStatus.Finished
        : WorkflowStatus.Running;

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; internal set; } = WorkflowSubStatus.Pending;

    /// <summary>Stops the burst.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What it waits on.</summary>
    public IReadOnlyCollection<Bookmark> Bookmarks => _bookmarks;

    /// <summary>Input of the run, and of the stimulus that is being handled.</summary>
    public IDictionary<string, object?> Input { get; private set; } = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Output of the run.</summary>
    public IDictionary<string, object?> Output { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Facts about the run.</summary>
    public IDictionary<string, object?> Properties { get; internal set; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>What went wrong.</summary>
    public ICollection<ActivityIncident> Incidents { get; internal set; } = [];

    /// <summary>Executions that have not ended, and the workflow's own.</summary>
    public IReadOnlyCollection<ActivityExecutionContext> ActivityExecutionContexts => _contexts.Values;

    /// <summary>The scope of the workflow itself.</summary>
    public ExpressionExecutionContext? ExpressionExecutionContext => Root?.ExpressionExecutionContext;

    /// <summary>The activity whose stimulus started the run, or null.</summary>
    public string? TriggerActivityId { get; set; }

    /// <summary>Values that live for one burst and are never stored.</summary>
    public IDictionary<object, object> TransientProperties { get; set; } = new Dictionary<object, object>();

    /// <summary>The workflow's node.</summary>
    public ActivityNode Graph => WorkflowGraph.Root;

    /// <summary>All nodes, parents first.</summary>
    public IReadOnlyCollection<ActivityNode> Nodes => WorkflowGraph.Nodes;

    /// <summary>The values of the workflow's own scope.</summary>
    public MemoryRegister? MemoryRegister => Root?.ExpressionExecutionContext.Memory;

    /// <summary>Variables of the workflow.</summary>
    public IEnumerable<Variable> Variables => Workflow.Variables;

    internal IDictionary<string, object?> RunInput { get; set; } = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values that the start gives to variables of the workflow; used when its root begins.</summary>
    internal IReadOnlyDictionary<string, object?>? InitialVariables { get; set; }

    internal ActivityOutputs Outputs { get; } = new();

    internal ExecutionLog Journal { get; } = new();

    internal long LastId { get; set; }

    internal ActivityExecutionContext? Root => _contexts.Values.FirstOrDefault(context => context.ParentActivityExecutionContext is null);

    internal WorkItem? Current { get; set; }

    /// <summary>Work that failed, for a retry.</summary>
    internal List<WorkItem> Faulted { get; } = [];

    internal bool IsSettled { get; set; }

    /// <summary>The execution whose completion its parent failed to hear.</summary>
    internal ActivityExecutionContext? Unheard { get; set; }

    internal string? LastEntered { get; set; }

    internal DateTimeOffset Now => _timeProvider.GetUtcNow();

    internal IEnumerable<WorkItem> Scheduled => _scheduled;

    internal bool HasScheduledWork => _scheduled.Count > 0;

    /// <summary>Who holds the run, or null.</summary>
    internal Hold? Hold
    {
        get => Hold.Of(Properties);
        set
        {
            if (value is null)
            {
                Properties.Remove(Hold.PropertyKey);
            }
            else
            {
                Properties[Hold.PropertyKey] = value;
            }
        }
    }

    /// <summary>Reads a fact about the run.</summary>
    public T? GetProperty<T>(string key) =>
        Properties.TryGetValue(key, out var value) ? ObjectConverter.ConvertTo<T>(value) : default;

    /// <summary>Writes a fact about the run.</summary>
    public void SetProperty<T>(string key, T value) => Properties[key] = value;

    /// <summary>Changes a fact about the run.</summary>
    public T UpdateProperty<T>(string key, Func<T?, T> updater)
    {
        ArgumentNullException.ThrowIfNull(updater);
        var updated = updater(GetProperty<T>(key));
        Properties[key] = updated;
        return updated;
    }

    /// <summary>Whether there is such a fact.</summary>
    public bool HasProperty(string name) => Properties.ContainsKey(name);

    /// <summary>Gets a service of the host.</summary>
    public T GetRequiredService<T>()
        where T : notnull => ServiceProvider.GetRequiredService<T>();

    /// <summary>Gets a service of the host, or null.</summary>
    public T? GetService<T>() => ServiceProvider.GetService<T>();

    /// <summary>Gets all services of a kind.</summary>
    public IEnumerable<T> GetServices<T>() => ServiceProvider.GetServices<T>();

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeById(string nodeId) => WorkflowGraph.FindNodeById(nodeId);

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeByActivity(IActivity activity) => WorkflowGraph.FindNodeByActivity(activity);

    /// <summary>Finds a node.</summary>
    public ActivityNode? FindNodeByActivityId(string activityId) => WorkflowGraph.FindNodeByActivityId(activityId);

    /// <summary>Finds an activity.</summary>
    public IActivity? FindActivityByNodeId(string nodeId) => FindNodeById(nodeId)?.Activity;

    /// <summary>Finds an activity.</summary>
    public IActivity? FindActivityById(string activityId) => FindNodeByActivityId(activityId)?.Activity;

    /// <summary>Finds the activity of an execution that has not ended.</summary>
    public IActivity? FindActivityByInstanceId(string activityInstanceId) => FindContext(activityInstanceId)?.Activity;

    /// <summary>Executions that have neither ended nor faulted.</summary>
    public IEnumerable<ActivityExecutionContext> GetActiveActivityExecutionContexts() =>
        ActivityExecutionContexts.Where(context => context.Status is ActivityStatus.Pending or ActivityStatus.Running);

    /// <summary>The result of the activity that put one out last, or null.</summary>
    public object? GetLastActivityResult() => Outputs.LastActivityId is { } id ? Outputs.Find(id) : null;

    /// <summary>Changes how the run stands. An incident strategy ends a run with it.</summary>
    public void TransitionTo(WorkflowSubStatus subStatus) => SubStatus = subStatus;

    /// <summary>Ends the run at once as cancelled; what runs or waits is given up.</summary>
    public void Cancel() => WorkflowEnd.Finish(this, WorkflowSubStatus.Cancelled);

    /// <summary>Writes a row of the author's own into the journal.</summary>
    public void AddExecutionLogEntry(string eventName, string? message = null, object? payload = null)
    {
        if (Root is { } root)
        {
            Log(root, eventName, message, payload: payload);
        }
    }

    internal void AddOutbox(string kind, object payload) =>
        _outbox.Add(new OutboxRecord(NewId(), Id, kind, EngineJson.Write(payload), Now));

    internal IReadOnlyList<OutboxRecord> TakeOutbox()
    {
        OutboxRecord[] taken = [.. _outbox];
        _outbox.Clear();
        return taken;
    }

    internal string NewId() => DerivedId.Of(Id, ++LastId);

    internal ActivityExecutionContext? FindContext(string? id) => id is null ? null : _contexts.GetValueOrDefault(id);

    internal ActivityExecutionContext CreateContext(ActivityNode node, ActivityExecutionContext? parent, string? id = null)
    {
        var context = new ActivityExecutionContext(id ?? NewId(), this, parent, node, node.Descriptor, Now);
        _contexts.Add(context.Id, context);
        return context;
    }

    internal void RemoveContext(ActivityExecutionContext context)
    {
        context.Detach();
        _contexts.Remove(context.Id);
    }

    /// <summary>Forgets all executions but the workflow's own, which keeps its variables for whoever looks at them later.</summary>
    internal void RemoveContexts()
    {
        foreach (var context in _contexts.Values.Where(context => context.ParentActivityExecutionContext is not null).ToArray())
        {
            _contexts.Remove(context.Id);
        }
    }

    internal void RestoreContext(ActivityExecutionContext context)
    {
        context.Attach();
        _contexts[context.Id] = context;
    }

    internal ActivityExecutionContext? TakeUnheard()
    {
        var taken = Unheard;
        Unheard = null;
        return taken;
    }

    internal void UseInput(IDictionary<string, object?>? stimulus)
    {
        Input = new Dictionary<string, object?>(RunInput, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in stimulus ?? new Dictionary<string, object?>())
        {
            Input[key] = value;
        }
    }

    internal ActivityNode NodeOf(IActivity activity) => WorkflowGraph.FindNodeByActivity(activity)
        ?? throw new InvalidOperationException($"Activity '{activity.Id}' ({activity.Type}) is not part of this workflow; schedule activities of the definition only.");

    internal void Schedule(ActivityNode node, ActivityExecutionContext? owner, ScheduleWorkOptions? options)
    {
        if (options is { PreventDuplicateScheduling: true } && _scheduled.Any(item => item.Node == node && item.Owner == owner))
        {
            return;
        }

        _scheduled.AddLast(new WorkItem(node, owner)
        {
            CompletionCallback = owner is null ? null : ActivityMethods.NameOf(options?.CompletionCallback, owner.Activity),
            Tag = options?.Tag,
            Variables = options?.Variables?.ToArray() ?? [],
            ActivityInput = options?.Input,
            Context = options?.ExistingActivityExecutionContext,
            SchedulingExecutionId = Current?.Context?.Id,
            SchedulingActivityId = Current?.Context?.Activity.Id,
            SchedulingDepth = Current?.Context?.CallStackDepth + 1 ?? 0,
        });
    }

    internal void Schedule(WorkItem item) => _scheduled.AddLast(item);

    /// <summary>Lets an execution go on at a bookmark, which burns unless it says otherwise.</summary>
    internal void Resume(Bookmark bookmark, ActivityExecutionContext context, IDictionary<string, object?>? input)
    {
        if (bookmark.AutoBurn)
        {
            RemoveBookmarks(candidate => candidate.Id == bookmark.Id);
        }

        Schedule(new WorkItem(context.ActivityNode, context.ParentActivityExecutionContext) { Context = context, Resumed = bookmark, Input = input });
    }

    /// <summary>Takes what is to run next.</summary>
    /// <param name="onHold">Whether what begins something is left where it is.</param>
    internal WorkItem? TakeNext(bool onHold)
    {
        var link = _scheduled.First;
        while (onHold && link is { Value.Begins: true })
        {
            link = link.Next;
        }

        if (link is null)
        {
            return null;
        }

        _scheduled.Remove(link);
        return link.Value;
    }

    internal bool HasWorkOwnedBy(ActivityExecutionContext context) => _scheduled.Any(item => item.Owner == context);

    internal void RemoveScheduled(Func<WorkItem, bool> predicate)
    {
        for (var link = _scheduled.First; link is not null;)
        {
            var next = link.Next;
            if (predicate(link.Value))
            {
                _scheduled.Remove(link);
            }

            link = next;
        }
    }

    internal void AddBookmark(Bookmark bookmark)
    {
        if (_bookmarks.Any(existing => existing.Id == bookmark.Id))
        {
            throw new InvalidOperationException($"A bookmark with the id '{bookmark.Id}' is waiting already; choose another id.");
        }

        _bookmarks.Add(bookmark);
    }

    internal void RestoreBookmark(Bookmark bookmark) => _bookmarks.Add(bookmark);

    internal void RemoveBookmarks(Predicate<Bookmark> predicate) => _bookmarks.RemoveAll(predicate);

    internal void Log(
        ActivityExecutionContext context,
        string eventName,
        string? message = null,
        string? source = null,
        object? payload = null,
        JournalRole role = JournalRole.None) =>
        Journal.Add(Now, context, eventName, message, source, payload, role);
}
