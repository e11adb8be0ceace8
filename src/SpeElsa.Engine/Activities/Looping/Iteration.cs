using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Signals;
using SpeElsa.Engine.Execution;

namespace SpeElsa.Engine.Looping;

/// <summary>What the loops have in common.</summary>
internal static class Iteration
{
    /// <summary>The variables of one round. They belong to that round alone, so that parallel rounds do not share them.</summary>
    public static Variable[] Variables(long index, object? value) => [new("CurrentIndex", index), new("CurrentValue", value)];

    /// <summary>Ends the loop that hears the signal, and what its rounds still wait for.</summary>
    public static async ValueTask BreakAsync(BreakSignal signal, SignalContext context)
    {
        if (!context.IsSelf)
        {
            context.StopPropagation();
            await ActivityCompletion.CompleteFromWithinAsync(context.ReceiverActivityExecutionContext, context.SenderActivityExecutionContext);
        }
    }
}
