using Elsa.Common.Models;
using SpeElsa.Engine.Storage;
using Xunit;

namespace SpeElsa.Testing.Stores;

public abstract partial class StoreSuite
{
    [Fact]
    public async Task A_published_version_becomes_the_latest_and_older_ones_stay_readable()
    {
        var first = await Definitions.PublishAsync(A.Definition("move", """{"n":1}""") with { Description = "moves" }, default);
        var second = await Definitions.PublishAsync(A.Definition("move", """{"n":2}"""), default);

        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.NotEqual(first.Id, second.Id);
        Assert.True(second is { IsLatest: true, IsPublished: true });
        Assert.Equal(second, await Definitions.FindPublishedAsync("move", default));
        Assert.Equal(first with { IsLatest = false, IsPublished = false }, await Definitions.FindAsync(first.Id, default));
        Assert.Null(await Definitions.FindPublishedAsync("nothing", default));
        Assert.Null(await Definitions.FindAsync("nothing", default));
    }

    [Fact]
    public async Task Of_parallel_publishers_one_version_ends_as_published()
    {
        var versions = new List<DefinitionRecord>();
        for (var number = 1; number <= 10; number++)
        {
            versions.Add(await Definitions.PublishAsync(A.Definition("move", $"{{\"n\":{number}}}"), default));
        }

        var results = await Task.WhenAll(versions.Select(version => Task.Run(() =>
            Definitions.PublishAsync(new Publication { VersionId = version.Id, ContentHash = version.ContentHash, At = Now }, default))));

        Assert.DoesNotContain(results, result => result.Outcome is PublishOutcome.NotFound or PublishOutcome.Changed);
        var published = await Definitions.ListAsync(new DefinitionFilter { VersionOptions = VersionOptions.Published }, default, 0, 100, default);
        Assert.Equal(1, published.Total);
        Assert.Equal(["v10"], (await Definitions.ListLatestAsync(default)).Select(version => $"v{version.Version}"));
    }

    [Fact]
    public async Task The_list_has_the_latest_of_each_definition_by_name()
    {
        await Definitions.PublishAsync(A.Definition("b"), default);
        await Definitions.PublishAsync(A.Definition("a"), default);
        await Definitions.PublishAsync(A.Definition("b"), default);

        var list = await Definitions.ListLatestAsync(default);

        Assert.Equal([("a", 1), ("b", 2)], list.Select(one => (one.DefinitionId, one.Version)));
    }

    [Fact]
    public async Task Instances_are_listed_newest_first_in_pages_and_by_definition()
    {
        for (var number = 0; number < 5; number++)
        {
            await Store.AcceptAsync(
                A.Start($"k{number}", $"i{number}"), A.Instance($"i{number}", number % 2 == 0 ? "even" : "odd") with { CreatedAt = Now.AddMinutes(number) }, default);
        }

        var (page, total) = await Reader.ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 1, 2, default);
        Assert.Equal(5, total);
        Assert.Equal(["i3", "i2"], page.Select(instance => instance.Id));
        var (even, count) = await Reader.ListAsync(new InstanceFilter { DefinitionIds = ["even", "other"] }, InstanceOrder.NewestFirst, 0, 10, default);
        Assert.Equal((3, 3), (count, even.Count));
        Assert.Null(await Reader.FindAsync("nobody", default));
        Assert.Null(await Reader.ReadStateAsync("i1", default));
    }
}
