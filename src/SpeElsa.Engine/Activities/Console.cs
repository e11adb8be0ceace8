using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Microsoft.Extensions.Logging;

namespace Elsa.Workflows.Activities;

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

    /// <summary>Writes what code makes.</summary>
    public WriteLine(Func<string> text) => Text = new Input<string>(text);

    /// <summary>Writes the value of a variable.</summary>
    public WriteLine(Variable<string> variable) => Text = new Input<string>(variable);

    /// <summary>Writes a constant.</summary>
    public WriteLine(Literal<string> literal) => Text = new Input<string>(literal);

    /// <summary>Writes what an expression makes.</summary>
    public WriteLine(Expression expression) => Text = new Input<string>(expression);

    /// <summary>Writes what an expression makes.</summary>
    public WriteLine(Input<string> text) => Text = text;

    /// <summary>The line.</summary>
    [Input(Description = "The line")]
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

/// <summary>Waits for a line of text. A server has no console: the line comes as the input "Line" of a stimulus for the bookmark "Elsa.ReadLine".</summary>
[Activity("Elsa", "Console", "Waits for a line of text")]
public class ReadLine : CodeActivity<string>
{
    private const string LineKey = "Line";

    /// <summary>Creates one whose line is read from its result.</summary>
    public ReadLine()
    {
    }

    /// <summary>Puts the line into a variable.</summary>
    public ReadLine(MemoryBlockReference output)
        : base(output)
    {
    }

    /// <summary>Puts the line into an output.</summary>
    public ReadLine(Output<string>? output)
        : base(output)
    {
    }

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CreateBookmark(OnLineAsync);
    }

    private ValueTask OnLineAsync(ActivityExecutionContext context)
    {
        context.Set(Result, context.GetWorkflowInput<string>(LineKey));
        return context.CompleteActivityAsync();
    }
}
