using Elsa.Expressions.Models;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;
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

    /// <summary>Executions that have not ended.</summary>
    public IReadOnlyCollection<ActivityExecutionContext> ActivityExecutionContexts => _contexts.Values;

    /// <summary>The scope of the workflow itself.</summary>
    public ExpressionExecutionContext? ExpressionExecutionContext => Root?.ExpressionExecutionContext;

    /// <summary>Variables of the workflow.</summary>
    public IEnumerable<Variable> Variables => Workflow.Variables;

    internal IDictionary<string, object?> RunInput { get; set; } = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);

    internal ActivityOutputs Outputs { get; } = new();

    internal ExecutionLog Journal { get; } = new();

    internal long LastId { get; set; }

    internal ActivityExecutionContext? Root => _contexts.Values.FirstOrDefault(context => context.ParentActivityExecutionContext is null);

    internal WorkItem? Current { get; set; }

    internal string? LastEntered { get; set; }

    internal DateTimeOffset Now => _timeProvider.GetUtcNow();

    internal IEnumerable<WorkItem> Scheduled => _scheduled;

    internal bool HasScheduledWork => _scheduled.Count > 0;

    /// <summary>Reads a fact about the run.</summary>
    public T? GetProperty<T>(string key) =>
        Properties.TryGetValue(key, out var value) ? ObjectConverter.ConvertTo<T>(value) : default;

    /// <summary>Writes a fact about the run.</summary>
    public void SetProperty<T>(string key, T value) => Properties[key] = value;

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

    internal void RemoveContexts() => _contexts.Clear();

    internal void UseInput(IDictionary<string, object?>? stimulus)
    {
        Input = new Dictionary<string, object?>(RunInput, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in stimulus ?? new Dictionary<string, object?>())
        {
            Input[key] = value;
        }
    }

    internal void Schedule(
        ActivityExecutionContext? owner,
        IActivity activity,
        ActivityCompletionCallback? callback,
        object? tag,
        IEnumerable<Variable>? variables)
    {
        var node = WorkflowGraph.FindNodeByActivity(activity)
            ?? throw new InvalidOperationException($"Activity '{activity.Id}' ({activity.Type}) is not part of this workflow; schedule activities of the definition only.");
        _scheduled.AddLast(new WorkItem(node, owner)
        {
            CompletionCallback = owner is null ? null : ActivityMethods.NameOf(callback, owner.Activity),
            Tag = tag,
            Variables = variables?.ToArray() ?? [],
        });
    }

    internal void Schedule(WorkItem item) => _scheduled.AddLast(item);

    internal WorkItem? TakeNext()
    {
        var first = _scheduled.First;
        if (first is null)
        {
            return null;
        }

        _scheduled.RemoveFirst();
        return first.Value;
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
