using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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

    public static async Task<TestHost> StartAsync(
        Action<IServiceCollection> configure,
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
        var host = new TestHost(services.BuildServiceProvider());
        foreach (var hosted in host._hosted)
        {
            await hosted.StartAsync(CancellationToken.None);
        }

        return host;
    }

    public static Task<TestHost> StartInMemoryAsync(InMemoryStore? store = null, TimeProvider? timeProvider = null, params Assembly[] activities)
    {
        store ??= new InMemoryStore();
        return StartAsync(
            services =>
            {
                services.AddSingleton<IRuntimeStore>(store);
                services.AddSingleton<IInstanceReader>(store);
                services.AddSingleton<IDefinitionStore>(store);
            },
            timeProvider,
            activities);
    }

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

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted.Reverse())
        {
            await hosted.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
