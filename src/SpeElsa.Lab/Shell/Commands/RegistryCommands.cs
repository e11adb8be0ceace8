using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>Paths on the drive <c>HKLM:</c>.</summary>
internal static class RegistryPath
{
    public static bool Is(string path) => path.StartsWith("HKLM:", StringComparison.OrdinalIgnoreCase);
}

[Cmdlet("Get", "ItemProperty")]
internal sealed class GetItemPropertyCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    protected override void Execute()
    {
        var values = RegistryPath.Is(LiteralPath) ? Server.RegistryKey(LiteralPath) : [];
        WriteObject(values.Count > 0
            ? Record([.. values.Where(value => value.Name.Length > 0).Select(value => (value.Name, value.Value))])
            : throw NotFound(LiteralPath));
    }
}

[Cmdlet("Get", "Date")]
internal sealed class GetDateCommand : LabCommand
{
    protected override void Execute() => WriteObject((TimeProvider.System.GetUtcNow() + Server.ClockAhead(Run.Script)).UtcDateTime);
}
