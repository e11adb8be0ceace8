using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Stores;
using Xunit;

namespace SpeElsa.Testing.Durability;

/// <summary>Lets the process die at every call to its store that could make a difference, and finishes the run in a second process.</summary>
public static class CrashRun
{
    private static readonly string[] Kinds = ["accept", "claim", "load", "commit", "complete outbox"];

    /// <param name="scenario">What runs.</param>
    /// <param name="side">Whether the call that kills still does its work.</param>
    /// <param name="openAsync">Makes a new store.</param>
    public static async Task DieAtEveryCallAsync(CrashScenario scenario, CrashSide side, Func<Task<(StoreUnderTest Store, IAsyncDisposable Owner)>> openAsync)
    {
        var highestAttempt = 0;
        foreach (var kind in Kinds)
        {
            var deaths = 0;
            while (await DieOnceAsync(scenario, kind, deaths + 1, side, openAsync) is { Died: true } death)
            {
                deaths++;
                highestAttempt = Math.Max(highestAttempt, death.HighestAttempt);
            }

            var atLeast = kind == "commit" ? (2 * scenario.Effects.Length) + 1 : 1;
            Assert.True(deaths >= atLeast || kind == "complete outbox", $"it died {deaths} times in {kind}");
        }

        Assert.Equal(2, highestAttempt);
    }

    private static async Task<(bool Died, int HighestAttempt)> DieOnceAsync(
        CrashScenario scenario, string kind, int call, CrashSide side, Func<Task<(StoreUnderTest Store, IAsyncDisposable Owner)>> openAsync)
    {
        var (store, owner) = await openAsync();
        await using (owner)
        {
            return await DieOnceAsync(scenario, store, kind, call, side);
        }
    }

    private static async Task<(bool Died, int HighestAttempt)> DieOnceAsync(CrashScenario scenario, StoreUnderTest store, string kind, int call, CrashSide side)
    {
        using var world = new EffectWorld { Reader = store.Reader };
        var crashable = new CrashableStore(store.Runtime) { CrashIn = kind, CrashAt = call, Side = side };
        await using (var first = await StartAsync(crashable, store, world))
        {
            var run = scenario.RunAsync(first);
            await Task.WhenAny(run, crashable.Crashed);
            _ = run.ContinueWith(task => task.Exception, TaskScheduler.Default);
        }

        if (crashable.CrashedIn is not null)
        {
            // The new process holds the store alone, so whoever owned anything is dead.
            await store.Runtime.EvictAsync("", default);
        }

        await using var second = await StartAsync(store.Runtime, store, world);
        var id = await scenario.RunAsync(second);
        await AssertRightAsync(scenario, second, world, id, $"death at {kind} {call} ({side})");
        return (crashable.CrashedIn is not null, world.Entries.Max(entry => entry.Attempt));
    }

    private static async Task AssertRightAsync(CrashScenario scenario, TestHost host, EffectWorld world, string id, string where)
    {
        Assert.True(scenario.Effects.Order().SequenceEqual(world.Effects().Order()), $"{where}: the effects are {string.Join(", ", world.Lines())}");
        Assert.True(world.Unannounced.IsEmpty, $"{where}: acted without a stored intent: {string.Join(", ", world.Unannounced)}");

        var record = (await host.Reader.FindAsync(id, default))!;
        var journal = await host.JournalAsync(id);
        Assert.True(JournalChain.FindBreak(journal, record) is null, $"{where}: the journal breaks at {JournalChain.FindBreak(journal, record)}");
        Assert.True(record.IncidentCount == 0, $"{where}: there are incidents");
        foreach (var execution in journal.Where(row => row.Role is not JournalRole.None).GroupBy(row => row.ActivityInstanceId))
        {
            var intents = execution.Where(row => row.Role is JournalRole.Intent).Select(row => row.Attempt).ToArray();
            Assert.True(intents.SequenceEqual(Enumerable.Range(1, intents.Length)), $"{where}: the intents of {execution.First().ActivityId} are {string.Join(", ", intents)}");
            Assert.True(execution.First().Role is JournalRole.Intent && execution.Last().Role is JournalRole.Result, $"{where}: {execution.First().ActivityId} has no intent before its result");
            Assert.True(execution.Count(row => row.EventName == "Completed") == 1, $"{where}: {execution.First().ActivityId} completed more than once");
        }

        // An entry that found its effect done already is a later one, and it could see that.
        Assert.All(world.Entries, entry => Assert.True(entry.Acted || entry.Attempt > 1, $"{where}: {entry}"));
        Assert.Equal(scenario.Effects.Length, world.Entries.Select(entry => entry.ExecutionId).Distinct().Count());
    }

    private static Task<TestHost> StartAsync(IRuntimeStore runtime, StoreUnderTest store, EffectWorld world) => TestHost.StartAsync(
        services => services.AddSingleton(runtime).AddSingleton(store.Reader).AddSingleton(store.Definitions).AddSingleton(world),
        null,
        typeof(Effect).Assembly);
}
