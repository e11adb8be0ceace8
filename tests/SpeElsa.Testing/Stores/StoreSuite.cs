using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

/// <summary>The three faces of one store.</summary>
public sealed record StoreUnderTest(IRuntimeStore Runtime, IInstanceReader Reader, IDefinitionStore Definitions);

/// <summary>What every store promises. Each implementation runs all of it, on a store of its own per test.</summary>
public abstract partial class StoreSuite : IAsyncLifetime
{
    private const string BookmarkName = "Elsa.Event";
    private static readonly DateTimeOffset Now = A.Moment;
    private static readonly DateTimeOffset LeaseEnd = Now.AddSeconds(30);
    private StoreUnderTest? _store;

    protected IRuntimeStore Store => _store!.Runtime;

    protected IInstanceReader Reader => _store!.Reader;

    protected IDefinitionStore Definitions => _store!.Definitions;

    protected abstract Task<StoreUnderTest> OpenAsync();

    protected abstract ValueTask CloseAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    private Task<AcceptResult> StartAsync(string instanceId = "i1") =>
        Store.AcceptAsync(A.Start($"start:{instanceId}", instanceId), A.Instance(instanceId), default);

    private async Task<Claim> ClaimAsync(string instanceId = "i1", string worker = "w1") =>
        await Store.ClaimAsync(instanceId, worker, Now, LeaseEnd, default) ?? throw new InvalidOperationException("Nobody else should have it");

    private async Task<Claim> StartedAndClaimedAsync(string instanceId = "i1")
    {
        await StartAsync(instanceId);
        return await ClaimAsync(instanceId);
    }

    private static Checkpoint Next(Claim claim, long expectedVersion = 0, bool release = false) => new()
    {
        Claim = claim,
        ExpectedVersion = expectedVersion,
        Instance = A.Instance(claim.InstanceId) with
        {
            SubStatus = Elsa.Workflows.WorkflowSubStatus.Suspended,
            Name = $"after {expectedVersion + 1}",
            UpdatedAt = Now.AddMinutes(expectedVersion + 1),
            StateVersion = expectedVersion + 1,
            JournalSequence = expectedVersion + 1,
            JournalHash = $"hash {expectedVersion + 1}",
        },
        State = [1, (byte)(expectedVersion + 1)],
        Journal = [Row(claim.InstanceId, expectedVersion + 1)],
        Release = release,
    };

    private static JournalRecord Row(string instanceId, long sequence) => A.JournalRow(instanceId, sequence);

    private static BookmarkRecord Bookmark(string id, string instanceId = "i1", string hash = "H", int minute = 0, string name = BookmarkName) => new()
    {
        Id = id,
        InstanceId = instanceId,
        Name = name,
        Hash = hash,
        ActivityId = "a1",
        ActivityNodeId = "Workflow1:a1",
        ActivityInstanceId = "e1",
        Payload = """{"eventName":"go"}""",
        CreatedAt = Now.AddMinutes(minute),
    };

    private static OutboxRecord Outgoing(string id, string instanceId = "i1") => new(id, instanceId, "event", """{"eventName":"go"}""", Now);

    /// <summary>Everything that can be read of an instance and its surroundings, as one text: two equal texts mean that nothing was written.</summary>
    private async Task<string> EverythingAsync(string instanceId, params string[] stimulusKeys)
    {
        var stimuli = new List<StoredStimulus?>();
        foreach (var key in stimulusKeys)
        {
            stimuli.Add(await Reader.FindStimulusAsync(key, default));
        }

        return EngineJson.Write(new
        {
            Instance = await Reader.FindAsync(instanceId, default),
            State = await Reader.ReadStateAsync(instanceId, default),
            Journal = await Reader.ReadJournalAsync(instanceId, 0, 1000, default),
            Bookmarks = (await Reader.ListBookmarksAsync(BookmarkName, null, 0, 1000, default)).Items,
            ByHash = await Reader.FindBookmarksAsync("H", default),
            Timer = await Store.NextTimerAsync(default),
            Outbox = await Store.ReadOutboxAsync(1000, default),
            Stimuli = stimuli,
            Open = (await Store.LoadAsync(instanceId, default))?.Stimuli,
            Ready = await Store.FindReadyAsync(Now.AddDays(1), 1000, default),
            List = (await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, 1000, default)).Items,
        });
    }
}
