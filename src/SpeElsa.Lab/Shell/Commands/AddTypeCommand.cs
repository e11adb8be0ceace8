using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>The lab compiles nothing: it knows the one type that the scripts bring along, and stands in for it.</summary>
[Cmdlet("Add", "Type")]
internal sealed class AddTypeCommand : LabCommand
{
    public const string RestartManager = "SpeElsa.RestartManager";

    [Parameter(Mandatory = true)]
    public string TypeDefinition { get; set; } = "";

    protected override void Execute()
    {
        if (!TypeDefinition.Contains("public sealed class RestartManager", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The lab knows the type {RestartManager} only.");
        }
    }
}

/// <summary>The Restart Manager of a lab server: who has a file open.</summary>
/// <param name="server">The server that it runs on.</param>
public sealed class LabRestartManager(LabServer server)
{
    /// <summary>Finds the programs that have a file open.</summary>
    /// <param name="path">The file, on this server.</param>
    /// <returns>The programs.</returns>
    public IReadOnlyList<LabFileOwner> Find(string path) => server.OwnerOf(path) is { } owner ? [new LabFileOwner(owner.ProcessId, owner.Name, "")] : [];
}

/// <summary>A program that has a file open.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Name">Its name.</param>
/// <param name="Service">The service that it is, if it is one.</param>
public sealed record LabFileOwner(int ProcessId, string Name, string Service);
