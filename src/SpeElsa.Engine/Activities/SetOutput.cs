using Elsa.Extensions;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Management.Activities.SetOutput
{
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

            var value = context.Get(OutputValue);
            if (context.FindParent(candidate => candidate.Activity is SpeElsa.Engine.Composition.IOutputTarget) is { Activity: SpeElsa.Engine.Composition.IOutputTarget target } owner)
            {
                target.SetOutput(owner, name, value);
            }
            else
            {
                context.WorkflowExecutionContext.Output[name] = value;
            }
        }
    }
}

namespace SpeElsa.Engine.Composition
{
    /// <summary>A workflow that runs as an activity of another one and has outputs of its own.</summary>
    internal interface IOutputTarget
    {
        /// <summary>Writes an output of that execution.</summary>
        void SetOutput(Elsa.Workflows.ActivityExecutionContext context, string name, object? value);
    }
}
