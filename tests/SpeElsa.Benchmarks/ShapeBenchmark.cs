using System.Diagnostics;
using System.Globalization;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Benchmarks;

/// <summary>What a workflow costs by its size: read, published, and run in one burst, as a drawn flowchart of trivial steps.</summary>
internal static class ShapeBenchmark
{
    private const int Rounds = 15;

    public static Task<int> RunAsync(IReadOnlyList<int> sizes, CancellationToken cancellationToken) => EngineHost.InFolderAsync(null, async folder =>
    {
        using var host = await EngineHost.StartAsync(Path.Combine(folder, "shape.db"), cancellationToken);
        var reader = host.Services.GetRequiredService<DefinitionReader>();
        var runner = host.Services.GetRequiredService<IWorkflowRunner>();
        var runtime = host.Services.GetRequiredService<IWorkflowRuntime>();
        Console.WriteLine("activities   read ms   publish ms   burst ms   of it engine ms   engine µs a step");
        foreach (var size in sizes)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"chart-{size}");
            var json = Definitions.Flowchart(id, size);
            var identity = new WorkflowIdentity(id, 1, $"{id}-v1");
            var graph = reader.Read(json, identity);
            var executed = Trivial.Executed;
            var read = await MedianAsync(() => Task.FromResult(reader.Read(json, identity)));
            var publish = await MedianAsync(async () => await Definitions.PublishAsync(host.Services, json, id, cancellationToken), 5);
            var engine = await MedianAsync(() => runner.RunAsync(graph, null, cancellationToken));
            var handle = WorkflowDefinitionHandle.ByDefinitionId(id);
            var burst = await MedianAsync(async () =>
            {
                var client = await runtime.CreateClientAsync(cancellationToken);
                var answer = await client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = handle }, cancellationToken);
                return answer.SubStatus is WorkflowSubStatus.Finished ? answer : throw new InvalidOperationException($"It is {answer.SubStatus}.");
            });
            if (Trivial.Executed - executed != 2 * size * (Rounds + 1))
            {
                Console.Error.WriteLine($"{Trivial.Executed - executed} steps ran in place of {2 * size * (Rounds + 1)}.");
                return 1;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size,10} {read,9:0.00} {publish,12:0.00} {burst,10:0.00} {engine,17:0.00} {engine * 1000 / size,18:0.0}"));
        }

        await host.StopAsync(CancellationToken.None);
        return 0;
    });

    private static async Task<double> MedianAsync<T>(Func<Task<T>> act, int rounds = Rounds)
    {
        var times = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await act();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        // The first one is compiled while it runs.
        times.RemoveAt(0);
        times.Sort();
        return times[times.Count / 2];
    }
}
