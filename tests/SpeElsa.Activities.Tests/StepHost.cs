using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests;

/// <summary>The engine in memory with the steps of a move, short waits, and whatever fleet a test gives.</summary>
internal sealed class StepHost(TestHost host) : IAsyncDisposable
{
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private int _answers;

    public TestHost Host { get; } = host;

    public static MoveStepOptions FastOptions { get; } = new()
    {
        FirstPoll = TimeSpan.FromMilliseconds(5),
        SlowestPoll = TimeSpan.FromMilliseconds(20),
        RetryDelays = [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5)],
        SettleFor = TimeSpan.FromMilliseconds(100),
    };

    public static async Task<StepHost> StartAsync(
        Action<IServiceCollection> configure, InMemoryStore? store = null, MoveStepOptions? options = null)
    {
        store ??= new InMemoryStore();
        return new StepHost(await TestHost.StartAsync(
            services =>
            {
                services.AddSingleton<IRuntimeStore>(store);
                services.AddSingleton<IInstanceReader>(store);
                services.AddSingleton<IDefinitionStore>(store);
                services.AddSingleton(options ?? FastOptions);
                configure(services);
            },
            null,
            typeof(MoveStep).Assembly,
            typeof(StepHost).Assembly));
    }

    /// <summary>Runs one activity as a workflow of its own; outputs go to variables of their own names.</summary>
    public Task<string> RunAsync(string type, JsonObject? inputs = null, JsonObject? workflowInput = null, params string[] outputs)
    {
        var root = new JsonObject { ["id"] = "step", ["type"] = type, ["version"] = 1, ["metadata"] = new JsonObject { ["displayText"] = "The step" } };
        foreach (var (name, value) in inputs ?? [])
        {
            root[name] = value is JsonObject or JsonArray
                ? Expression("Object", value.ToJsonString())
                : Expression("Literal", value?.ToString());
        }

        foreach (var output in outputs)
        {
            root[output] = new JsonObject { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = output } };
        }

        var definition = new JsonObject
        {
            ["definitionId"] = $"test-{Guid.NewGuid():N}",
            ["name"] = "Test",
            ["variables"] = new JsonArray(
                [.. outputs.Select(output => (JsonNode)new JsonObject { ["id"] = output, ["name"] = output, ["typeName"] = "Object" })]),
            ["root"] = root,
        };
        return Host.StartWorkflowAsync(
            definition.ToJsonString(), workflowInput?.ToDictionary(pair => pair.Key, pair => (object?)pair.Value?.ToString()));
    }

    public async Task<(Bookmark Bookmark, HumanTaskStimulus Task)> WaitForTaskAsync(string instanceId, string? taskName = null, int round = 0)
    {
        var found = await Eventually.GetAsync(
            async () =>
            {
                var record = await Host.Reader.FindAsync(instanceId, default);
                Assert.True(record?.SetAside is null, record?.SetAside);
                var state = record?.StateVersion > 0 ? await Host.StateAsync(instanceId) : null;
                Assert.True(
                    state?.SubStatus is not WorkflowSubStatus.Faulted,
                    string.Join("; ", state?.Incidents.Select(incident => incident.Message) ?? []));
                var tasks = (state?.Bookmarks ?? [])
                    .Where(bookmark => bookmark.Name == HumanTasks.BookmarkName)
                    .Select(bookmark => (Bookmark: bookmark, Task: HumanTasks.ReadStimulus(bookmark.Payload)!))
                    .ToArray();
                return (Tasks: tasks, State: state);
            },
            look => look.Tasks.Any(Fits) || look.State?.Status is WorkflowStatus.Finished,
            look => $"no task {taskName}; waiting: {string.Join(", ", look.State?.Bookmarks.Select(bookmark => bookmark.Id + " " + HumanTasks.ReadStimulus(bookmark.Name == HumanTasks.BookmarkName ? bookmark.Payload : null)?.Finding) ?? [])}");
        Assert.Contains(found.Tasks, Fits);
        return found.Tasks.First(Fits);

        bool Fits((Bookmark Bookmark, HumanTaskStimulus Task) candidate) =>
            !_answered.Contains(candidate.Bookmark.Id) && (taskName is null || candidate.Task.TaskName == taskName) && candidate.Task.Round >= round;
    }

    /// <summary>Waits for the next task, does it or not, and says that it is done.</summary>
    public async Task<HumanTaskStimulus> DoAsync(string instanceId, string name, Func<Task>? act, string outcome = HumanTasks.DoneOutcome, JsonObject? fields = null)
    {
        var (bookmark, task) = await WaitForTaskAsync(instanceId);
        Assert.True(task.TaskName == name, $"{name} expected, but {task.TaskName}: {task.Finding}");
        await (act?.Invoke() ?? Task.CompletedTask);
        await AnswerAsync(instanceId, bookmark.Id, outcome, fields);
        return task;
    }

    public async Task AnswerAsync(string instanceId, string taskId, string outcome, JsonObject? fields = null, string? comment = null)
    {
        _answered.Add(taskId);
        var input = new JsonObject
        {
            [HumanTasks.InputKey] = new JsonObject
            {
                ["completedBy"] = "ann",
                ["comment"] = comment,
                ["outcome"] = outcome,
                ["fields"] = fields?.DeepClone() ?? new JsonObject(),
                ["completedAt"] = "2026-11-23T20:00:00+00:00",
            },
        };
        var result = await Host.Inbox.SendAsync(
            new Stimulus
            {
                Key = $"answer:{taskId}:{Interlocked.Increment(ref _answers)}",
                Kind = StimulusKind.Resume,
                InstanceId = instanceId,
                BookmarkId = taskId,
                Input = input.ToJsonString(),
                ReceivedAt = DateTimeOffset.UnixEpoch,
            },
            default);
        Assert.Equal(Acceptance.Accepted, result.Acceptance);
    }

    public async Task<Finished> WaitForFinishAsync(string instanceId)
    {
        await Host.WaitForFinishAsync(instanceId);
        var journal = await Host.JournalAsync(instanceId);
        return new Finished(await Host.StateAsync(instanceId), journal);
    }

    public async Task<IReadOnlyList<JournalRecord>> WaitForJournalAsync(string instanceId, string eventName) => await Eventually.GetAsync(
        () => Host.JournalAsync(instanceId),
        rows => rows.Any(row => row.EventName == eventName),
        rows => string.Join(", ", rows.Select(row => row.EventName)));

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static JsonObject Expression(string type, string? value) =>
        new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = type, ["value"] = value } };

    internal sealed record Finished(Elsa.Workflows.State.WorkflowState State, IReadOnlyList<JournalRecord> Journal)
    {
        public JsonElement Completed => Payload("Completed", "step");

        public string Outcome => Completed.GetProperty("Outcomes")[0].GetString()!;

        public JsonElement Evidence => Completed.GetProperty(nameof(Evidence));

        public string? Finding => Completed.TryGetProperty(nameof(Finding), out var finding) ? finding.GetString() : null;

        public IReadOnlyList<string> Events => [.. Journal.Where(row => row.ActivityId == "step").Select(row => row.EventName)];

        /// <summary>What steps found of answers, in order: the task, what was found, the step.</summary>
        public IReadOnlyList<string> Proofs =>
        [
            .. Journal.Where(row => AnswerProof.Events.Contains(row.EventName))
                .Select(row => (Row: row, Task: EngineJson.Read<JsonElement>(row.Payload!).GetProperty("taskId").GetString()!))
                .Select(found => $"{found.Task[(found.Row.InstanceId.Length + 1)..]} {found.Row.EventName["Answer".Length..]} {found.Row.ActivityId}"),
        ];

        public int Count(string eventName) => Journal.Count(row => row.EventName == eventName);

        public JsonElement Payload(string eventName, string activityId) =>
            EngineJson.Read<JsonElement>(Journal.Last(row => row.EventName == eventName && row.ActivityId == activityId).Payload!);
    }
}
