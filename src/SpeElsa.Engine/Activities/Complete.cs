using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Activities;

/// <summary>Completes the nearest composite around it, the workflow where there is none. What that still runs or waits for is given up.</summary>
[Activity("Elsa", "Composition", "Completes the composite it is part of")]
public class Complete : Activity, ITerminalNode
{
    /// <summary>Completes with the outcome "Done".</summary>
    public Complete()
    {
    }

    /// <summary>Completes with these outcomes.</summary>
    public Complete(IEnumerable<string> outcomes)
        : this(new Input<object?>((object?)outcomes.ToArray()))
    {
    }

    /// <summary>Completes with outcomes that code makes.</summary>
    public Complete(Func<ExpressionExecutionContext, ICollection<string>> outcomes)
        : this(new Input<object?>(context => (object?)outcomes(context)))
    {
    }

    /// <summary>Completes with an outcome that code makes.</summary>
    public Complete(Func<ExpressionExecutionContext, string> outcome)
        : this(new Input<object?>(context => (object?)outcome(context)))
    {
    }

    /// <summary>Completes with what an expression makes.</summary>
    public Complete(Input<object?> outcomes) => Outcomes = outcomes;

    /// <summary>One outcome or a list of them; empty means "Done".</summary>
    [Input(UIHint = "outcome-picker", DefaultSyntax = "Object", Description = "The outcome, or a list of outcomes, to complete with")]
    public Input<object?> Outcomes { get; set; } = new((object?)null);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var outcomes = OutcomesOf(context.Get(Outcomes));
        await context.SendSignalAsync(new CompleteCompositeSignal(outcomes.Length == 0 ? null : new Outcomes(outcomes)));
    }

    /// <summary>A designer writes one name, or JSON text of a list.</summary>
    private static string[] OutcomesOf(object? value) => value switch
    {
        null => [],
        string text when string.IsNullOrWhiteSpace(text) => [],
        string text when !text.TrimStart().StartsWith('[') => [text],
        _ => ObjectConverter.ConvertTo<string[]>(value) ?? [],
    };
}
