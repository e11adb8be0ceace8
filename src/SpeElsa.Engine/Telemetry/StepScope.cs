using System.Collections;
using Elsa.Workflows;

namespace SpeElsa.Engine.Telemetry;

/// <summary>What every log event says that comes from inside an activity: which instance, which activity, which attempt.</summary>
internal sealed class StepScope(ActivityExecutionContext context) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public const string MoveId = "MoveId";
    public const string StepId = "StepId";
    public const string Attempt = "Attempt";

    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new(MoveId, context.WorkflowExecutionContext.Id),
        1 => new(StepId, context.Activity.Id),
        2 => new(Attempt, context.Attempt),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"{MoveId}: {this[0].Value}, {StepId}: {this[1].Value}, {Attempt}: {this[2].Value}";
}
