using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Activities;

/// <summary>A flowchart begins here.</summary>
[Activity("Elsa", "Flow", "The flowchart begins here")]
public class Start : CodeActivity, IStartNode;

/// <summary>A flowchart ends here.</summary>
[Activity("Elsa", "Flow", "The flowchart ends here")]
public class End : CodeActivity, ITerminalNode;

/// <summary>Ends the workflow at once; what else runs or waits is given up.</summary>
[Activity("Elsa", "Primitives", "Ends the workflow")]
public class Finish : CodeActivity, ITerminalNode
{
    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        WorkflowEnd.Finish(context.WorkflowExecutionContext, WorkflowSubStatus.Finished);
    }
}

/// <summary>Writes a variable.</summary>
[Activity("Elsa", "Primitives", "Sets a variable")]
public class SetVariable : CodeActivity
{
    /// <summary>The variable.</summary>
    [Input(Description = "The variable to set")]
    public Variable? Variable { get; set; }

    /// <summary>Its new value.</summary>
    [Input(Description = "The value to set")]
    public Input<object?> Value { get; set; } = new((object?)null);

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Variable is null)
        {
            throw new InvalidOperationException("Choose the variable to set.");
        }

        context.Set(Variable, ObjectConverter.ConvertTo(context.Get(Value), Variable.ValueType));
    }
}

/// <summary>Says what outside thing the run is about.</summary>
[Activity("Elsa", "Primitives", "Sets the correlation id of the workflow")]
public class Correlate : CodeActivity
{
    /// <summary>The correlation id.</summary>
    [Input]
    public Input<string> CorrelationId { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.WorkflowExecutionContext.CorrelationId = context.Get(CorrelationId);
    }
}

/// <summary>Names the run.</summary>
[Activity("Elsa", "Primitives", "Sets the name of the workflow instance")]
public class SetName : CodeActivity
{
    /// <summary>The name.</summary>
    [Input]
    public Input<string> Value { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.WorkflowExecutionContext.Name = context.Get(Value);
    }
}

/// <summary>Writes a line into the journal and the log.</summary>
[Activity("Elsa", "Console", "Writes a line")]
public partial class WriteLine : CodeActivity
{
    /// <summary>Creates an empty one.</summary>
    public WriteLine()
    {
    }

    /// <summary>Writes a constant.</summary>
    public WriteLine(string text) => Text = new Input<string>(text);

    /// <summary>Writes what code makes.</summary>
    public WriteLine(Func<ExpressionExecutionContext, string> text) => Text = new Input<string>(text);

    /// <summary>The line.</summary>
    [Input]
    public Input<string> Text { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var text = context.Get(Text);
        context.JournalData["Text"] = text;
        if (context.GetService<ILogger<WriteLine>>() is { } logger)
        {
            LogLine(logger, text, context.WorkflowExecutionContext.Id);
        }
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "{Text} ({WorkflowInstanceId})")]
    private static partial void LogLine(ILogger logger, string? text, string workflowInstanceId);
}

/// <summary>Fails the run.</summary>
[Activity("Elsa", "Primitives", "Fails the workflow")]
public class Fault : Activity
{
    /// <summary>A code for programs.</summary>
    [Input]
    public Input<string> Code { get; set; } = new("");

    /// <summary>Where it belongs, such as HTTP.</summary>
    [Input]
    public Input<string> Category { get; set; } = new("");

    /// <summary>What kind of fault it is, such as business or system.</summary>
    [Input(DisplayName = "Type")]
    public Input<string> FaultType { get; set; } = new("");

    /// <summary>What went wrong.</summary>
    [Input]
    public Input<string> Message { get; set; } = new("");

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.JournalData["Code"] = context.Get(Code);
        context.JournalData["Category"] = context.Get(Category);
        context.JournalData["Type"] = context.Get(FaultType);
        throw new WorkflowFaultException(context.Get(Message) ?? "");
    }
}

/// <summary>What the Fault activity throws.</summary>
public sealed class WorkflowFaultException(string message) : Exception(message);

/// <summary>Stands for an activity whose type this host does not know. A run that comes to it faults and says which type is missing.</summary>
[System.ComponentModel.Browsable(false)]
[Activity("Elsa", "System", "An activity of an unknown type")]
public class NotFoundActivity : CodeActivity
{
    /// <summary>The stored name of the missing type.</summary>
    public string MissingTypeName { get; set; } = "";

    /// <summary>Its version.</summary>
    public int MissingTypeVersion { get; set; }

    /// <summary>The node as it was written.</summary>
    public string OriginalActivityJson { get; set; } = "";

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context) =>
        throw new InvalidOperationException($"This server has no activity '{MissingTypeName}'. Install the package that brings it, then retry.");
}
