using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>Costs nothing itself.</summary>
[Activity("Test", "Nothing", 1, "Does nothing")]
public sealed class Nothing : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context)
    {
    }
}

/// <summary>Has an effect as far as the engine knows: what it intends and what came of it are stored.</summary>
[Activity("Test", "Lasting", 1, "Does nothing that lasts", Kind = ActivityKind.Task)]
public sealed class Lasting : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context)
    {
    }
}

/// <summary>Other tests of the process would allocate meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public static class Alone;

/// <summary>What the engine allocates for each step and each checkpoint, in bytes: the same on every machine, unlike times.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Few = 100;
    private const int Many = 300;

    /// <summary>A step in a burst, with its two journal rows, on the way to the one checkpoint at the end.</summary>
    [Fact]
    public Task A_trivial_step_allocates_little() => CheckAsync(count => [.. Enumerable.Range(0, count).Select(number => A.Node($"n{number}", "Test.Nothing"))], 1, 8_000);

    /// <summary>A step with effects: its intent and its result are a checkpoint each.</summary>
    [Fact]
    public Task A_checkpoint_allocates_little() => CheckAsync(
        count => [.. Enumerable.Range(0, count).Select(number => A.Node($"n{number}", "Test.Lasting"))], 2, 24_000);

    /// <param name="steps">Makes so many steps.</param>
    /// <param name="parts">In how many parts a step is counted.</param>
    /// <param name="most">Bytes that a part may allocate.</param>
    private async Task CheckAsync(Func<int, JsonObject[]> steps, int parts, long most)
    {
        using var file = new SqliteFile();
        await using var host = await TestHost.StartAsync(
            services => services.AddSqliteStore(file.Path),
            services => services.GetRequiredService<EngineDatabase>().OpenAsync(default),
            null,
            typeof(Nothing).Assembly);
        var (few, many) = (A.Sequence("few").With(steps(Few)).ToJson(), A.Sequence("many").With(steps(Many)).ToJson());
        await MeasureAsync(host, few, "few");
        await MeasureAsync(host, many, "many");

        // The least of several: what the machinery allocates beside is never taken away, only added.
        var (leastFew, leastMany) = (long.MaxValue, long.MaxValue);
        for (var round = 0; round < 5; round++)
        {
            leastFew = Math.Min(leastFew, await MeasureAsync(host, few, "few"));
            leastMany = Math.Min(leastMany, await MeasureAsync(host, many, "many"));
        }

        var each = (leastMany - leastFew) / (Many - Few) / parts;
        output.WriteLine($"{each} bytes");
        Assert.InRange(each, 1, most);
    }

    private static async Task<long> MeasureAsync(TestHost host, string definition, string definitionId)
    {
        if (await host.Services.GetRequiredService<Storage.IDefinitionStore>().FindAsync(definitionId, Elsa.Common.Models.VersionOptions.Published, default) is null)
        {
            await host.WaitForFinishAsync(await host.StartWorkflowAsync(definition));
        }

        var client = await host.Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = await client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId(definitionId) });
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal(WorkflowSubStatus.Finished, answer.SubStatus);
        return allocated;
    }
}
