using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Elsa.Workflows;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Engine.Telemetry;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Moves.Rehearsals;

namespace SpeElsa.Server.Telemetry;

/// <summary>Counts moves and measures down time, from the commits of this process. Rehearsals move nothing and are left out.</summary>
internal sealed partial class MoveMetrics : BackgroundService, IHostedLifecycleService, ICommitObserver
{
    private const string ScenarioTag = "scenario";
    private const string OutcomeTag = "outcome";
    private const string RoleTag = "role";
    private const string Undo = "undo";
    private const string Instance = "instance";
    private const int Page = 500;
    private static readonly string[] ClockEvents = [Downtime.StoppedEvent, Downtime.AnsweredEvent];
    private static readonly InstrumentAdvice<double> Downtimes = new() { HistogramBucketBoundaries = [1, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400] };
    private readonly IInstanceReader _reader;
    private readonly ILogger<MoveMetrics> _logger;
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _downtime;
    private readonly ConcurrentDictionary<string, string> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _scenarios = new(StringComparer.Ordinal);
    private readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>(new UnboundedChannelOptions { SingleReader = true });

    public MoveMetrics(IInstanceReader reader, EngineMeter meter, ILogger<MoveMetrics> logger)
    {
        _reader = reader;
        _logger = logger;
        _started = meter.Meter.CreateCounter<long>("speelsa.moves.started", "{move}", "Moves that have begun, by scenario.");
        _ended = meter.Meter.CreateCounter<long>("speelsa.moves.ended", "{move}", "Moves that have ended, by scenario and outcome.");
        _downtime = meter.Meter.CreateHistogram("speelsa.downtime", "s", "From the stop of a role to its first good answer, by role.", tags: null, advice: Downtimes);
        meter.Meter.CreateObservableGauge("speelsa.moves.running", Running, "{move}", "Moves that have begun and not ended, by scenario.");
    }

    /// <summary>Whatever runs already, before anything goes on.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var skip = 0; ; skip += Page)
        {
            var (items, _) = await _reader.ListAsync(new InstanceFilter { Statuses = [WorkflowStatus.Running] }, new InstanceOrder(InstanceColumn.CreatedAt), skip, Page, cancellationToken);
            foreach (var instance in items.Where(instance => instance.StateVersion > 0))
            {
                if (ScenarioOf(instance) is { } scenario)
                {
                    Add(instance.Id, scenario);
                }
            }

            if (items.Count < Page)
            {
                return;
            }
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Committed(InstanceRecord instance) => Committed(instance, []);

    public void Committed(InstanceRecord instance, IReadOnlyList<JournalRecord> journal)
    {
        if (RehearsalId.PlanOf(instance.Id) is not null)
        {
            return;
        }

        foreach (var answer in journal.Where(row => row.EventName == Downtime.AnsweredEvent))
        {
            _heard.Writer.TryWrite(new Heard(instance, answer));
        }

        if (ScenarioOf(instance) is not { } scenario)
        {
            return;
        }

        if (instance.StateVersion == 1)
        {
            _started.Add(1, new KeyValuePair<string, object?>(ScenarioTag, scenario));
        }

        if (instance.Status is WorkflowStatus.Running)
        {
            Add(instance.Id, scenario);
        }
        else if (_running.TryRemove(instance.Id, out _) || instance.StateVersion == 1)
        {
            _heard.Writer.TryWrite(new Heard(instance, null));
        }
    }

    /// <summary>How long what has answered was away.</summary>
    /// <param name="clocks">All stops and answers of the move, in order.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>Null when it was not: it had not been stopped, or served elsewhere before it was.</returns>
    internal static TimeSpan? DowntimeBefore(IEnumerable<JournalRecord> clocks, JournalRecord answer)
    {
        DateTimeOffset? stopped = null;
        var rows = clocks.Where(row => row.Payload == answer.Payload && row.Sequence < answer.Sequence).ToArray();
        foreach (var row in rows)
        {
            stopped = row.EventName == Downtime.StoppedEvent ? stopped ?? row.Timestamp : null;
        }

        return rows is [{ EventName: Downtime.StoppedEvent }, ..] ? answer.Timestamp - stopped : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var heard in _heard.Reader.ReadAllAsync(stoppingToken))
            {
                await TryAsync(heard, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(Heard heard, CancellationToken cancellationToken)
    {
        try
        {
            await (heard.Answer is { } answer ? AnsweredAsync(heard.Instance, answer, cancellationToken) : EndedAsync(heard.Instance, cancellationToken));
        }
#pragma warning disable CA1031 // The edge of the loop: one figure that can not be had must not cost the others.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            MeasureFailed(_logger, exception, heard.Instance.Id);
        }
    }

    private async Task AnsweredAsync(InstanceRecord instance, JournalRecord answer, CancellationToken cancellationToken)
    {
        var (clocks, _) = await _reader.ListJournalAsync(instance.Id, new JournalFilter { EventNames = ClockEvents }, 0, int.MaxValue, cancellationToken);
        if (DowntimeBefore(clocks, answer) is { } downtime)
        {
            _downtime.Record(downtime.TotalSeconds, new KeyValuePair<string, object?>(RoleTag, RoleOf(answer)));
        }
    }

    private async Task EndedAsync(InstanceRecord instance, CancellationToken cancellationToken)
    {
        _ended.Add(
            1,
            new KeyValuePair<string, object?>(ScenarioTag, ScenarioOf(instance)),
            new KeyValuePair<string, object?>(OutcomeTag, await MoveReader.StatusOfAsync(_reader, instance, cancellationToken)));
    }

    /// <summary>What a move is counted under; null for what is none. Undos are one scenario: each has a definition of its own.</summary>
    private static string? ScenarioOf(InstanceRecord instance) => instance switch
    {
        { ParentInstanceId: not null } => null,
        _ when RehearsalId.PlanOf(instance.Id) is not null => null,
        _ when UndoWorkflow.MoveOf(instance.DefinitionId) is not null => Undo,
        { IsSystem: true } => null,
        _ => instance.DefinitionId,
    };

    /// <summary>The role; instances that move by themselves are one, since there may be thousands.</summary>
    private static string RoleOf(JournalRecord answer) =>
        MoveReader.Facts(answer.Payload) is { ValueKind: System.Text.Json.JsonValueKind.Object } facts && facts.TryGetProperty(RoleTag, out var role) ? role.GetString() ?? Instance : Instance;

    private void Add(string instanceId, string scenario)
    {
        _running[instanceId] = scenario;
        _scenarios.TryAdd(scenario, 0);
    }

    private IEnumerable<Measurement<int>> Running()
    {
        // A scenario of which nothing runs any more is told so.
        var running = _running.Values.CountBy(scenario => scenario).ToDictionary(StringComparer.Ordinal);
        return _scenarios.Keys.Select(scenario => new Measurement<int>(running.GetValueOrDefault(scenario), new KeyValuePair<string, object?>(ScenarioTag, scenario)));
    }

    /// <summary>Something to look up.</summary>
    /// <param name="Instance">The instance as it was then.</param>
    /// <param name="Answer">A role that serves again; null: the instance has ended.</param>
    private sealed record Heard(InstanceRecord Instance, JournalRecord? Answer);

    [LoggerMessage(EventId = 7801, Level = LogLevel.Error, Message = "A figure of {MoveId} could not be measured; it is missing in the metrics")]
    private static partial void MeasureFailed(ILogger logger, Exception exception, string moveId);
}
