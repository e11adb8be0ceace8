using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>A service as scripts hold it: what it says is as old as the last refresh.</summary>
public sealed class LabServiceController
{
    private readonly LabServer _server;
    private readonly LabRun _run;

    internal LabServiceController(LabServer server, LabRun run, LabService service)
    {
        _server = server;
        _run = run;
        (Name, DisplayName, Status, StartType) = (service.Name, service.DisplayName, service.State, service.StartMode);
    }

    /// <summary>The key name.</summary>
    public string Name { get; }

    /// <summary>The name that the services console shows.</summary>
    public string DisplayName { get; }

    /// <summary>The state at the last refresh.</summary>
    public string Status { get; private set; }

    /// <summary>The start mode at the last refresh.</summary>
    public string StartType { get; private set; }

    /// <summary>The services that need this one.</summary>
    public IReadOnlyList<LabServiceController> DependentServices => Others(other => other.Needs(Name));

    /// <summary>The services that this one needs.</summary>
    public IReadOnlyList<LabServiceController> ServicesDependedOn => Others(other => _server.FindService(Name)?.Needs(other.Name) == true);

    /// <summary>Starts the service; refused while one that it needs does not run.</summary>
    public void Start() => Act(() =>
    {
        ThrowIf(ServicesDependedOn.FirstOrDefault(other => other.Status != LabService.Running), "start", "which it depends on, does not run");
        _server.StartService(Name);
    });

    /// <summary>Stops the service; refused while one that needs it runs.</summary>
    public void Stop() => Act(() =>
    {
        ThrowIf(DependentServices.FirstOrDefault(other => other.Status != LabService.Stopped), "stop", "which depends on it, runs");
        _server.StopService(Name);
    });

    /// <summary>Reads state and start mode again.</summary>
    public void Refresh()
    {
        var service = _server.FindService(Name)
            ?? throw new InvalidOperationException($"Service {Name} was not found on computer '.'.");
        (Status, StartType) = (service.State, service.StartMode);
    }

    /// <summary>Waits until the service has a state.</summary>
    /// <param name="desiredStatus">The state.</param>
    /// <param name="timeout">How long to wait at most.</param>
    public void WaitForStatus(string desiredStatus, TimeSpan timeout)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (Refresh(); Status != desiredStatus; Refresh())
        {
            if (TimeProvider.System.GetElapsedTime(began) >= timeout)
            {
                throw new System.TimeoutException("Time out has expired and the operation has not been completed.");
            }

            _run.Wait(TimeSpan.FromMilliseconds(20));
        }
    }

    private IReadOnlyList<LabServiceController> Others(Func<LabService, bool> which) =>
        [.. _server.Services.Where(which).Select(service => new LabServiceController(_server, _run, service))];

    private void ThrowIf(LabServiceController? other, string act, string why)
    {
        if (other is not null)
        {
            throw new InvalidOperationException($"Cannot {act} service {Name} on computer '.': {other.Name}, {why}.");
        }
    }

    private void Act(Action action)
    {
        _run.ThrowIfStopped();
        _run.Wait(_server.Farm.Options.SlowStep);
        action();
        _run.TellEffect();
    }
}

[Cmdlet("Get", "Service")]
internal sealed class GetServiceCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    protected override void Execute() => WriteObject(Server.FindService(Name) is { } service
        ? new LabServiceController(Server, Run, service)
        : throw new InvalidOperationException($"Cannot find any service with service name '{Name}'."));
}

[Cmdlet("Set", "Service")]
internal sealed class SetServiceCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string StartupType { get; set; } = "";

    protected override void Execute()
    {
        Server.SetStartMode(Name, StartupType);
        Run.TellEffect();
    }
}
