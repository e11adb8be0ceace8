namespace SpeElsa.Lab.Tests.Windows;

/// <summary>How a test reaches the machines.</summary>
public enum Way
{
    /// <summary>The lab's own transport.</summary>
    InProcess,

    /// <summary>The product's SSH transport and a real OpenSSH server on loopback; skipped where there is none.</summary>
    Ssh,
}

/// <summary>What a machine promises, whatever the way to it. Each part of the suite runs once for each way.</summary>
public abstract class MachineSuite(Way way) : IAsyncDisposable
{
    protected TestFarm Farm { get; } = new(way: way);

    public async ValueTask DisposeAsync()
    {
        await Farm.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class ServiceScriptsInProcess() : ServiceScriptTests(Way.InProcess);

public sealed class ServiceScriptsOverSsh() : ServiceScriptTests(Way.Ssh);

public sealed class ObservationScriptsInProcess() : ObservationScriptTests(Way.InProcess);

public sealed class ObservationScriptsOverSsh() : ObservationScriptTests(Way.Ssh);

public sealed class CopyScriptsInProcess() : CopyScriptTests(Way.InProcess);

public sealed class CopyScriptsOverSsh() : CopyScriptTests(Way.Ssh);

public sealed class CertificateScriptsInProcess() : CertificateScriptTests(Way.InProcess);

public sealed class CertificateScriptsOverSsh() : CertificateScriptTests(Way.Ssh);

public sealed class TicketsInProcess() : TicketTests(Way.InProcess);

public sealed class TicketsOverSsh() : TicketTests(Way.Ssh);
