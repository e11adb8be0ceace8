using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>The commands that a lab server knows: those that the machine scripts use, what scripts of others speak with, and no more.</summary>
internal static class LabCommands
{
    public static IReadOnlyList<SessionStateCommandEntry> All { get; } =
    [
        .. typeof(LabCommands).Assembly.GetTypes()
            .Select(type => (Type: type, Name: type.GetCustomAttribute<CmdletAttribute>()))
            .Where(pair => pair.Name is not null)
            .Select(pair => new SessionStateCmdletEntry($"{pair.Name!.VerbName}-{pair.Name.NounName}", pair.Type, null)),
        new SessionStateAliasEntry("robocopy.exe", "Invoke-Robocopy"),
        new SessionStateAliasEntry("icacls.exe", "Invoke-Icacls"),
    ];
}
