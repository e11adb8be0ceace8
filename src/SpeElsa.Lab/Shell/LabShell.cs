using System.Collections.Concurrent;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SpeElsa.Lab.Windows;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Shell;

/// <summary>Runs scripts on one server: those that come over the wire, each for as long as its caller waits, and scheduled tasks.</summary>
internal sealed partial class LabShell(LabServer server, LabHold hold, ILogger logger) : IMachineTransport, IDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);
    private readonly LabRunspaces _runspaces = new(server);
    private readonly ConcurrentDictionary<LabRun, Task> _runs = new();
    private readonly ConcurrentDictionary<string, LabRun> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private volatile bool _closed;

    public async Task<int> RunAsync(string scriptText, string input, Action<string> onLine, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        using var run = new LabRun(NameOf(scriptText), server, hold, onLine);
        var task = Begin(run, () => Execute(scriptText, input, run));
        await using (cancellationToken.Register(run.Stop))
        {
            await task;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return run.Stopped.IsCancellationRequested
            ? throw new IOException($"The connection to {server.Name} was closed, or the machine was restarted.")
            : run.ExitCode;
    }

    public int RunningScripts => _runs.Count;

    public bool IsTaskRunning(TaskDefinition task) => _tasks.ContainsKey(Key(task));

    /// <summary>Starts a task in the background; one that runs is left alone.</summary>
    public void StartTask(TaskDefinition task)
    {
        var match = FileArgument.Match(task.Arguments);
        if (!task.Execute.Equals("powershell.exe", StringComparison.OrdinalIgnoreCase) || !match.Success)
        {
            throw new InvalidOperationException($"The lab runs tasks of powershell.exe -File only, not '{task.Execute} {task.Arguments}'.");
        }

        var text = File.ReadAllText(server.ToLocalPath(match.Groups[1].Value));
        var run = new LabRun(NameOf(text), server, hold, onLine: null);
        if (!_tasks.TryAdd(Key(task), run))
        {
            run.Dispose();
            return;
        }

        _ = Begin(run, () =>
        {
            try
            {
                Execute(text, "", run);
            }
            finally
            {
                _tasks.TryRemove(Key(task), out _);
                run.Dispose();
            }
        });
    }

    public void StopTask(TaskDefinition task)
    {
        if (_tasks.TryGetValue(Key(task), out var run))
        {
            run.Stop();
        }
    }

    /// <summary>Ends every script, as switching the machine off does.</summary>
    public void StopAll()
    {
        foreach (var run in _runs.Keys)
        {
            run.Stop();
        }

        var ended = Task.WhenAll(_runs.Values).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (!ended.Wait(StopTime))
        {
            logger.ScriptDoesNotStop(server.Name, StopTime.TotalSeconds);
        }
    }

    public void Dispose()
    {
        _closed = true;
        StopAll();
        _runspaces.Dispose();
    }

    [GeneratedRegex("""(?:^|\s)-File\s+"([^"]+)"\s*$""", RegexOptions.IgnoreCase)]
    private static partial Regex FileArgument { get; }

    [GeneratedRegex(@"^# SpeElsa script: ([A-Za-z0-9-]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex ScriptName { get; }

    private static string NameOf(string text) => ScriptName.Match(text) is { Success: true } match ? match.Groups[1].Value : "";

    // The engine has the clock of this process; a script on a machine whose clock is wrong reads another.
    private string WithClock(string text) => server.ClockAhead(NameOf(text)) is var ahead && ahead == TimeSpan.Zero
        ? text
        : text.Replace("[datetime]::UtcNow", $"[datetime]::UtcNow.AddTicks({ahead.Ticks})", StringComparison.Ordinal);

    private static string Key(TaskDefinition task) => task.Path + task.Name;

    // A thread of its own, in the background: a held script must neither starve the pool nor keep the process alive.
    private Task Begin(LabRun run, Action execute)
    {
        var task = new Task(execute, TaskCreationOptions.LongRunning);
        _runs[run] = task;
        task.Start(TaskScheduler.Default);
        return task.ContinueWith(ended =>
        {
            _runs.TryRemove(run, out _);
            ended.GetAwaiter().GetResult();
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Execute(string text, string input, LabRun run)
    {
        var rented = _runspaces.Rent();
        rented.Session.Run = run;
        try
        {
            using var pipeline = System.Management.Automation.PowerShell.Create(rented.Runspace);
            pipeline.AddScript(WithClock(text), useLocalScope: true);
            run.Attach(pipeline);
            try
            {
                pipeline.Invoke(input.Split('\n'));
            }
            finally
            {
                // Before it is gone: whoever stops this run stops it.
                run.Detach();
            }
        }
        catch (PipelineStoppedException)
        {
            // Somebody stopped it; that is all there is to say.
        }
        catch (RuntimeException e)
        {
            // What powershell.exe would write to standard error, e.g. that the script cannot be parsed.
            run.ExitCode = 1;
            logger.ScriptDied(server.Name, e.Message);
        }
        finally
        {
            _runspaces.Return(rented);
        }
    }
}
