using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SpeElsa.Benchmarks;

/// <summary>A built server with very many human tasks that wait, each with a time by which it is due: what it costs to have them.</summary>
internal sealed class WaitingBenchmark : IDisposable
{
    private const int Callers = 16;
    private const int Looks = 11;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);
    private readonly string _program;
    private readonly string _data;
    private readonly HttpClient _client;
    private Process? _process;

    private WaitingBenchmark(string program, string data)
    {
        (_program, _data) = (program, data);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")), Timeout = TimeSpan.FromMinutes(5) };
    }

    public static async Task<int> RunAsync(int tasks, string server, string? directory, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(Path.Combine(server, "SpeElsa.Server.dll"));
        if (!File.Exists(program))
        {
            await Console.Error.WriteLineAsync($"There is no {program}. Build it (dotnet build -c Release src/SpeElsa.Server), or name its folder with --server.");
            return 2;
        }

        return await EngineHost.InFolderAsync(directory, async data =>
        {
            using var run = new WaitingBenchmark(program, data);
            return await run.RunAsync(tasks, cancellationToken);
        });
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        _client.Dispose();
    }

    private async Task<int> RunAsync(int tasks, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        await FillAsync(tasks, cancellationToken);
        await StopAsync(cancellationToken);
        var ready = await StartAsync(cancellationToken);
        Print("start-up to ready", ready.TotalSeconds, "s");

        // What a start has to look after, and what is compiled again better, is done after that; it is no part of idling.
        await Task.Delay(Idle, cancellationToken);
        _process!.Refresh();
        var (cpu, watch) = (_process.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(Idle, cancellationToken);
        _process.Refresh();
        Print("processor, idle", (_process.TotalProcessorTime - cpu).TotalSeconds / watch.Elapsed.TotalSeconds * 100, "% of one");
        Print("memory", _process.WorkingSet64 / 1024.0 / 1024.0, "MiB");
        foreach (var (name, path) in new[]
        {
            ("inbox, a page", "/api/tasks?pageSize=25"), ("inbox, the last page", string.Create(CultureInfo.InvariantCulture, $"/api/tasks?pageSize=25&page={Math.Max(1, tasks / 25)}")),
            ("moves, a page", "/api/moves?pageSize=25"), ("Elsa instances, a page", "/elsa/api/workflow-instances?page=0&pageSize=25&orderBy=created&orderDirection=descending"),
        })
        {
            Print(name, await LookAsync(path, cancellationToken), "ms");
        }

        _process.Refresh();
        Print("memory after the lists", _process.WorkingSet64 / 1024.0 / 1024.0, "MiB");
        await StopAsync(cancellationToken);
        return 0;
    }

    private async Task<TimeSpan> StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [_program]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = _data };
        (start.Environment["Urls"], start.Environment["DataDirectory"]) = (_client.BaseAddress!.ToString(), _data);
        start.Environment["Lab__Enabled"] = "false";
        start.Environment["Tasks__DueAfter"] = "08:00:00";
        start.Environment["Serilog__MinimumLevel__Default"] = "Warning";
        _process?.Dispose();
        var watch = Stopwatch.StartNew();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _ = line;
        _process.BeginOutputReadLine();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
            }

            try
            {
                await ReadKeyAsync(cancellationToken);
                using var answer = await _client.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    break;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        return watch.Elapsed;
    }

    /// <summary>The server writes it when it starts for the first time.</summary>
    private async Task ReadKeyAsync(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_data, "api-key.txt");
        if (_client.DefaultRequestHeaders.Authorization is null && File.Exists(file) && (await File.ReadAllTextAsync(file, cancellationToken)).Trim() is { Length: > 0 } key)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", key);
        }
    }

    private async Task FillAsync(int tasks, CancellationToken cancellationToken)
    {
        var missing = tasks - await CountAsync(cancellationToken);
        if (missing <= 0)
        {
            return;
        }

        var model = JsonNode.Parse("""
            {"definitionId":"waits","name":"Waits","version":1,"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[{"id":"ask","type":"SpeElsa.HumanTask","version":1,
              "title":{"typeName":"String","expression":{"type":"Literal","value":"Look at the portal"}},
              "undo":{"typeName":"String","expression":{"type":"Literal","value":"Nothing"}},"undoReason":{"typeName":"String","expression":{"type":"Literal","value":"It is only asked."}}}]}}
            """);
        using var published = await _client.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = true }, cancellationToken);
        published.EnsureSuccessStatusCode();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, missing), new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellationToken }, async (number, cancel) =>
        {
            using var started = await _client.PostAsJsonAsync("/api/moves", new { scenario = "waits", name = string.Create(CultureInfo.InvariantCulture, $"Move {number}") }, cancel);
            started.EnsureSuccessStatusCode();
        });
        Print("moves started over HTTP", missing / watch.Elapsed.TotalSeconds, "a second");
        while (await CountAsync(cancellationToken) < tasks)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        Print("until the inbox has all", watch.Elapsed.TotalSeconds, "s");
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken) =>
        (int)(await _client.GetFromJsonAsync<JsonObject>("/api/tasks?pageSize=1", cancellationToken))!["total"]!;

    private async Task<double> LookAsync(string path, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var look = 0; look < Looks; look++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        times.RemoveAt(0);
        times.Sort();
        return times[times.Count / 2];
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
    }

    private static void Print(string name, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {value,10:0.0} {unit}"));
}
