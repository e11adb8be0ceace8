using System.Diagnostics;
using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Benchmarks;

/// <summary>What a load run is asked for.</summary>
/// <param name="Instances">How many instances are started and resumed.</param>
/// <param name="Callers">How many callers do so at the same time; each waits for its answer.</param>
/// <param name="Stored">How many others wait in the database before.</param>
/// <param name="Durable">Whether the steps are ones with effects, whose intent and result are stored each.</param>
/// <param name="Directory">Where; null is a temporary folder that is removed.</param>
internal sealed record LoadOptions(int Instances, int Callers, int Stored, bool Durable, string? Directory);

/// <summary>What a load run came to.</summary>
internal sealed record LoadResult
{
    public required int Instances { get; init; }

    public required int Callers { get; init; }

    public required int Stored { get; init; }

    public required double StartPerSecond { get; init; }

    /// <summary>Steps that are durable each, in a second; null where none are.</summary>
    public double? DurableStepsPerSecond { get; init; }

    public required double StartP50Ms { get; init; }

    public required double StartP99Ms { get; init; }

    public required double CpuMsPerStart { get; init; }

    public required double ResumePerSecond { get; init; }

    public required double ResumeP50Ms { get; init; }

    public required double ResumeP99Ms { get; init; }

    public required double CpuMsPerResume { get; init; }

    public required double BytesPerSuspended { get; init; }

    public required double BytesPerFinished { get; init; }

    public required double PeakRssMiB { get; init; }

    /// <summary>Answers that were not what they have to be, and activities that were executed too often or not at all.</summary>
    public required long Errors { get; init; }
}

/// <summary>
/// Starts workflows of ten trivial activities that then wait, and resumes them, all through the public runtime on a SQLite file with synchronous=FULL. Every
/// answer is looked at.
/// </summary>
internal static class LoadBenchmark
{
    private const int Steps = 10;
    private const string DefinitionId = "load";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static long _errors;

    public static Task<int> RunAsync(LoadOptions options, bool json, CancellationToken cancellationToken) => EngineHost.InFolderAsync(options.Directory, async folder =>
    {
        var result = await RunAsync(options, folder, cancellationToken);
        Console.WriteLine(json ? JsonSerializer.Serialize(result, Json) : Describe(result));
        return result.Errors == 0 ? 0 : 1;
    });

    /// <summary>Runs it in a folder.</summary>
    public static async Task<LoadResult> RunAsync(LoadOptions options, string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "load.db");
        using var host = await EngineHost.StartAsync(path, cancellationToken);
        await Definitions.PublishAsync(host.Services, Definitions.Sequence(DefinitionId, Steps, options.Durable), DefinitionId, cancellationToken);
        var runtime = host.Services.GetRequiredService<IWorkflowRuntime>();

        // The code is compiled, and what waits is there, before anything is measured.
        var warm = await StartAsync(runtime, Math.Min(options.Instances, 200), options.Callers, cancellationToken);
        await ResumeAsync(runtime, warm.Waiting, options.Callers, cancellationToken);
        await StartAsync(runtime, options.Stored, Math.Max(64, options.Callers), cancellationToken);

        var empty = await SizeAsync(path, cancellationToken);
        var executed = Trivial.Executed;
        var started = await StartAsync(runtime, options.Instances, options.Callers, cancellationToken);
        var suspended = await SizeAsync(path, cancellationToken);
        var resumed = await ResumeAsync(runtime, Shuffle(started.Waiting), options.Callers, cancellationToken);
        var finished = await SizeAsync(path, cancellationToken);
        Interlocked.Add(ref _errors, Math.Abs(Trivial.Executed - executed - ((long)options.Instances * Steps)));
        await host.StopAsync(CancellationToken.None);
        return new LoadResult
        {
            Instances = options.Instances,
            Callers = options.Callers,
            Stored = options.Stored,
            StartPerSecond = Round(options.Instances / started.Took.TotalSeconds),
            DurableStepsPerSecond = options.Durable ? Round(options.Instances * Steps / started.Took.TotalSeconds) : null,
            StartP50Ms = Round(started.Percentile(50)),
            StartP99Ms = Round(started.Percentile(99)),
            CpuMsPerStart = Round(started.Cpu.TotalMilliseconds / options.Instances),
            ResumePerSecond = Round(options.Instances / resumed.Took.TotalSeconds),
            ResumeP50Ms = Round(resumed.Percentile(50)),
            ResumeP99Ms = Round(resumed.Percentile(99)),
            CpuMsPerResume = Round(resumed.Cpu.TotalMilliseconds / options.Instances),
            BytesPerSuspended = Round((double)(suspended - empty) / options.Instances),
            BytesPerFinished = Round((double)(finished - empty) / options.Instances),
            PeakRssMiB = Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1024.0 / 1024.0),
            Errors = Interlocked.Read(ref _errors),
        };
    }

    private static async Task<Phase> StartAsync(IWorkflowRuntime runtime, int count, int callers, CancellationToken cancellationToken)
    {
        var handle = WorkflowDefinitionHandle.ByDefinitionId(DefinitionId);
        var waiting = new (string Instance, string Bookmark)[count];
        var phase = await MeasureAsync(count, callers, async number =>
        {
            var client = await runtime.CreateClientAsync(cancellationToken);
            var answer = await client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = handle }, cancellationToken);
            if (answer is not { SubStatus: WorkflowSubStatus.Suspended, Bookmarks: { Count: 1 } bookmarks } || answer.Incidents.Count > 0)
            {
                Wrong($"A start was answered {answer.SubStatus}: {string.Join(" ", answer.Incidents.Select(incident => incident.Message))}");
                return;
            }

            waiting[number] = (client.WorkflowInstanceId, bookmarks.Single().Id);
        });
        return phase with { Waiting = [.. waiting.Where(one => one.Instance is not null)] };
    }

    private static Task<Phase> ResumeAsync(IWorkflowRuntime runtime, (string Instance, string Bookmark)[] waiting, int callers, CancellationToken cancellationToken) =>
        MeasureAsync(waiting.Length, callers, async number =>
        {
            var client = await runtime.CreateClientAsync(waiting[number].Instance, cancellationToken);
            var answer = await client.RunInstanceAsync(new RunWorkflowInstanceRequest { BookmarkId = waiting[number].Bookmark }, cancellationToken);
            if (answer is not { SubStatus: WorkflowSubStatus.Finished })
            {
                Wrong($"A resume was answered {answer.SubStatus}: {string.Join(" ", answer.Incidents.Select(incident => incident.Message))}");
            }
        });

    /// <summary>The first one is told, on the error stream.</summary>
    private static void Wrong(string what)
    {
        if (Interlocked.Increment(ref _errors) == 1)
        {
            Console.Error.WriteLine(what);
        }
    }

    private static async Task<Phase> MeasureAsync(int count, int callers, Func<int, Task> act)
    {
        var times = new double[count];
        var next = -1;
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) < count)
            {
                var began = Stopwatch.GetTimestamp();
                await act(number);
                times[number] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        })));
        var took = watch.Elapsed;
        process.Refresh();
        Array.Sort(times);
        return new Phase(took, process.TotalProcessorTime - cpu, times, []);
    }

    /// <summary>The pages that hold something: what is free is used again.</summary>
    private static async Task<long> SizeAsync(string path, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_size FROM pragma_page_size)";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) * reader.GetInt64(1);
    }

    private static T[] Shuffle<T>(T[] items)
    {
        var shuffled = items.ToArray();
        new Random(1).Shuffle(shuffled);
        return shuffled;
    }

    private static string Describe(LoadResult result) => string.Join(
        Environment.NewLine,
        JsonSerializer.SerializeToElement(result, Json).EnumerateObject().Select(property => $"{property.Name,-18} {property.Value}"));

    private static double Round(double value) => Math.Round(value, 2);

    private sealed record Phase(TimeSpan Took, TimeSpan Cpu, double[] Times, (string Instance, string Bookmark)[] Waiting)
    {
        public double Percentile(int percent) => Times.Length == 0 ? 0 : Times[Math.Min(Times.Length - 1, Times.Length * percent / 100)];
    }
}
