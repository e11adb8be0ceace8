using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>What can go wrong on a simulated server.</summary>
[JsonConverter(typeof(LabFaultKindConverter))]
public enum LabFaultKind
{
    /// <summary>The script begins later, by <see cref="LabFault.Time"/>.</summary>
    Delay,

    /// <summary>The script begins and never goes on.</summary>
    Hang,

    /// <summary>The script does everything; its answer does not arrive. A task ends before it can store its result.</summary>
    LostReply,

    /// <summary>The script is ended at its first effect; one without effects has half of its answer on the way.</summary>
    CutMidStream,

    /// <summary>A program that the script starts does its work and says it failed; PowerShell itself ends with 3.</summary>
    WrongExitCode,

    /// <summary>The first file of a copy is put in place at half its length; robocopy says that it failed.</summary>
    PartialCopy,

    /// <summary>One bit of the first file of a copy is another; robocopy says nothing.</summary>
    BitFlip,

    /// <summary>The first file of a copy is open for somebody else alone.</summary>
    LockedFile,

    /// <summary>No file can be written that has something in it: by a copy, an export or import, or a manifest. A ticket's own files can.</summary>
    DiskFull,

    /// <summary>The machine is restarted at the script's first effect, or before its answer when it has none.</summary>
    Reboot,

    /// <summary>The machine's clock, as scripts read it, is ahead by <see cref="LabFault.Time"/>. Stays until it is cleared.</summary>
    ClockSkew,

    /// <summary>The machine's SSH server gets another host key at once. Only where there is one: <see cref="LabFaults.ChangeHostKey"/>.</summary>
    HostKeyChange,

    /// <summary>Nothing answers on the port of the Management API. Stays until it is cleared.</summary>
    ApiOff,

    /// <summary>The Management API shows another certificate. Stays until it is cleared.</summary>
    CertificateChanged,
}

/// <summary>A fault that is to happen.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Script">The machine script it is for, also as a ticket; null is any, those of the tickets among them.</param>
/// <param name="Occurrence">At which run of that script from now, from 1. It happens once.</param>
/// <param name="Time">How long, for <see cref="LabFaultKind.Delay"/> and <see cref="LabFaultKind.ClockSkew"/>. Default: one second.</param>
public sealed record LabFault(
    [property: JsonPropertyName("kind"), JsonRequired] LabFaultKind Kind,
    [property: JsonPropertyName("script")] string? Script = null,
    [property: JsonPropertyName("occurrence")] int Occurrence = 1,
    [property: JsonPropertyName("time")] TimeSpan? Time = null)
{
    internal TimeSpan Span => Time ?? TimeSpan.FromSeconds(1);

    internal bool Stays => Kind is LabFaultKind.ClockSkew or LabFaultKind.ApiOff or LabFaultKind.CertificateChanged;
}

/// <summary>Kinds are read by their names only.</summary>
internal sealed class LabFaultKindConverter() : JsonStringEnumConverter<LabFaultKind>(namingPolicy: null, allowIntegerValues: false);

/// <summary>
/// The faults that are to happen on the servers of a farm. They live as long as the process. Safe for concurrent use.
/// </summary>
public sealed class LabFaults
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(1);
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];

    /// <summary>Gives the SSH server of a machine another host key; set by whoever runs one in front of the farm. Null: there is none.</summary>
    public Action<string>? ChangeHostKey { get; set; }

    /// <summary>Adds a fault.</summary>
    /// <param name="server">The server.</param>
    /// <param name="fault">What is to happen there.</param>
    /// <exception cref="ArgumentException">The fault cannot happen.</exception>
    public void Set(LabServer server, LabFault fault)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(fault);
        if (!Enum.IsDefined(fault.Kind) || fault.Occurrence < 1 || fault.Time < TimeSpan.Zero || fault.Time > LongestTime)
        {
            throw new ArgumentException("A fault has a known kind, an occurrence from 1 and a time from 0 to one day.", nameof(fault));
        }

        if (fault.Kind is LabFaultKind.HostKeyChange)
        {
            (ChangeHostKey ?? throw new ArgumentException("There is no SSH server in front of this lab, so there is no host key.", nameof(fault)))(server.Name);
            return;
        }

        lock (_lock)
        {
            _waiting.Add(new Waiting(server.Name, fault, fault.Occurrence));
        }
    }

    /// <summary>The faults of a server that have not happened yet, or that stay.</summary>
    /// <param name="server">The server.</param>
    public IReadOnlyList<LabFault> List(LabServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        lock (_lock)
        {
            return [.. _waiting.Where(waiting => waiting.Server == server.Name).Select(waiting => waiting.Fault)];
        }
    }

    /// <summary>Forgets the faults of a server; what has happened has happened.</summary>
    /// <param name="server">The server.</param>
    public void Clear(LabServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        lock (_lock)
        {
            _waiting.RemoveAll(waiting => waiting.Server == server.Name);
        }
    }

    internal bool Has(LabServer server, LabFaultKind kind) => List(server).Any(fault => fault.Kind == kind);

    /// <summary>A script begins: counts it for every fault that waits for it, and takes the first that is due.</summary>
    internal LabFault? Take(LabServer server, string script)
    {
        lock (_lock)
        {
            LabFault? taken = null;
            for (var i = 0; i < _waiting.Count; i++)
            {
                var (name, fault, left) = _waiting[i];
                if (name != server.Name || fault.Stays || (fault.Script is not null && !fault.Script.Equals(script, StringComparison.OrdinalIgnoreCase)))
                {
                    continue;
                }

                if (left == 1 && taken is null)
                {
                    taken = fault;
                    _waiting.RemoveAt(i--);
                }
                else
                {
                    _waiting[i] = _waiting[i] with { Left = Math.Max(1, left - 1) };
                }
            }

            return taken;
        }
    }

    /// <summary>How far the clock of a server is ahead for a script.</summary>
    internal TimeSpan SkewOf(LabServer server, string script) => List(server)
        .Where(fault => fault.Kind is LabFaultKind.ClockSkew && (fault.Script is null || fault.Script.Equals(script, StringComparison.OrdinalIgnoreCase)))
        .Aggregate(TimeSpan.Zero, (sum, fault) => sum + fault.Span);

    private sealed record Waiting(string Server, LabFault Fault, int Left);
}
