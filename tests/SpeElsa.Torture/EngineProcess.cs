using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SpeElsa.Testing;

namespace SpeElsa.Torture;

/// <summary>What an engine process tells of an instance.</summary>
internal sealed record Sighting(string InstanceId, string SubStatus, long StateVersion);

/// <summary>One engine process, as the run sees it.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process _process;
    private readonly Stopwatch _life = Stopwatch.StartNew();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Lock _telling = new();
    private readonly Task _reading;
    private readonly Task _complaining;

    private EngineProcess(Process process, Action<EngineProcess, string> heard)
    {
        _process = process;
        Exit = process.WaitForExitAsync();
        _reading = Task.Run(() => ReadAsync(heard));
        _complaining = Task.Run(async () =>
        {
            while (await _process.StandardError.ReadLineAsync() is { } line)
            {
                _errors.Enqueue(line);
            }
        });
    }

    /// <summary>Ends when it is ready or dead.</summary>
    public Task Ready => _ready.Task;

    public TimeSpan Age => _life.Elapsed;

    /// <summary>Its age without the time that a thread of it was ready and the machine gave it no processor, as far as the kernel counts that.</summary>
    public TimeSpan Served => Age - Waited;

    /// <summary>What its unluckiest thread has waited for a processor.</summary>
    private TimeSpan Waited
    {
        get
        {
            try
            {
                return Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
                    .Select(thread => TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[1], CultureInfo.InvariantCulture) / 1000))
                    .DefaultIfEmpty()
                    .Max();
            }
            catch (IOException)
            {
                // A thread that has ended while we looked, or a system that does not count.
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Ends with it. Asked for once: <see cref="Process"/> loses one of two waits that begin and end at the same time.</summary>
    public Task Exit { get; }

    public string Errors => string.Join(" | ", _errors.Take(20));

    public static EngineProcess Start(string data, Sabotage sabotage, (string Place, int On)? death, Action<EngineProcess, string> heard, bool isQuiet = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["engine", "--data", data, "--sabotage", sabotage.ToString()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        TestProcess.LivesShortly(start);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Insert(0, typeof(EngineProcess).Assembly.Location);
        }

        if (isQuiet)
        {
            start.ArgumentList.Add("--quiet");
        }

        if (death is { } planned)
        {
            start.ArgumentList.Add("--die-at");
            start.ArgumentList.Add(planned.Place);
            start.ArgumentList.Add("--die-on");
            start.ArgumentList.Add(planned.On.ToString(CultureInfo.InvariantCulture));
        }

        return new EngineProcess(Process.Start(start)!, heard);
    }

    /// <summary>Says a line to it; to a dead one, nothing. Whole lines only: the round tells it to quit while its commands are still being fed.</summary>
    public void Tell(string command)
    {
        try
        {
            lock (_telling)
            {
                _process.StandardInput.WriteLine(command);
                _process.StandardInput.Flush();
            }
        }
        catch (IOException)
        {
            // It is dead; whatever it did not answer is said again to the next one.
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it has ended and everything it said has been heard.</summary>
    public async Task<int> EndAsync()
    {
        await Exit;
        await _reading;
        await _complaining;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ReadAsync(Action<EngineProcess, string> heard)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            heard(this, line);
            if (line == "ready")
            {
                _ready.TrySetResult();
            }
        }

        _ready.TrySetResult();
    }
}
