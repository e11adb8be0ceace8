using System.Diagnostics;
using System.Globalization;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Torture;

/// <summary>Measures how long a process takes from its start to the first activity that goes on, with many unfinished instances stored.</summary>
internal static class StartUp
{
    private static readonly TimeSpan Asleep = TimeSpan.FromSeconds(2);

    /// <summary>Fills a database with instances that wait, one of which has a timer that falls due while nobody runs, and starts a process on it some times.</summary>
    /// <returns>0 when every start was faster than five seconds.</returns>
    public static async Task<int> RunAsync(int instances, int times, CancellationToken cancellationToken)
    {
        var data = Directory.CreateTempSubdirectory("spe-start-up-").FullName;
        try
        {
            var slowest = TimeSpan.Zero;
            for (var time = 1; time <= times; time++)
            {
                await FillAsync(data, time == 1 ? instances - 1 : 0, time, cancellationToken);
                await Task.Delay(Asleep, cancellationToken);
                var took = await MeasureAsync(data, string.Create(CultureInfo.InvariantCulture, $"sleeper-{time}"), cancellationToken);
                slowest = took > slowest ? took : slowest;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start {time}: {took.TotalMilliseconds:0} ms from the process to the first activity"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"instances={instances} starts={times} slowest={slowest.TotalMilliseconds:0} ms"));
            return slowest < TimeSpan.FromSeconds(5) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task FillAsync(string data, int waiting, int time, CancellationToken cancellationToken)
    {
        await using var host = await TestHost.StartAsync(
            services => services.AddSqliteStore(Path.Combine(data, "engine.db")),
            async services =>
            {
                await services.GetRequiredService<EngineDatabase>().OpenAsync(cancellationToken);
                await services.GetRequiredService<IRuntimeStore>().EvictAsync("", cancellationToken);
            });
        var definition = A.Sequence("waits").With(A.Line("before"), A.Event("wait", "go"), A.Line("after")).ToJson();
        var watch = Stopwatch.StartNew();
        var started = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, waiting), new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = cancellationToken }, async (number, _) =>
        {
            await host.StartWorkflowAsync(definition, instanceId: string.Create(CultureInfo.InvariantCulture, $"waiting-{number}"));
            started++;
        });
        await Eventually.TrueAsync(
            async () => await host.Reader.CountAsync(new InstanceFilter { SubStatuses = [WorkflowSubStatus.Suspended] }, cancellationToken) >= started, "all wait", TimeSpan.FromMinutes(10));
        if (waiting > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"filled with {waiting} instances in {watch.Elapsed.TotalSeconds:0.0} s"));
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"sleeper-{time}");
        await host.StartWorkflowAsync(A.Sequence("sleeps").With(A.Delay("sleep", TimeSpan.FromSeconds(1.5)), A.Line("woke"), A.Event("wait", "go")).ToJson(), instanceId: id);
        await host.WaitForBookmarkOfAsync(id, "sleep", "Elsa.Delay");
    }

    private static async Task<TimeSpan> MeasureAsync(string data, string id, CancellationToken cancellationToken)
    {
        var woke = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = EngineProcess.Start(data, Sabotage.None, null, (engine, line) =>
        {
            if (line.StartsWith($"at {id} ", StringComparison.Ordinal))
            {
                woke.TrySetResult(engine.Age);
            }
        }, isQuiet: true);
        var took = await woke.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
        process.Tell("quit");
        await process.EndAsync();
        return took;
    }
}
