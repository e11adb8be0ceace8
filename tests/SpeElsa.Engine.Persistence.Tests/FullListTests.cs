using System.Diagnostics;
using System.Globalization;
using Elsa.Common.Models;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>
/// Lists over a full store. By themselves the tests take a hundredth of the size and look at what the pages hold; with SPEELSA_FULL_LISTS=1 in the environment they
/// take the whole size. The times they print decide nothing: that no page sorts or reads what it does not show is held by <see cref="QueryPlanTests"/>.
/// </summary>
public sealed class FullListTests : IDisposable
{
    private const int VersionsOfEach = 20;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SPEELSA_FULL_LISTS") is "1";
    private static readonly int Instances = IsFull ? 100_000 : 1_000;
    private static readonly int Definitions = IsFull ? 500 : 5;
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Pages_of_instances_are_right_first_and_last_and_filtered()
    {
        await using var services = await _file.OpenAsync();
        Seed();
        var reader = services.GetRequiredService<IInstanceReader>();
        var order = InstanceOrder.NewestFirst;

        var first = await TimedAsync("first page of instances", () => reader.ListAsync(new InstanceFilter(), order, 0, 10, default));
        Assert.Equal(Instances, first.Total);
        Assert.Equal(Enumerable.Range(0, 10).Select(index => Id(Instances - index)), first.Items.Select(instance => instance.Id));

        var last = await TimedAsync("last page of instances", () => reader.ListAsync(new InstanceFilter(), order, Instances - 10, 10, default));
        Assert.Equal(Id(1), last.Items[^1].Id);

        var running = await TimedAsync("first page of what runs", () => reader.ListAsync(new InstanceFilter { Statuses = [WorkflowStatus.Running] }, order, 0, 10, default));
        Assert.Equal(Instances / 100, running.Total);
        Assert.Equal(10, running.Items.Count);

        var ofOne = await TimedAsync("first page of one definition's instances", () => reader.ListAsync(new InstanceFilter { DefinitionIds = ["d1"] }, order, 0, 10, default));
        Assert.Equal(Instances / Definitions, ofOne.Total);
    }

    [Fact]
    public async Task Pages_of_definitions_and_of_versions_are_right()
    {
        await using var services = await _file.OpenAsync();
        Seed();
        var store = services.GetRequiredService<IDefinitionStore>();
        var latest = new DefinitionFilter { VersionOptions = VersionOptions.Latest, IsSystem = false };

        var first = await TimedAsync("first page of definitions", () => store.ListAsync(latest, new DefinitionOrder(DefinitionColumn.Name), 0, 10, default));
        Assert.Equal(Definitions, first.Total);
        Assert.All(first.Items, definition => Assert.Equal(VersionsOfEach, definition.Version));

        var found = await TimedAsync("definitions found by name", () => store.ListAsync(latest with { SearchTerm = "Definition d3" }, new DefinitionOrder(DefinitionColumn.Name), 0, 10, default));
        Assert.Contains("d3", found.Items.Select(definition => definition.DefinitionId));

        var versions = await TimedAsync(
            "versions of a definition", () => store.ListAsync(new DefinitionFilter { DefinitionIds = ["d3"] }, new DefinitionOrder(DefinitionColumn.Version, Descending: true), 0, 10, default));
        Assert.Equal(VersionsOfEach, versions.Total);
        Assert.Equal(Enumerable.Range(0, 10).Select(index => VersionsOfEach - index), versions.Items.Select(version => version.Version));
    }

    /// <summary>Rows as the engine writes them, with states and JSON of the size that those of a move have.</summary>
    private void Seed()
    {
        var (instances, definitions, each) = (Text(Instances), Text(Definitions), Text(VersionsOfEach));
        _file.Query<object>($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {definitions} * {each})
            INSERT INTO Definitions (Id, DefinitionId, Version, Name, ContentHash, Json, IsLatest, IsPublished, CreatedAt, MaterializerName)
            SELECT 'v' || i, 'd' || ((i - 1) / {each} + 1), (i - 1) % {each} + 1, 'Definition d' || ((i - 1) / {each} + 1), 'h' || i,
                '{"{"}"x":"' || hex(zeroblob(25000)) || '"{"}"}', i % {each} = 0, i % {each} = 0, 638000000000000000 + i, 'Json' FROM n
            """);
        _file.Query<object>($"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {instances})
            INSERT INTO Instances (Id, DefinitionId, DefinitionVersionId, DefinitionVersion, DefinitionHash, Status, SubStatus, Name, IncidentCount,
                CreatedAt, UpdatedAt, FinishedAt, StateVersion, JournalSequence, JournalHash, Ready, Epoch)
            SELECT printf('i%07d', i), 'd' || (i % {definitions} + 1), 'v' || ((i % {definitions} + 1) * {each}), {each}, 'h',
                iif(i % 100 = 0, 'Running', 'Finished'), iif(i % 100 = 0, 'Suspended', 'Finished'), 'Run ' || i, 0,
                638000000000000000 + i, 638000000000000000 + i, iif(i % 100 = 0, NULL, 638000000000000000 + i), 1, 1, 'h', 0, 1 FROM n
            """);
        _file.Query<object>("INSERT INTO InstanceStates SELECT Id, randomblob(4000) FROM Instances");
    }

    private static string Id(int index) => string.Create(CultureInfo.InvariantCulture, $"i{index:D7}");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The second of two readings: the first one opens connections and makes code.</summary>
    private static async Task<T> TimedAsync<T>(string what, Func<Task<T>> read)
    {
        await read();
        var watch = Stopwatch.StartNew();
        var result = await read();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {watch.Elapsed.TotalMilliseconds:F1} ms"));
        return result;
    }
}
