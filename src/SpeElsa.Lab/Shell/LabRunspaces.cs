using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using SpeElsa.Lab.Shell.Commands;

namespace SpeElsa.Lab.Shell;

/// <summary>The PowerShell sessions of one server. Opening one takes some 20 ms, so they are cleaned and used again.</summary>
internal sealed class LabRunspaces(LabServer server) : IDisposable
{
    private static readonly InitialSessionState Template = CreateTemplate();
    private readonly ConcurrentBag<LabRunspace> _idle = [];
    private bool _closed;

    public LabRunspace Rent() => _idle.TryTake(out var runspace) ? runspace : Open();

    public void Return(LabRunspace rented)
    {
        if (_closed || rented.Runspace.RunspaceStateInfo.State != RunspaceState.Opened)
        {
            rented.Dispose();
            return;
        }

        rented.Runspace.ResetRunspaceState();
        _idle.Add(rented);
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var runspace))
        {
            runspace.Dispose();
        }
    }

    private static InitialSessionState CreateTemplate()
    {
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        var template = InitialSessionState.CreateDefault2();
        template.Providers.Remove(LabEnvironment.ProviderName, null);
        template.Providers.Add(new SessionStateProviderEntry(LabEnvironment.ProviderName, typeof(LabEnvironment), null));
        foreach (var command in LabCommands.All)
        {
            template.Commands.Add(command);
        }

        // Whatever modules the host has installed: on a lab server there are only the lab's commands.
        template.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", "None", null));
        template.ThreadOptions = PSThreadOptions.UseCurrentThread;
        return template;
    }

    private LabRunspace Open()
    {
        var session = new LabSession(server);
        var runspace = RunspaceFactory.CreateRunspace(new LabHost(session), Template);
        runspace.Open();
        // A script on a lab server must never start a program of the host, whatever the host's path has under a name.
        runspace.SessionStateProxy.InvokeCommand.PostCommandLookupAction = (_, found) =>
        {
            if (found.Command is ApplicationInfo or ExternalScriptInfo)
            {
                found.Command = null;
                found.StopSearch = true;
            }
        };
        return new LabRunspace(runspace, session);
    }
}

/// <summary>One PowerShell session and what its commands work on.</summary>
internal sealed record LabRunspace(Runspace Runspace, LabSession Session) : IDisposable
{
    public void Dispose() => Runspace.Dispose();
}
