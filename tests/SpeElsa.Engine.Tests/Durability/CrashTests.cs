using SpeElsa.Engine.Storage;
using SpeElsa.Testing;
using SpeElsa.Testing.Durability;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Tests.Durability;

public sealed class CrashTests
{
    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_signal_that_came_early_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.EarlySignal, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_sequence_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.Sequence, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task Parallel_branches_survive_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.ParallelBranches, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_loop_with_a_timer_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.LoopWithTimer, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_loop_with_a_switch_and_a_join_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.LoopWithSwitchAndJoin, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_wait_for_an_event_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.Event, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_hold_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.Held, side);

    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_published_event_survives_a_death_anywhere(CrashSide side) => DieEverywhereAsync(CrashScenario.PublishedEvent, side);

    private static Task DieEverywhereAsync(CrashScenario scenario, CrashSide side) => CrashRun.DieAtEveryCallAsync(
        scenario,
        side,
        () =>
        {
            var store = new InMemoryStore();
            return Task.FromResult((new StoreUnderTest(store, store, store), (IAsyncDisposable)new Nothing()));
        });

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
