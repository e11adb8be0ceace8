using System.Management.Automation;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Invoke", "Robocopy")]
internal sealed class RobocopyCommand : LabCommand
{
    [Parameter(ValueFromRemainingArguments = true)]
    public string[] Arguments { get; set; } = [];

    protected override void Execute()
    {
        var options = RobocopyOptions.Parse(Arguments);
        var copy = new Robocopy(Server, options, Run, line => WriteObject(line));
        SetLastExitCode(copy.Run(Resolve(options.Source), Resolve(options.Destination)));
    }
}
