using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Testing.Model;

/// <summary>The runtime without its loop: a worker takes its turn when it is told to, so that what happens has one order.</summary>
internal sealed class RuntimeBench : IDisposable
{
    public const string DefinitionId = "model";
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private readonly ServiceProvider _services;

    public RuntimeBench(StoreUnderTest store)
    {
        Dying = new DyingStore(store.Runtime);
        Reader = store.Reader;
        World.BeforeActing = (activity, _) => IsBroken && activity == "two" ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        _services = new ServiceCollection().AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IRuntimeStore>(Dying).AddSingleton(store.Reader).AddSingleton(store.Definitions).AddSingleton(World)
            .AddWorkflowEngine(typeof(Effect).Assembly)
            .BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(A.Moment);

    public EffectWorld World { get; } = new();

    public DyingStore Dying { get; }

    public IInstanceReader Reader { get; }

    public StimulusInbox Inbox => _services.GetRequiredService<StimulusInbox>();

    /// <summary>Whether the second effect fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Publishes both versions, and the first one again as what starts.</summary>
    public async Task<string> PrepareAsync()
    {
        var definitions = _services.GetRequiredService<IDefinitionStore>();
        await definitions.PublishAsync(Version(), default);
        var second = await definitions.PublishAsync(Version(A.Line("new")), default);
        var first = (await definitions.FindAsync(DefinitionVersionId.Of(DefinitionId, 1), default))!;
        await definitions.PublishAsync(new Publication { VersionId = first.Id, ContentHash = first.ContentHash, At = A.Moment, Triggers = [] }, default);
        return second.Id;
    }

    public Task<AcceptResult> MigrateAsync(string instanceId, string versionId, string key) =>
        _services.GetRequiredService<InstanceMigration>().MigrateAsync(instanceId, versionId, new Dictionary<string, string>(), key, default);

    /// <summary>One worker's turn: raises what is due, then runs everything that is ready.</summary>
    public async Task WorkAsync(string worker)
    {
        var now = Clock.GetUtcNow();
        await Dying.RaiseDueTimersAsync(now, 100, default);
        var runner = _services.GetRequiredService<InstanceRunner>();
        while (await Dying.FindReadyAsync(now, 100, default) is [var first, ..])
        {
            var claim = await Dying.ClaimAsync(first, worker, now, now + Lease, default) ?? throw new InvalidOperationException($"{first} is ready and can not be claimed");
            await runner.RunAsync(claim, default);
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        World.Dispose();
    }

    private static DefinitionRecord Version(params System.Text.Json.Nodes.JsonObject[] more) => A.Definition(
        DefinitionId,
        A.Sequence(DefinitionId)
            .With(A.Node("one", "Test.Effect"), A.Event("a", "a"), A.Node("two", "Test.Effect"), A.Delay("delay", ModelInstance.Delay), A.Event("b", "b"), A.Node("three", "Test.Effect"))
            .With(more).ToJson());
}
