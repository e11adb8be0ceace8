using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Get", "Acl")]
internal sealed class GetAclCommand : LabCommand
{
    private const int FullControl = 0x1F01FF;
    private const int Read = 0x20089;

    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    protected override void Execute()
    {
        var certificate = Server.FindByKeyFile(LiteralPath)
            ?? throw new InvalidOperationException($"The lab knows the access rights of private keys only, not of '{LiteralPath}'.");
        WriteObject(Record(("Access", new[] { Rule("NT AUTHORITY\\SYSTEM", FullControl), Rule("BUILTIN\\Administrators", FullControl) }
            .Concat(Server.KeyReaders(certificate.Thumbprint).Select(account => Rule(account, Read))).ToArray())));
    }

    private static PSObject Rule(string account, int rights) =>
        Record(("IdentityReference", account), ("AccessControlType", "Allow"), ("FileSystemRights", rights));
}

/// <summary>A command of the scanner of Windows, where it is there.</summary>
internal abstract class AntivirusCommand : LabCommand
{
    protected sealed override void Execute()
    {
        if (!Server.HasAntivirus)
        {
            throw new InvalidOperationException("Invalid class");
        }

        Ask();
    }

    protected abstract void Ask();
}

[Cmdlet("Get", "MpComputerStatus")]
internal sealed class GetMpComputerStatusCommand : AntivirusCommand
{
    protected override void Ask() => WriteObject(Record(("RealTimeProtectionEnabled", true)));
}

[Cmdlet("Get", "MpPreference")]
internal sealed class GetMpPreferenceCommand : AntivirusCommand
{
    protected override void Ask() => WriteObject(Record(("ExclusionPath", Server.AntivirusExclusions.ToArray())));
}

[Cmdlet("Add", "MpPreference")]
internal sealed class AddMpPreferenceCommand : AntivirusCommand
{
    [Parameter(Mandatory = true)]
    public string ExclusionPath { get; set; } = "";

    protected override void Ask()
    {
        Server.SetAntivirusExclusion(ExclusionPath, excluded: true);
        Run.TellEffect();
    }
}

[Cmdlet("Remove", "MpPreference")]
internal sealed class RemoveMpPreferenceCommand : AntivirusCommand
{
    [Parameter(Mandatory = true)]
    public string ExclusionPath { get; set; } = "";

    protected override void Ask()
    {
        Server.SetAntivirusExclusion(ExclusionPath, excluded: false);
        Run.TellEffect();
    }
}
