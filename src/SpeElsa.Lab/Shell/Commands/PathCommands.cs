using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Join", "Path")]
internal sealed class JoinPathCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string ChildPath { get; set; } = "";

    protected override void Execute() => WriteObject($@"{Path.TrimEnd('\\')}\{ChildPath.TrimStart('\\')}");
}

[Cmdlet("Split", "Path")]
internal sealed class SplitPathCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Path { get; set; } = "";

    [Parameter]
    public SwitchParameter Parent { get; set; }

    protected override void Execute()
    {
        var path = Path.TrimEnd('\\');
        var end = path.LastIndexOf('\\');
        WriteObject(end < 0 ? "" : end == 2 && path[1] == ':' ? path[..3] : path[..end]);
    }
}
