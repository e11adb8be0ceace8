using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>What it says goes to the information stream and is shown to nobody, as on a machine without a console.</summary>
[Cmdlet("Write", "Host")]
internal sealed class WriteHostCommand : LabCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public object? Object { get; set; }

    protected override void Execute() => WriteInformation(new InformationRecord(Object?.ToString() ?? "", "Write-Host"));
}

[Cmdlet("Write", "Warning")]
internal sealed class WriteWarningCommand : LabCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Message { get; set; } = "";

    protected override void Execute() => WriteWarning(Message);
}

[Cmdlet("Write", "Output")]
internal sealed class WriteOutputCommand : LabCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void Execute() => WriteObject(InputObject, enumerateCollection: true);
}
