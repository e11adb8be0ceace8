using System.Management.Automation;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>A command of Windows, done on a lab server. What goes wrong is an error record, as it is on Windows.</summary>
internal abstract class LabCommand : PSCmdlet
{
    protected LabSession Session => (LabSession)Host.PrivateData.BaseObject;

    protected LabServer Server => Session.Server;

    protected LabRun Run => Session.Run;

    protected sealed override void ProcessRecord()
    {
        Run.ThrowIfStopped();
        try
        {
            Execute();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or ItemNotFoundException)
        {
            WriteError(new ErrorRecord(e, GetType().Name, ErrorCategory.NotSpecified, null));
        }
    }

    protected abstract void Execute();

    protected LabPath Resolve(string path) => Server.Resolve(path);

    protected LabPath ResolveExisting(string path)
    {
        var resolved = Resolve(path);
        return resolved.Exists ? resolved : throw NotFound(path);
    }

    protected static ItemNotFoundException NotFound(string path) => new($"Cannot find path '{path}' because it does not exist.");

    protected static PSObject Record(params (string Name, object? Value)[] properties)
    {
        var record = new PSObject();
        foreach (var (name, value) in properties)
        {
            record.Properties.Add(new PSNoteProperty(name, value));
        }

        return record;
    }

    protected void SetLastExitCode(int code) => SessionState.PSVariable.Set("global:LASTEXITCODE", code);
}
