using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;

namespace Elsa.Workflows.Management.Activities.SetOutput;

/// <summary>Writes an output of the workflow it is part of.</summary>
[Activity("Elsa", "Composition", "Writes an output of the workflow it is part of")]
public class SetOutput : CodeActivity
{
    /// <summary>The output's name.</summary>
    [Input(DisplayName = "Output", UIHint = "output-picker", Description = "The output to write")]
    public Input<string> OutputName { get; set; } = new("");

    /// <summary>Its value.</summary>
    [Input(Description = "The value to write")]
    public Input<object?> OutputValue { get; set; } = new((object?)null);

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = context.Get(OutputName);
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new InvalidOperationException("Choose the output to write.");
        }

        WorkflowScope.SetOutput(context, name, context.Get(OutputValue));
    }
}
