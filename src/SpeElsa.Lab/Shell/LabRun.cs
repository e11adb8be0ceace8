using System.Management.Automation;

namespace SpeElsa.Lab.Shell;

/// <summary>One run of a script on a server, from its start to its end or to the moment the machine is switched off.</summary>
internal sealed class LabRun(string script, LabServer server, LabHold hold, Action<string>? onLine) : IDisposable
{
    /// <summary>ERROR_DISK_FULL, as Windows gives it to a program.</summary>
    internal const int DiskFullResult = unchecked((int)0x80070070);

    private readonly CancellationTokenSource _stopped = new();
    private readonly Lock _gate = new();
    private readonly LabFault? _fault = server.Farm.Faults.Take(server, script);
    private bool _disturbed;
    private bool _isOver;
    private System.Management.Automation.PowerShell? _pipeline;

    /// <summary>The script's name; empty for text that is none of the library.</summary>
    public string Script => script;

    public CancellationToken Stopped => _stopped.Token;

    public int ExitCode { get; set; }

    /// <summary>Whether this run has that fault. The first file, program or command that asks has it; see <see cref="TakeFault"/>.</summary>
    public bool HasFault(LabFaultKind kind) => _fault?.Kind == kind;

    /// <summary>Whether this run has that fault and it has not happened in it yet; it has then.</summary>
    public bool TakeFault(LabFaultKind kind)
    {
        var taken = HasFault(kind) && !_disturbed;
        _disturbed |= taken;
        return taken;
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public void ThrowIfDiskFull()
    {
        if (HasFault(LabFaultKind.DiskFull))
        {
            throw new IOException("There is not enough space on the disk.", DiskFullResult);
        }
    }

    /// <summary>A line of standard output. The prelude's own lines tell where the script is.</summary>
    public void Write(string line)
    {
        ThrowIfStopped();
        if (line.StartsWith("""{"t":"result",""", StringComparison.Ordinal))
        {
            hold.Reach(script, LabHold.After, this);
            Disturb(line);
        }

        onLine?.Invoke(line);
        if (line.StartsWith("""{"t":"begin",""", StringComparison.Ordinal))
        {
            hold.Reach(script, LabHold.Before, this);
            switch (_fault)
            {
                case { Kind: LabFaultKind.Delay }:
                    Wait(_fault.Span);
                    break;
                case { Kind: LabFaultKind.Hang }:
                    Wait(Timeout.InfiniteTimeSpan);
                    break;
            }
        }
    }

    /// <summary>Something has just changed on the server.</summary>
    public void TellEffect()
    {
        hold.Reach(script, LabHold.Middle, this);
        if (TakeFault(LabFaultKind.CutMidStream))
        {
            Break();
        }

        if (TakeFault(LabFaultKind.Reboot))
        {
            Reboot();
        }
    }

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

    // The script has done everything and says so in this line.
    private void Disturb(string line)
    {
        if (TakeFault(LabFaultKind.LostReply))
        {
            Break();
        }

        if (TakeFault(LabFaultKind.CutMidStream))
        {
            onLine?.Invoke(line[..(line.Length / 2)]);
            Break();
        }

        if (TakeFault(LabFaultKind.Reboot))
        {
            Reboot();
        }

        if (HasFault(LabFaultKind.WrongExitCode))
        {
            ExitCode = 3;
        }
    }

    // What was stopped is told to the caller as a connection that was closed.
    private void Break()
    {
        Stop();
        ThrowIfStopped();
    }

    // On another thread: the restart waits for this script to end.
    private void Reboot()
    {
        _ = Task.Run(server.Reboot);
        Wait(Timeout.InfiniteTimeSpan);
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

    /// <summary>Ends it; one that has ended by itself meanwhile is left alone. Whoever stops all runs of a machine meets such.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _stopped.Cancel();
            // Asynchronous: the caller may hold what the script waits for.
            _pipeline?.BeginStop(null, null);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _stopped.Dispose();
        }
    }
}
