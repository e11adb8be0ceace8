using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities;

/// <summary>Fails. What becomes of the run is up to the workflow's incident strategy.</summary>
[Activity("Elsa", "Primitives", "Fails the workflow")]
public class Fault : Activity
{
    /// <summary>A code for programs.</summary>
    [Input(Description = "A code for programs")]
    public Input<string> Code { get; set; } = new("");

    /// <summary>Where it belongs, such as "HTTP".</summary>
    [Input(Description = "Where it belongs, such as HTTP")]
    public Input<string> Category { get; set; } = new("");

    /// <summary>What kind of fault it is, such as "System" or "Business".</summary>
    [Input(DisplayName = "Type", Description = "What kind of fault it is, such as System or Business")]
    public Input<string> FaultType { get; set; } = new("");

    /// <summary>What went wrong.</summary>
    [Input(Description = "What went wrong")]
    public Input<string> Message { get; set; } = new("");

    /// <summary>Fails with constants.</summary>
    public static Fault Create(string code, string category, string type, string? message = null) => new()
    {
        Code = new Input<string>(code),
        Category = new Input<string>(category),
        FaultType = new Input<string>(type),
        Message = new Input<string>(message ?? ""),
    };

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.JournalData["Code"] = context.Get(Code);
        context.JournalData["Category"] = context.Get(Category);
        context.JournalData["FaultType"] = context.Get(FaultType);
        throw new WorkflowFaultException(context.Get(Message) ?? "");
    }
}

/// <summary>What the Fault activity throws.</summary>
public sealed class WorkflowFaultException(string message) : Exception(message);
