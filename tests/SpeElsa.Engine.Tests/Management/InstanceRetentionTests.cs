using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class InstanceRetentionTests : ManagementTest
{
    [Fact]
    public async Task What_ended_long_ago_is_deleted_but_for_the_exempt()
    {
        foreach (var number in Enumerable.Range(0, 7))
        {
            await EndedAsync($"old{number}", "move", A.Moment.AddDays(-31));
        }

        await EndedAsync("young", "move", A.Moment.AddDays(-29));
        await EndedAsync("exempt", "audit", A.Moment.AddDays(-100));
        await StartAsync(A.Instance("running", "move"));

        Assert.Equal(7, await Sweeper(30, "audit").SweepAsync(default));
        Assert.Equal(0, await Sweeper(30, "audit").SweepAsync(default));

        Assert.Equal(["exempt", "running", "young"], await IdsAsync());
    }

    [Fact]
    public async Task Everything_is_kept_unless_a_number_of_days_is_set()
    {
        await EndedAsync("old", "move", A.Moment.AddDays(-10_000));

        Assert.Equal(0, await Sweeper(null).SweepAsync(default));

        Assert.Equal(["old"], await IdsAsync());
    }

    [Fact]
    public async Task The_service_sweeps_at_the_start_and_every_hour()
    {
        await EndedAsync("old", "move", A.Moment.AddDays(-31));
        await EndedAsync("later", "move", A.Moment.AddDays(-30).AddMinutes(30));
        var sweeper = Sweeper(30);
        await sweeper.StartAsync(default);
        await Eventually.TrueAsync(async () => (await IdsAsync()).SequenceEqual(["later"]), "the first sweep");

        await TestHost.PassAsync(Clock, TimeSpan.FromHours(1), async () => (await IdsAsync()).Length == 0, "the second sweep");

        await sweeper.StopAsync(default);
    }

    private InstanceRetention Sweeper(int? days, params string[] exempt) => new(
        Store,
        Store,
        Clock,
        Options.Create(new InstanceRetentionOptions { KeepFinishedForDays = days, ExemptDefinitionIds = exempt, BatchSize = 3 }),
        NullLogger<InstanceRetention>.Instance);

    private async Task EndedAsync(string id, string definitionId, DateTimeOffset finishedAt)
    {
        await StartAsync(A.Instance(id, definitionId));
        await FinishAsync(id, finishedAt);
    }

    private async Task<string[]> IdsAsync() =>
        [.. (await Store.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, 100, default)).Items.Select(instance => instance.Id)];
}
