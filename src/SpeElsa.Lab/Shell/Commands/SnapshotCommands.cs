using System.Collections;
using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Invoke", "CimMethod")]
internal sealed class InvokeCimMethodCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string ClassName { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string MethodName { get; set; } = "";

    [Parameter]
    public Hashtable Arguments { get; set; } = [];

    protected override void Execute()
    {
        if (ClassName != "Win32_ShadowCopy" || MethodName != "Create")
        {
            throw new InvalidOperationException($"Invalid method: the lab has no '{ClassName}.{MethodName}'.");
        }

        // 3 is what Windows says of a volume that is not there.
        if (Arguments["Volume"] is not string drive || !drive.Equals(@"C:\", StringComparison.OrdinalIgnoreCase))
        {
            WriteObject(Record(("ReturnValue", 3), ("ShadowID", "")));
            return;
        }

        var snapshot = Server.CreateSnapshot(@"C:\");
        Run.TellEffect();
        WriteObject(Record(("ReturnValue", 0), ("ShadowID", snapshot.Id)));
    }
}

[Cmdlet("Remove", "CimInstance")]
internal sealed class RemoveCimInstanceCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public PSObject InputObject { get; set; } = new();

    protected override void Execute()
    {
        Server.RemoveSnapshot((string)InputObject.Properties["ID"].Value);
        Run.TellEffect();
    }
}
