using SpeElsa.Server.Tests.Harness;

[assembly: AssemblyFixture(typeof(UndisturbedRun))]

namespace SpeElsa.Server.Tests.Harness;

/// <summary>A move nobody disturbs, to compare with.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    /// <summary>Many restarts, little to copy.</summary>
    public const string FewBytes = "600000";

    private readonly Lazy<Task<Outcome>> _outcome = new(RunAsync);

    /// <summary>Made by the first test that compares.</summary>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal async Task CompareAsync(ServerProcess server)
    {
        var expected = await _outcome.Value;
        Assert.Equal(expected.Fingerprint, await FarmFingerprint.TakeAsync(server));
        Assert.Equal(Lines(expected.Effects), Lines(await new Administrator(server).EffectsAsync()));
        Assert.Empty(FarmFingerprint.PfxFiles(server));
    }

    private static async Task<Outcome> RunAsync()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", FewBytes));
        var administrator = new Administrator(server);
        await administrator.PlayAsync(await administrator.StartMoveAsync());
        return new Outcome(await FarmFingerprint.TakeAsync(server), await administrator.EffectsAsync());
    }

    /// <summary>
    /// Every effect, how often it happened. An export that was cut off is made again under a new password, because the old one lived in
    /// memory only; it changes nothing on the server and its file is removed, so it is not counted.
    /// </summary>
    private static string[] Lines(SortedDictionary<string, int> effects) =>
        [.. effects.Where(effect => !effect.Key.Contains("certificate-export", StringComparison.Ordinal)).Select(effect => $"{effect.Key} ×{effect.Value}")];

    private sealed record Outcome(IReadOnlyList<string> Fingerprint, SortedDictionary<string, int> Effects);
}
