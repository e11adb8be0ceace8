using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves.Rehearsals;

namespace SpeElsa.Server.Moves;

/// <summary>Tells how a move stands, from its journal and state. Nothing is kept beside them, so it can not contradict them.</summary>
internal sealed class MoveReader(IInstanceReader reader, DefinitionCatalog definitions, TimeProvider timeProvider)
{
    private const string StepPrefix = "SpeElsa.";
    private const int JournalPage = 10_000;

    /// <summary>A move as lists show it. Of one that rests or has failed its state is read, too: nothing else says whether it is paused, or was aborted.</summary>
    public static async Task<MoveSummary> SummarizeAsync(IInstanceReader reader, InstanceRecord instance, CancellationToken cancellationToken) => new()
    {
        Id = instance.Id,
        Scenario = instance.DefinitionId,
        Name = instance.Name ?? instance.Id,
        Status = await StatusOfAsync(reader, instance, cancellationToken),
        CreatedAt = instance.CreatedAt,
        UpdatedAt = instance.UpdatedAt,
        FinishedAt = instance.FinishedAt,
        Undoes = UndoWorkflow.MoveOf(instance.DefinitionId),
        Rehearses = RehearsalId.PlanOf(instance.Id),
    };

    /// <summary>A page of moves, newest first.</summary>
    public async Task<PagedList<MoveSummary>> ListAsync(IReadOnlyCollection<WorkflowSubStatus> states, int page, int pageSize, CancellationToken cancellationToken)
    {
        var (items, total) = await reader.ListAsync(new InstanceFilter { SubStatuses = states }, InstanceOrder.NewestFirst, (page - 1) * pageSize, pageSize, cancellationToken);
        var moves = new List<MoveSummary>(items.Count);
        foreach (var instance in items)
        {
            moves.Add(await SummarizeAsync(reader, instance, cancellationToken));
        }

        return new PagedList<MoveSummary>(moves, total, page, pageSize);
    }

    public async Task<MoveView?> ReadAsync(string moveId, CancellationToken cancellationToken)
    {
        var instance = await reader.FindAsync(moveId, cancellationToken);
        if (instance is null)
        {
            return null;
        }

        var state = await ReadStateAsync(reader, moveId, cancellationToken);
        var graph = await definitions.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken);
        var journal = await ReadJournalAsync(moveId, cancellationToken);
        var steps = Steps(journal, state, graph);
        var status = StatusOf(instance, state);
        var current = steps.LastOrDefault(step => step.CompletedAt is null);
        var undo = await reader.FindAsync(UndoWorkflow.InstanceIdOf(moveId), cancellationToken);
        var (tasks, _) = await reader.ListBookmarksAsync(HumanTasks.BookmarkName, moveId, 0, 100, cancellationToken);
        var pause = instance.Status is WorkflowStatus.Finished ? null : PauseView.Of(state, graph, steps, tasks);
        return new MoveView
        {
            Id = instance.Id,
            Scenario = instance.DefinitionId,
            DefinitionVersion = instance.DefinitionVersion,
            DefinitionHash = instance.DefinitionHash,
            Name = instance.Name ?? instance.Id,
            Status = status,
            StatusText = undo is null ? pause?.Describe(tasks) ?? Describe(instance, status, current, tasks) : $"The move was ended; {undo.Id} undoes it.",
            Plan = state?.Input is null ? new Dictionary<string, object?>() : new Dictionary<string, object?>(state.Input),
            CreatedAt = instance.CreatedAt,
            UpdatedAt = instance.UpdatedAt,
            FinishedAt = instance.FinishedAt,
            Undoes = UndoWorkflow.MoveOf(instance.DefinitionId),
            UndoneBy = undo?.Id,
            Rehearses = RehearsalId.PlanOf(instance.Id),
            CurrentStep = instance.Status is WorkflowStatus.Finished ? null : current?.Name,
            StepsDone = steps.Where(step => step.Status == "done").Select(step => step.ActivityId).Distinct(StringComparer.Ordinal).Count(),
            StepsInAll = graph.Nodes.Count(node => IsStep(node.Activity.Type)),
            Downtime = Downtime(journal, instance.FinishedAt ?? timeProvider.GetUtcNow()),
            Pause = pause,
            OpenTasks = [.. tasks.Select(task => task.Id)],
            Incidents = [.. state?.Incidents.Select(incident => $"{incident.ActivityId}: {incident.Message}") ?? []],
            Steps = steps,
        };
    }

    public async Task<IReadOnlyList<JournalView>> ReadJournalAsync(string moveId, long after, int take, CancellationToken cancellationToken) =>
    [
        .. (await reader.ReadJournalAsync(moveId, after, take, cancellationToken)).Select(row => new JournalView(
            row.Sequence,
            row.Timestamp,
            row.EventName,
            row.ActivityId,
            row.ActivityInstanceId,
            JsonNamingPolicy.CamelCase.ConvertName(row.Role.ToString()),
            row.Attempt,
            row.Message,
            Facts(row.Payload),
            row.Hash)),
    ];

    /// <summary>Reads the last rows of a move's journal, in order.</summary>
    public async Task<IReadOnlyList<JournalView>> ReadTailAsync(string moveId, int rows, CancellationToken cancellationToken) =>
        await reader.FindAsync(moveId, cancellationToken) is { } instance ? await ReadJournalAsync(moveId, Math.Max(0, instance.JournalSequence - rows), rows, cancellationToken) : [];

    /// <summary>Reads the whole journal of an instance, in order.</summary>
    public async Task<List<JournalRecord>> ReadJournalAsync(string moveId, CancellationToken cancellationToken)
    {
        var rows = new List<JournalRecord>();
        IReadOnlyList<JournalRecord> page;
        do
        {
            page = await reader.ReadJournalAsync(moveId, rows.Count, JournalPage, cancellationToken);
            rows.AddRange(page);
        }
        while (page.Count == JournalPage);

        return rows;
    }

    /// <summary>The steps that a journal tells of, in the order they began.</summary>
    /// <param name="journal">The whole journal.</param>
    /// <param name="state">The state, which knows how far long work is; null: without progress.</param>
    /// <param name="graph">The definition, which knows what steps are called; null: they are called by their ids.</param>
    internal static List<StepView> Steps(IReadOnlyList<JournalRecord> journal, WorkflowState? state, WorkflowGraph? graph)
    {
        var contexts = state?.ActivityExecutionContexts.ToDictionary(context => context.Id, StringComparer.Ordinal) ?? [];
        return
        [
            .. journal.Where(row => IsStep(row.ActivityType))
                .GroupBy(row => row.ActivityInstanceId)
                .Select(rows => Step([.. rows], contexts.GetValueOrDefault(rows.Key), graph)),
        ];
    }

    private static StepView Step(JournalRecord[] rows, ActivityExecutionContextState? context, WorkflowGraph? graph)
    {
        var first = rows[0];
        var end = rows.LastOrDefault(row => row.EventName is "Completed" or "Canceled" or "Faulted");
        var activity = graph?.FindNodeById(first.NodeId)?.Activity;
        return new StepView
        {
            Id = first.ActivityInstanceId,
            ActivityId = first.ActivityId,
            Name = NameOf(activity, first.ActivityId),
            Type = first.ActivityType,
            Status = end?.EventName switch
            {
                "Completed" => "done",
                "Canceled" => "canceled",
                "Faulted" => "failed",
                _ => rows[^1].EventName is "Suspended" ? "waiting" : "running",
            },
            StartedAt = first.Timestamp,
            CompletedAt = end?.Timestamp,
            Attempts = Math.Max(1, rows.Max(row => row.Attempt)),
            Outcomes = Outcomes(end),
            Message = rows.LastOrDefault(row => !string.IsNullOrEmpty(row.Message))?.Message,
            Progress = context?.Properties.TryGetValue("Progress", out var progress) == true ? progress : null,
            Evidence = [.. rows.Where(IsEvidence).Select(row => new EvidenceView(row.Sequence, row.Timestamp, row.EventName, row.Message, Facts(row.Payload)))],
        };
    }

    private static bool IsEvidence(JournalRecord row) => row.EventName is not ("Started" or "Resumed" or "Suspended" or "Completed" or "Canceled");

    private static IReadOnlyList<string> Outcomes(JournalRecord? end) =>
        Facts(end?.Payload) is { ValueKind: JsonValueKind.Object } facts && facts.TryGetProperty("Outcomes", out var outcomes)
            ? [.. outcomes.EnumerateArray().Select(outcome => outcome.GetString() ?? "")]
            : [];

    /// <summary>The downtime clock as a journal tells it.</summary>
    /// <param name="journal">The whole journal.</param>
    /// <param name="until">Where a clock that runs is read.</param>
    internal static DowntimeView Downtime(IReadOnlyList<JournalRecord> journal, DateTimeOffset until)
    {
        var started = journal.FirstOrDefault(row => row.EventName == SpeElsa.Activities.Downtime.StartedEvent)?.Timestamp;
        var ended = journal.LastOrDefault(row => row.EventName == SpeElsa.Activities.Downtime.EndedEvent)?.Timestamp;
        return new DowntimeView(started, ended, started is null ? TimeSpan.Zero : (ended ?? until) - started.Value, [.. Clocks(journal, until)]);
    }

    private static IEnumerable<DowntimeClock> Clocks(IReadOnlyList<JournalRecord> journal, DateTimeOffset until)
    {
        foreach (var rows in journal.Where(row => row.EventName is SpeElsa.Activities.Downtime.StoppedEvent or SpeElsa.Activities.Downtime.AnsweredEvent).GroupBy(row => row.Payload))
        {
            // A role that answered on the new server before it was stopped on the old one has been there all the time.
            if (rows.First() is { EventName: SpeElsa.Activities.Downtime.StoppedEvent } stop && Facts(rows.Key) is { } what)
            {
                var answer = rows.LastOrDefault(row => row.EventName == SpeElsa.Activities.Downtime.AnsweredEvent)?.Timestamp;
                yield return new DowntimeClock(Text(what, "role"), Text(what, "instance"), stop.Timestamp, answer, (answer ?? until) - stop.Timestamp);
            }
        }
    }

    private static string? Text(JsonElement facts, string name) => facts.TryGetProperty(name, out var value) ? value.GetString() : null;

    internal static string StatusOf(InstanceRecord instance, WorkflowState? state) => instance switch
    {
        { SetAside: not null } => "set-aside",
        { SubStatus: WorkflowSubStatus.Cancelled } => "aborted",
        { SubStatus: WorkflowSubStatus.Faulted } =>
            state?.Incidents.Any(incident => incident.Exception?.Type.EndsWith(nameof(MoveAbortedException), StringComparison.Ordinal) == true) == true ? "aborted" : "failed",
        { Status: WorkflowStatus.Finished } => "finished",
        _ when state is not null && Hold.Of(state) is not null => "paused",
        { SubStatus: WorkflowSubStatus.Suspended } => "waiting",
        _ => "running",
    };

    private static string Describe(InstanceRecord instance, string status, StepView? current, IReadOnlyList<BookmarkRecord> tasks) => status switch
    {
        "set-aside" => $"Set aside: {instance.SetAside}",
        "finished" => UndoWorkflow.MoveOf(instance.DefinitionId) is { } undone ? $"The move {undone} is undone." : "The move is finished.",
        "aborted" => current?.Message ?? "The move was aborted.",
        "failed" => "The move has failed; see incidents.",
        _ when tasks.Count > 0 => $"Waiting for a person: {string.Join("; ", tasks.Select(task => HumanTasks.ReadStimulus(task.Payload)?.Title ?? task.Id))}",
        _ when current is not null => $"At work: {current.Name}",
        _ => instance.JournalSequence == 0 ? "Starting." : "At work.",
    };

    /// <summary>How a move stands, with as little reading as that takes.</summary>
    public static async Task<string> StatusOfAsync(IInstanceReader reader, InstanceRecord instance, CancellationToken cancellationToken) =>
        StatusOf(instance, instance.SubStatus is WorkflowSubStatus.Suspended or WorkflowSubStatus.Faulted ? await ReadStateAsync(reader, instance.Id, cancellationToken) : null);

    private static async Task<WorkflowState?> ReadStateAsync(IInstanceReader reader, string moveId, CancellationToken cancellationToken) =>
        await reader.ReadStateAsync(moveId, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : null;

    internal static string NameOf(IActivity? activity, string fallback) =>
        activity?.Metadata.TryGetValue("displayText", out var text) == true && text?.ToString() is { Length: > 0 } name ? name : activity?.Name ?? fallback;

    private static bool IsStep(string activityType) => activityType.StartsWith(StepPrefix, StringComparison.Ordinal);

    internal static JsonElement? Facts(string? payload) => payload is null ? null : JsonSerializer.Deserialize<JsonElement>(payload);
}
