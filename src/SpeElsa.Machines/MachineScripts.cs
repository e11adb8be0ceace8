using System.Resources;

namespace SpeElsa.Machines;

/// <summary>The script library; what each takes and gives is in the room's README.</summary>
public static class MachineScripts
{
    /// <summary>What the server is: names, versions, drives, clock.</summary>
    public static MachineScript GetServerFacts { get; } = Load("Get-ServerFacts");

    /// <summary>The services whose executable is in the install directory.</summary>
    public static MachineScript GetMailStoreServices { get; } = Load("Get-MailStoreServices");

    /// <summary>Stops a service and waits until it has stopped.</summary>
    public static MachineScript StopWindowsService { get; } = Load("Stop-WindowsService");

    /// <summary>Starts a service and waits until it runs.</summary>
    public static MachineScript StartWindowsService { get; } = Load("Start-WindowsService");

    /// <summary>Sets a service's start mode.</summary>
    public static MachineScript SetWindowsServiceStartMode { get; } = Load("Set-WindowsServiceStartMode");

    /// <summary>The certificates of a machine store.</summary>
    public static MachineScript GetCertificates { get; } = Load("Get-Certificates");

    /// <summary>Moves certificates from the personal store into a store of ours.</summary>
    public static MachineScript MoveCertificatesAside { get; } = Load("Move-CertificatesAside");

    /// <summary>Takes certificates out with their keys, encrypted with a password. The result is a secret: never by ticket.</summary>
    public static MachineScript ExportCertificates { get; } = Load("Export-Certificates");

    /// <summary>Puts exported certificates into the personal store. The input is a secret: never by ticket.</summary>
    public static MachineScript ImportCertificates { get; } = Load("Import-Certificates");

    /// <summary>Finds, and removes if asked, PFX files that a transfer left.</summary>
    public static MachineScript FindTransferLeftovers { get; } = Load("Find-TransferLeftovers");

    /// <summary>Counts and hashes a directory tree. By ticket.</summary>
    public static MachineScript GetDirectoryManifest { get; } = Load("Get-DirectoryManifest");

    /// <summary>Pulls a directory tree onto this machine. By ticket.</summary>
    public static MachineScript CopyDirectory { get; } = Load("Copy-Directory");

    /// <summary>Pulls one file onto this machine; what was in its place goes aside. By ticket.</summary>
    public static MachineScript CopyFile { get; } = Load("Copy-File");

    /// <summary>Renames a directory or a file out of the way.</summary>
    public static MachineScript MoveAside { get; } = Load("Move-Aside");

    /// <summary>What is at some paths.</summary>
    public static MachineScript GetPathFacts { get; } = Load("Get-PathFacts");

    /// <summary>Whether a TCP port answers, seen from this machine.</summary>
    public static MachineScript TestTcpPort { get; } = Load("Test-TcpPort");

    /// <summary>Runs the configured installer. By ticket.</summary>
    public static MachineScript InstallMailStore { get; } = Load("Install-MailStore");

    /// <summary>Lets an account read the private keys of certificates.</summary>
    public static MachineScript GrantCertificateAccess { get; } = Load("Grant-CertificateAccess");

    /// <summary>Removes certificates with their keys, by thumbprint or by name.</summary>
    public static MachineScript RemoveCertificates { get; } = Load("Remove-Certificates");

    /// <summary>Who has files open, on the machine and over the network.</summary>
    public static MachineScript GetFileOwners { get; } = Load("Get-FileOwners");

    /// <summary>The paths that would be too long below another folder. By ticket.</summary>
    public static MachineScript FindLongPaths { get; } = Load("Find-LongPaths");

    /// <summary>Connects the machine to a share by credentials, until it restarts. The input is a secret: never by ticket.</summary>
    public static MachineScript ConnectShare { get; } = Load("Connect-Share");

    /// <summary>Takes that connection back.</summary>
    public static MachineScript DisconnectShare { get; } = Load("Disconnect-Share");

    /// <summary>.NET Framework, the Visual C++ runtime and PowerShell.</summary>
    public static MachineScript GetRuntimes { get; } = Load("Get-Runtimes");

    /// <summary>Whether Windows waits for a restart, and why.</summary>
    public static MachineScript GetPendingReboot { get; } = Load("Get-PendingReboot");

    /// <summary>Which inbound rules let ports in.</summary>
    public static MachineScript GetFirewallRules { get; } = Load("Get-FirewallRules");

    /// <summary>Lets ports in that no rule lets in yet.</summary>
    public static MachineScript AddFirewallRules { get; } = Load("Add-FirewallRules");

    /// <summary>Takes back the rules that we added, and no others.</summary>
    public static MachineScript RemoveFirewallRules { get; } = Load("Remove-FirewallRules");

    /// <summary>Which ports something listens on, and what.</summary>
    public static MachineScript GetPortsInUse { get; } = Load("Get-PortsInUse");

    /// <summary>What DNS says about a name, and for how long it may be remembered.</summary>
    public static MachineScript ResolveHostName { get; } = Load("Resolve-HostName");

    /// <summary>Which folders the scanner of Windows leaves out.</summary>
    public static MachineScript GetAntivirusExclusions { get; } = Load("Get-AntivirusExclusions");

    /// <summary>Has the scanner of Windows leave folders out.</summary>
    public static MachineScript AddAntivirusExclusions { get; } = Load("Add-AntivirusExclusions");

    /// <summary>Has it read them again.</summary>
    public static MachineScript RemoveAntivirusExclusions { get; } = Load("Remove-AntivirusExclusions");

    /// <summary>The snapshots (VSS) of the machine.</summary>
    public static MachineScript GetVolumeSnapshots { get; } = Load("Get-VolumeSnapshots");

    /// <summary>Makes a snapshot of a drive under a key, once.</summary>
    public static MachineScript NewVolumeSnapshot { get; } = Load("New-VolumeSnapshot");

    /// <summary>Removes the snapshot that was made under a key.</summary>
    public static MachineScript RemoveVolumeSnapshot { get; } = Load("Remove-VolumeSnapshot");

    /// <summary>Runs a script that is no part of the library: its text and its input come as input. By ticket, or where its input has a secret, never by ticket.</summary>
    public static MachineScript InvokeOwnScript { get; } = Load("Invoke-OwnScript");

    /// <summary>Every script of the library.</summary>
    public static IReadOnlyList<MachineScript> All { get; } =
    [
        GetServerFacts, GetMailStoreServices, StopWindowsService, StartWindowsService, SetWindowsServiceStartMode, GetCertificates,
        MoveCertificatesAside, ExportCertificates, ImportCertificates, FindTransferLeftovers, GetDirectoryManifest, CopyDirectory,
        CopyFile, MoveAside, GetPathFacts, TestTcpPort, InstallMailStore,
        GrantCertificateAccess, RemoveCertificates, GetFileOwners, FindLongPaths, ConnectShare, DisconnectShare, GetRuntimes,
        GetPendingReboot, GetFirewallRules, AddFirewallRules, RemoveFirewallRules, GetPortsInUse, ResolveHostName, GetAntivirusExclusions,
        AddAntivirusExclusions, RemoveAntivirusExclusions, GetVolumeSnapshots, NewVolumeSnapshot, RemoveVolumeSnapshot, InvokeOwnScript,
    ];

    internal static MachineScript TicketStart { get; } = Load("Start-Ticket");

    internal static MachineScript TicketStatus { get; } = Load("Get-TicketStatus");

    internal static MachineScript TicketCancel { get; } = Load("Stop-Ticket");

    internal static MachineScript TicketComplete { get; } = Load("Complete-Ticket");

    internal static string Prelude { get; } = ReadText("_Prelude");

    /// <summary>The functions that several scripts share.</summary>
    internal static string Part(string name) => ReadText(name);

    private static MachineScript Load(string name) => new(name, ReadText(name));

    private static string ReadText(string name)
    {
        var assembly = typeof(MachineScripts).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Scripts/{name}.ps1")
            ?? throw new MissingManifestResourceException($"The script {name} is not part of {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
