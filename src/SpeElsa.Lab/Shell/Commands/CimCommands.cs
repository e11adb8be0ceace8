using System.Management.Automation;
using System.Text.RegularExpressions;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Get", "CimInstance")]
internal sealed partial class GetCimInstanceCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string ClassName { get; set; } = "";

    [Parameter]
    public string? Filter { get; set; }

    protected override void Execute()
    {
        var instances = ClassName.ToUpperInvariant() switch
        {
            "WIN32_COMPUTERSYSTEM" => [Computer()],
            "WIN32_OPERATINGSYSTEM" => [OperatingSystem()],
            "WIN32_LOGICALDISK" => [Disk()],
            "WIN32_SHADOWCOPY" => Server.Snapshots.Select(Snapshot),
            "WIN32_SERVICE" => Server.Services.Select(Service),
            _ => throw new InvalidOperationException($"Invalid class: the lab has no '{ClassName}'."),
        };
        foreach (var instance in instances.Where(IsWanted))
        {
            WriteObject(instance);
        }
    }

    [GeneratedRegex(@"^\s*(\w+)\s*=\s*'?([^']*?)'?\s*$")]
    private static partial Regex Equality { get; }

    private static PSObject OperatingSystem() => Record(
        ("Caption", "Microsoft Windows Server 2022 Standard"),
        ("Version", "10.0.20348"));

    private static PSObject Service(LabService service) => Record(
        ("Name", service.Name),
        ("DisplayName", service.DisplayName),
        ("PathName", service.PathName),
        ("State", service.State),
        ("StartMode", service.StartMode == LabService.Automatic ? "Auto" : service.StartMode));

    internal static PSObject Snapshot(LabSnapshot snapshot) => Record(
        ("ID", snapshot.Id),
        ("VolumeName", snapshot.Drive),
        ("DeviceObject", $@"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy{snapshot.Id}"),
        ("InstallDate", snapshot.Created.UtcDateTime));

    private PSObject Computer() => Record(
        ("Name", Server.ComputerName.ToUpperInvariant()),
        ("DNSHostName", Server.ComputerName),
        ("Domain", Server.Farm.Options.Domain),
        ("PartOfDomain", true));

    private PSObject Disk()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var used = new DirectoryInfo(Server.DriveRoot).EnumerateFiles("*", options).Sum(file => file.Length);
        return Record(
            ("DeviceID", "C:"), ("DriveType", 3), ("Size", Server.DiskBytes), ("FreeSpace", Math.Max(0, Server.DiskBytes - used)));
    }

    private bool IsWanted(PSObject instance)
    {
        if (Filter is null)
        {
            return true;
        }

        var match = Equality.Match(Filter);
        return match.Success
            ? string.Equals(
                instance.Properties[match.Groups[1].Value]?.Value?.ToString(), match.Groups[2].Value, StringComparison.OrdinalIgnoreCase)
            : throw new InvalidOperationException($"Invalid query: the lab understands a filter of one equality only, not '{Filter}'.");
    }
}
