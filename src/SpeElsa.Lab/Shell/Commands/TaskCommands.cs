using System.Management.Automation;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("New", "ScheduledTaskAction")]
internal sealed class NewScheduledTaskActionCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    [Alias("Execute")]
    public string Program { get; set; } = "";

    [Parameter]
    public string Argument { get; set; } = "";

    protected override void Execute() => WriteObject(Record(("Execute", Program), ("Arguments", Argument)));
}

[Cmdlet("New", "ScheduledTaskPrincipal")]
internal sealed class NewScheduledTaskPrincipalCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string UserId { get; set; } = "";

    [Parameter]
    public string LogonType { get; set; } = "";

    [Parameter]
    public string RunLevel { get; set; } = "";

    protected override void Execute() => WriteObject(Record(("UserId", UserId)));
}

[Cmdlet("New", "ScheduledTaskSettingsSet")]
internal sealed class NewScheduledTaskSettingsSetCommand : LabCommand
{
    [Parameter]
    public SwitchParameter AllowStartIfOnBatteries { get; set; }

    [Parameter]
    public SwitchParameter DontStopIfGoingOnBatteries { get; set; }

    [Parameter]
    public TimeSpan ExecutionTimeLimit { get; set; }

    [Parameter]
    public string MultipleInstances { get; set; } = "";

    // A task of the lab is never started a second time while it runs, and has no time limit.
    protected override void Execute() =>
        WriteObject(Record(("MultipleInstances", MultipleInstances), ("ExecutionTimeLimit", ExecutionTimeLimit)));
}

/// <summary>A command that works on one task by its path and name.</summary>
internal abstract class TaskCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string TaskName { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string TaskPath { get; set; } = "";

    protected TaskDefinition? TryFind() => Server.Read(state => state.Tasks.Find(IsThis));

    protected TaskDefinition Find() => TryFind()
        ?? throw new ItemNotFoundException($"No MSFT_ScheduledTask objects found with property 'TaskName' equal to '{TaskName}'.");

    protected bool IsThis(TaskDefinition task) =>
        task.Name.Equals(TaskName, StringComparison.OrdinalIgnoreCase) && task.Path.Equals(TaskPath, StringComparison.OrdinalIgnoreCase);

    protected PSObject Describe(TaskDefinition task) =>
        Record(("TaskName", task.Name), ("TaskPath", task.Path), ("State", Server.Shell.IsTaskRunning(task) ? "Running" : "Ready"));
}

[Cmdlet("Register", "ScheduledTask")]
internal sealed class RegisterScheduledTaskCommand : TaskCommand
{
    [Parameter(Mandatory = true)]
    public PSObject Action { get; set; } = new();

    [Parameter(Mandatory = true)]
    public PSObject Principal { get; set; } = new();

    [Parameter]
    public PSObject Settings { get; set; } = new();

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        if (!Force && TryFind() is not null)
        {
            throw new InvalidOperationException("Cannot create a file when that file already exists.");
        }

        var task = new TaskDefinition(TaskPath, TaskName, Text(Action, "Execute"), Text(Action, "Arguments"), Text(Principal, "UserId"));
        Server.Change(state =>
        {
            state.Tasks.RemoveAll(IsThis);
            state.Tasks.Add(task);
        });
        WriteObject(Describe(task));
    }

    private static string Text(PSObject record, string property) => (string)record.Properties[property].Value;
}

[Cmdlet("Get", "ScheduledTask")]
internal sealed class GetScheduledTaskCommand : TaskCommand
{
    protected override void Execute() => WriteObject(Describe(Find()));
}

[Cmdlet("Start", "ScheduledTask")]
internal sealed class StartScheduledTaskCommand : TaskCommand
{
    protected override void Execute() => Server.Shell.StartTask(Find());
}

[Cmdlet("Stop", "ScheduledTask")]
internal sealed class StopScheduledTaskCommand : TaskCommand
{
    protected override void Execute() => Server.Shell.StopTask(Find());
}

[Cmdlet("Unregister", "ScheduledTask")]
internal sealed class UnregisterScheduledTaskCommand : TaskCommand
{
    [Parameter]
    public SwitchParameter Confirm { get; set; }

    protected override void Execute()
    {
        var task = Find();
        Server.Shell.StopTask(task);
        Server.Change(state => state.Tasks.RemoveAll(IsThis));
    }
}
