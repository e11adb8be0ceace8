using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>The engine with its workers on a store, as a host would run it. Disposing it is an orderly stop; leaving a store behind and making a second host on it is a restart.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    private TestHost(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public IServiceProvider Services => _services;

    public StimulusInbox Inbox => _services.GetRequiredService<StimulusInbox>();

    public IInstanceReader Reader => _services.GetRequiredService<IInstanceReader>();

    public IRuntimeStore Store => _services.GetRequiredService<IRuntimeStore>();

    public static Task<TestHost> StartAsync(Action<IServiceCollection> configure, TimeProvider? timeProvider = null, params Assembly[] activities) =>
        StartAsync(configure, _ => Task.CompletedTask, timeProvider, activities);

    /// <summary>With something to do before the workers start, such as opening the database.</summary>
    public static async Task<TestHost> StartAsync(
        Action<IServiceCollection> configure,
        Func<IServiceProvider, Task> prepare,
        TimeProvider? timeProvider = null,
        params Assembly[] activities)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (timeProvider is not null)
        {
            services.AddSingleton(timeProvider);
        }

        configure(services);
        services.AddWorkflowEngine(activities);
        services.AddWorkflowWorkers();
        services.Configure<RuntimeOptions>(options => options.PollInterval = TimeSpan.FromMilliseconds(100));
        var provider = services.BuildServiceProvider();
        await prepare(provider);
        var host = new TestHost(provider);
        foreach (var hosted in host._hosted)
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        return host;
    }

    public static Task<TestHost> StartInMemoryAsync(InMemoryStore? store = null, TimeProvider? timeProvider = null, params Assembly[] activities) =>
        StartInMemoryAsync(store ?? new InMemoryStore(), _ => { }, timeProvider, activities);

    /// <summary>On an in-memory store, with services of the test's own.</summary>
    /// <param name="store">What outlives the host.</param>
    /// <param name="configure">Adds services; what it adds comes before what the host would add.</param>
    /// <param name="timeProvider">The clock; null: the system's.</param>
    /// <param name="activities">Where to find activities.</param>
    public static Task<TestHost> StartInMemoryAsync(
        InMemoryStore store, Action<IServiceCollection> configure, TimeProvider? timeProvider = null, params Assembly[] activities) => StartAsync(
            services =>
            {
                configure(services);
                services.TryAddSingleton<IRuntimeStore>(store);
                services.TryAddSingleton<IInstanceReader>(store);
                services.TryAddSingleton<IDefinitionStore>(store);
            },
            timeProvider,
            activities);

    /// <summary>Publishes a definition and starts an instance of it.</summary>
    public async Task<string> StartWorkflowAsync(string json, IReadOnlyDictionary<string, object?>? input = null, string? instanceId = null)
    {
        var definitionId = System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("definitionId").GetString()!;
        var store = _services.GetRequiredService<IDefinitionStore>();
        var hash = DefinitionReader.ContentHash(json);
        if ((await store.FindPublishedAsync(definitionId, default))?.ContentHash != hash)
        {
            await store.PublishAsync(
                new DefinitionRecord { Id = "", DefinitionId = definitionId, Version = 0, Name = definitionId, ContentHash = hash, Json = json, CreatedAt = default },
                default);
        }

        instanceId ??= Guid.NewGuid().ToString("N");
        await Inbox.StartAsync(
            new StartRequest { Key = $"start:{instanceId}", InstanceId = instanceId, DefinitionId = definitionId, Input = input ?? new Dictionary<string, object?>() },
            default);
        return instanceId;
    }

    public async Task<InstanceRecord> WaitForAsync(string instanceId, Func<InstanceRecord, bool> condition) => await Eventually.GetAsync(
        () => Reader.FindAsync(instanceId, default),
        record => record is not null && (record.SetAside is not null || condition(record)),
        record => $"instance {instanceId} is {record?.SubStatus}, set aside: {record?.SetAside ?? "no"}") ?? throw new InvalidOperationException();

    public Task<InstanceRecord> WaitForFinishAsync(string instanceId) => WaitForAsync(instanceId, record => record.Status is WorkflowStatus.Finished);

    public async Task<WorkflowState> StateAsync(string instanceId) => StateCodec.Decode((await Reader.ReadStateAsync(instanceId, default))!);

    public Task<IReadOnlyList<JournalRecord>> JournalAsync(string instanceId) => Reader.ReadJournalAsync(instanceId, 0, int.MaxValue, default);

    /// <summary>Waits until the instance waits in as many places, and returns them, oldest first.</summary>
    public Task<IReadOnlyList<BookmarkRecord>> WaitForBookmarksAsync(string instanceId, int count, string name = "Elsa.Event") =>
        WaitForBookmarksAsync(instanceId, name, found => found.Count == count, $"have {count} bookmarks {name}");

    /// <summary>Waits until the activity waits, and returns where.</summary>
    public async Task<BookmarkRecord> WaitForBookmarkOfAsync(string instanceId, string activityId, string name = "Elsa.Event")
    {
        var found = await WaitForBookmarksAsync(instanceId, name, items => items.Any(bookmark => bookmark.ActivityId == activityId), $"wait in {activityId}");
        return found.First(bookmark => bookmark.ActivityId == activityId);
    }

    private async Task<IReadOnlyList<BookmarkRecord>> WaitForBookmarksAsync(
        string instanceId, string name, Func<IReadOnlyList<BookmarkRecord>, bool> condition, string what)
    {
        var (record, items) = await Eventually.GetAsync(
            async () => (Record: await Reader.FindAsync(instanceId, default), (await Reader.ListBookmarksAsync(name, instanceId, 0, 1000, default)).Items),
            found => condition(found.Items) || found.Record is null or { Status: WorkflowStatus.Finished } or { SetAside: not null },
            found => $"{instanceId} does not {what} but {found.Items.Count}");
        return condition(items) ? items : throw new InvalidOperationException($"{instanceId} does not {what}: it is {record?.SubStatus}, set aside: {record?.SetAside ?? "no"}");
    }

    public Task<AcceptResult> SignalAsync(BookmarkRecord bookmark, string? key = null, object? payload = null) => Inbox.SendAsync(
        A.Signal(
            key ?? $"signal:{bookmark.Id}",
            bookmark.InstanceId,
            bookmark.Id,
            input: payload is null ? null : EngineJson.Write(new Dictionary<string, object?> { [Elsa.Workflows.Runtime.Activities.Event.EventInputWorkflowInputKey] = payload })),
        default);

    /// <summary>Lets time pass, and goes on nudging the clock until it has come to it: a worker may look at the clock just before it jumps.</summary>
    public static async Task PassAsync(FakeTimeProvider clock, TimeSpan span, Func<Task<bool>> until, string what, TimeSpan? nudge = null)
    {
        clock.Advance(span);
        await Eventually.TrueAsync(
            async () =>
            {
                if (await until())
                {
                    return true;
                }

                clock.Advance(nudge ?? TimeSpan.FromMilliseconds(100));
                return false;
            },
            what);
    }

    /// <summary>The activities that completed, in order; containers left out.</summary>
    public async Task<IReadOnlyList<string>> CompletedAsync(string instanceId) =>
        [.. (await JournalAsync(instanceId)).Where(row => row is { EventName: "Completed" } && row.ActivityId is not ("root" or "Workflow1")).Select(row => row.ActivityId)];

    /// <summary>What WriteLine wrote, in order.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(string instanceId) =>
    [
        .. (await JournalAsync(instanceId)).Where(row => row is { EventName: "Completed", ActivityType: "Elsa.WriteLine" })
            .Select(row => (string)EngineJson.Read<Dictionary<string, object?>>(row.Payload!)!["Text"]!),
    ];

    /// <summary>The one incident of an instance that went wrong.</summary>
    public async Task<Elsa.Workflows.Models.ActivityIncident> IncidentAsync(string instanceId) => (await StateAsync(instanceId)).Incidents.Single();

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted.Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
