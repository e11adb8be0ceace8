using Elsa.Expressions.Models;
using Elsa.Workflows;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Branching;

/// <summary>Finds the cases of a switch that apply.</summary>
internal static class CaseMatcher
{
    /// <summary>Looks at the conditions in order. In the mode MatchFirst those after the first that holds are not looked at.</summary>
    public static async ValueTask<List<TCase>> FindMatchesAsync<TCase>(
        ActivityExecutionContext context, IEnumerable<TCase> cases, Func<TCase, Expression> conditionOf, SwitchMode mode)
    {
        var matches = new List<TCase>();
        foreach (var candidate in cases)
        {
            if (await EvaluateAsync<bool>(context, conditionOf(candidate)))
            {
                matches.Add(candidate);
                if (mode is SwitchMode.MatchFirst)
                {
                    break;
                }
            }
        }

        return matches;
    }

    /// <summary>Computes what an activity holds beside its inputs.</summary>
    public static async ValueTask<T?> EvaluateAsync<T>(ActivityExecutionContext context, Expression expression) => ObjectConverter.ConvertTo<T>(
        await context.GetRequiredService<ExpressionEvaluator>().EvaluateAsync(expression, typeof(T), context.ExpressionExecutionContext));
}
