using System.Collections.Concurrent;
using System.Diagnostics;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Telemetry;
using SpeElsa.Testing;
using ActivityKind = Elsa.Workflows.ActivityKind;
using Span = System.Diagnostics.Activity;

namespace SpeElsa.Engine.Tests.Telemetry;

/// <summary>What the engine tells those who listen, what it never tells, and that it costs nothing without them. One class: listeners to spans hear the whole process.</summary>
public sealed class TelemetryTests : RuntimeTest
{
    private const string Canary = "canary-77ce";
    private readonly StepLog _log = new();

    protected override bool HasFakeClock => true;

    [Fact]
    public async Task Each_end_of_an_activity_is_counted_and_timed_by_type_and_outcome()
    {
        using var readings = new Readings(Get<EngineMeter>().Meter);
        var id = await StartAsync(A.Sequence("told").With(A.Line("one"), A.Line("two"), A.Event("wait", "go"), Fault("late")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        Clock.Advance(TimeSpan.FromSeconds(90));
        await Host.SignalAsync(wait);

        await Eventually.TrueAsync(() => Task.FromResult(readings.Of("speelsa.steps activity.type=Elsa.Fault outcome=faulted").Length == 1), "the fault is counted");
        Assert.Equal([1, 1], readings.Of("speelsa.steps activity.type=Elsa.WriteLine outcome=completed"));
        Assert.Equal([90], readings.Of("speelsa.step.duration activity.type=Elsa.Event outcome=completed"));
        Assert.Equal(4, readings.All.Count(one => one.What.StartsWith("speelsa.step.duration ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_burst_and_each_entry_of_an_activity_is_a_span_without_what_it_was_given()
    {
        using var readings = new Readings(Get<EngineMeter>().Meter);
        using var spans = new Spans();
        await PublishAsync(A.Sequence("traced").With(
            A.Node("unlock", "Test.Unlock", ("password", A.JavaScript("'canary' + '-77ce'")), ("hint", A.Text(Canary))), A.Event("wait", "go"), Fault(Canary)));
        var id = (await RunAsync("traced", request => request.Input = new Dictionary<string, object?> { ["Secret"] = Canary })).WorkflowInstanceId;
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "wait"), payload: Canary);

        var mine = await Eventually.GetAsync(() => Task.FromResult(spans.Of(id)), found => found.Count(span => span.DisplayName == EngineTraces.BurstName) == 2);
        Assert.Equal(
            [
                "Elsa.Event wait 0 completed", "Elsa.Event wait 0 waiting", "Elsa.Fault fault 0 faulted", "Elsa.Sequence root 0 running", "Elsa.Workflow Workflow1 0 running",
                "Test.Unlock unlock 1 completed", "burst   faulted", "burst   suspended",
            ],
            mine.Select(Text).Order(StringComparer.Ordinal));
        Assert.All(mine, span => Assert.Equal("traced", span.GetTagItem(EngineTraces.DefinitionTag)));
        var bursts = mine.Where(span => span.DisplayName == EngineTraces.BurstName).Select(span => span.SpanId).ToHashSet();
        Assert.All(mine.Where(span => !bursts.Contains(span.SpanId)), span => Assert.Contains(span.ParentSpanId, bursts));
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(mine, span => span.DisplayName == "Elsa.Fault").Status);
        Assert.All(mine, span => Assert.DoesNotContain(Canary, Everything(span), StringComparison.Ordinal));
        Assert.NotEmpty(readings.All);
        Assert.All(readings.All, one => Assert.DoesNotContain(Canary, one.What, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_logged_inside_an_activity_says_which_it_is()
    {
        var id = await RunAsync(A.Sequence("logged").With(A.Node("speak", "Test.Speaker"), A.Line("after")));

        Assert.Equal([$"MoveId={id} StepId=speak Attempt=1"], _log.Lines.Where(line => line.Message == Speaker.Words).Select(line => line.Scope));
    }

    [Fact]
    public async Task Without_a_listener_nothing_is_allocated()
    {
        Assert.Equal(0, await AllocatedAsync());

        using var readings = new Readings(Get<EngineMeter>().Meter);
        using var spans = new Spans();
        Assert.True(await AllocatedAsync() > 0);
    }

    [Fact]
    public async Task The_queue_is_as_deep_as_there_are_instances_that_wait_for_a_worker()
    {
        using var readings = new Readings(Get<EngineMeter>().Meter);
        Holder.Release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ids = new List<string>();
        for (var number = 0; number < 4; number++)
        {
            ids.Add(await StartAsync(A.Sequence("held").With(A.Node("hold", "Test.Holder"))));
        }

        await Eventually.TrueAsync(() => Task.FromResult(readings.Now("speelsa.queue.depth") == 2), "two of four wait: two may run");
        Holder.Release.SetResult();
        foreach (var id in ids)
        {
            await FinishesAsync(id);
        }

        await Eventually.TrueAsync(() => Task.FromResult(readings.Now("speelsa.queue.depth") == 0), "nobody waits");
    }

    protected override void Configure(IServiceCollection services)
    {
        services.Configure<RuntimeOptions>(options => options.Concurrency = 2);
        services.AddLogging(logging => logging.AddProvider(_log));
    }

    private static System.Text.Json.Nodes.JsonObject Fault(string message) => A.Node("fault", "Elsa.Fault", ("message", A.Text(message)));

    private static string Text(Span span) =>
        $"{span.DisplayName} {span.GetTagItem(EngineTraces.ActivityTag)} {span.GetTagItem(EngineTraces.AttemptTag)} {span.GetTagItem(EngineTraces.OutcomeTag)}";

    private static string Everything(Span span) =>
        $"{span.DisplayName} {span.StatusDescription} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Baggage)} {string.Join(' ', span.Events.SelectMany(one => one.Tags))}";

    private async Task<long> AllocatedAsync()
    {
        var id = await RunAsync(A.Sequence("measured").With(A.Node("measure", "Test.Measurer")));
        var row = Assert.Single(await Host.JournalAsync(id), row => row.EventName == Measurer.EventName);
        return long.Parse(row.Message!, null);
    }

    /// <summary>Listens to the engine's spans.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Span> _ended = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == EngineTraces.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            System.Diagnostics.ActivitySource.AddActivityListener(_listener);
        }

        public List<Span> Of(string instanceId) => [.. _ended.Where(span => instanceId.Equals(span.GetTagItem(EngineTraces.InstanceTag)))];

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Keeps each line of the log with what its scopes say.</summary>
    private sealed class StepLog : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(string Message, string Scope)> Lines { get; } = new();

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var said = new List<string>();
            _scopes.ForEachScope((scope, all) => all.AddRange((scope as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(pair => $"{pair.Key}={pair.Value}")), said);
            Lines.Enqueue((formatter(state, exception), string.Join(' ', said)));
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}

/// <summary>Writes to the log.</summary>
[Activity("Test", "Test", Kind = ActivityKind.Task)]
public sealed partial class Speaker : CodeActivity
{
    public const string Words = "Here I am";

    protected override void Execute(ActivityExecutionContext context)
    {
        ILogger logger = context.GetRequiredService<ILogger<Speaker>>();
        Speak(logger);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = Words)]
    private static partial void Speak(ILogger logger);
}

/// <summary>Is at work until the test lets it go.</summary>
[Activity("Test", "Test", "Is at work")]
public sealed class Holder : CodeActivity
{
    public static TaskCompletionSource Release { get; set; } = new();

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await Release.Task;
}

/// <summary>Measures what telling about a hundred activities allocates.</summary>
[Activity("Test", "Test", "Measures telemetry")]
public sealed class Measurer : CodeActivity
{
    public const string EventName = "Measured";

    protected override void Execute(ActivityExecutionContext context)
    {
        var meter = context.GetRequiredService<EngineMeter>();
        List<LogEntry> entries = [new LogEntry(default, "Completed", "id", "node", "execution", null, "Type", 1, null, null, null, JournalRole.None, 0, null)];
        Tell(context, meter, entries);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < 100; number++)
        {
            Tell(context, meter, entries);
        }

        context.AddExecutionLogEntry(EventName, $"{GC.GetAllocatedBytesForCurrentThread() - before}");
    }

    private static void Tell(ActivityExecutionContext context, EngineMeter meter, List<LogEntry> entries)
    {
        using (EngineTraces.StartBurst(context.WorkflowExecutionContext.Id))
        {
            using var entry = EngineTraces.Enter(context);
            meter.Committed(entries);
        }
    }
}
