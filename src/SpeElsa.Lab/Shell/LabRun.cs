using System.Management.Automation;

namespace SpeElsa.Lab.Shell;

/// <summary>One run of a script on a server, from its start to its end or to the moment the machine is switched off.</summary>
internal sealed class LabRun(string script, LabHold hold, Action<string>? onLine) : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _gate = new();
    private System.Management.Automation.PowerShell? _pipeline;

    public CancellationToken Stopped => _stopped.Token;

    public int ExitCode { get; set; }

    /// <summary>A line of standard output. The prelude's own lines tell where the script is.</summary>
    public void Write(string line)
    {
        ThrowIfStopped();
        if (line.StartsWith("""{"t":"result",""", StringComparison.Ordinal))
        {
            hold.Reach(script, LabHold.After, this);
        }

        onLine?.Invoke(line);
        if (line.StartsWith("""{"t":"begin",""", StringComparison.Ordinal))
        {
            hold.Reach(script, LabHold.Before, this);
        }
    }

    /// <summary>Something has just changed on the server.</summary>
    public void TellEffect() => hold.Reach(script, LabHold.Middle, this);

    /// <summary>Waits in real time, as a real machine would.</summary>
    public void Wait(TimeSpan time)
    {
        if (time > TimeSpan.Zero || time == Timeout.InfiniteTimeSpan)
        {
            _stopped.Token.WaitHandle.WaitOne(time);
        }

        ThrowIfStopped();
    }

    /// <summary>A run that was stopped must not change anything any more, however far its script gets before it notices.</summary>
    public void ThrowIfStopped()
    {
        if (_stopped.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    public void Attach(System.Management.Automation.PowerShell pipeline)
    {
        lock (_gate)
        {
            ThrowIfStopped();
            _pipeline = pipeline;
        }
    }

    public void Detach()
    {
        lock (_gate)
        {
            _pipeline = null;
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped.Cancel();
            // Asynchronous: the caller may hold what the script waits for.
            _pipeline?.BeginStop(null, null);
        }
    }

    public void Dispose() => _stopped.Dispose();
}
