using Elsa.Expressions.Models;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows;

/// <summary>What a trigger sees when its workflow is published. Its inputs are evaluated; there is no run yet, so expressions see no variables' values but the initial ones.</summary>
public class TriggerIndexingContext(ExpressionExecutionContext expressionExecutionContext, ITrigger trigger, CancellationToken cancellationToken)
{
    /// <summary>Evaluates inputs.</summary>
    public ExpressionExecutionContext ExpressionExecutionContext { get; } = expressionExecutionContext;

    /// <summary>The trigger.</summary>
    public ITrigger Trigger { get; } = trigger;

    /// <summary>Stops the indexing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What kind of stimulus starts the workflow. Default: the activity's type.</summary>
    public string TriggerName { get; set; } = (trigger ?? throw new ArgumentNullException(nameof(trigger))).Type;

    /// <summary>Reads an input.</summary>
    public T? Get<T>(Input<T>? input) =>
        input is null ? default : ObjectConverter.ConvertTo<T>(ExpressionExecutionContext.Get(input.MemoryBlockReference()));
}
