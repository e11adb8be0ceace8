using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Execution;

/// <summary>Gives an activity the values of its inputs before it runs.</summary>
internal sealed class InputEvaluator(ExpressionEvaluator expressions)
{
    /// <summary>
    /// Evaluates every wrapped input that asks for it, once per execution: the values are stored, so that the activity sees the same ones when it
    /// goes on after a wait or is run again after a crash. Only inputs that can hold secrets are never stored and are evaluated again.
    /// </summary>
    public async ValueTask EvaluateAsync(ActivityExecutionContext context)
    {
        foreach (var descriptor in context.ActivityDescriptor.Inputs)
        {
            if (descriptor.IsWrapped && descriptor.AutoEvaluate && descriptor.ValueGetter(context.Activity) is Input input)
            {
                await EvaluateAsync(context, descriptor, input);
            }
        }
    }

    /// <summary>Evaluates one input now, whatever was stored before.</summary>
    public async ValueTask<object?> EvaluateNowAsync(ActivityExecutionContext context, InputDescriptor descriptor, Input input)
    {
        var value = input.Expression is null
            ? null
            : ObjectConverter.ConvertTo(await expressions.EvaluateAsync(input.Expression, input.Type, context.ExpressionExecutionContext), input.Type);
        Store(context, descriptor, input, value);
        return value;
    }

    private async ValueTask EvaluateAsync(ActivityExecutionContext context, InputDescriptor descriptor, Input input)
    {
        if (!context.ActivityState.TryGetValue(descriptor.Name, out var stored))
        {
            await EvaluateNowAsync(context, descriptor, input);
        }
        else if (!context.ExpressionExecutionContext.Memory.HasBlock(input.MemoryBlockReference().Id))
        {
            Store(context, descriptor, input, ObjectConverter.ConvertTo(stored, input.Type));
        }
    }

    private static void Store(ActivityExecutionContext context, InputDescriptor descriptor, Input input, object? value)
    {
        context.ExpressionExecutionContext.Memory.Blocks[input.MemoryBlockReference().Id] = new MemoryBlock(value);
        if (!descriptor.IsSensitive)
        {
            context.ActivityState[descriptor.Name] = value;
        }
    }
}
