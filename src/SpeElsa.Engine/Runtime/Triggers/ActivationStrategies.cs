using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows
{
    /// <summary>Says whether one more run of a workflow may start. Elsa's names; the store decides, in the transaction that stores the start.</summary>
    public interface IWorkflowActivationStrategy;
}

namespace Elsa.Workflows.ActivationValidators
{
    /// <summary>Any number of runs.</summary>
    public class AllowAlwaysStrategy : IWorkflowActivationStrategy;
}

namespace Elsa.Workflows.Runtime.ActivationValidators
{
    /// <summary>One run of the definition at a time.</summary>
    public class SingletonStrategy : IWorkflowActivationStrategy;

    /// <summary>One run of the definition at a time for each correlation id.</summary>
    public class CorrelatedSingletonStrategy : IWorkflowActivationStrategy;

    /// <summary>One run of whatever definition at a time for each correlation id.</summary>
    public class CorrelationStrategy : IWorkflowActivationStrategy;
}

namespace SpeElsa.Engine.Runtime
{
    /// <summary>An activation strategy as a designer lists it.</summary>
    /// <param name="TypeName">Its stored name.</param>
    /// <param name="DisplayName">Its name for people.</param>
    /// <param name="Description">What it allows.</param>
    /// <param name="Limit">What the store holds.</param>
    public sealed record ActivationStrategy(string TypeName, string DisplayName, string Description, ActivationLimit Limit);

    /// <summary>The activation strategies by their stored names, which are Elsa's; the short class name is understood too.</summary>
    public static class ActivationStrategies
    {
        /// <summary>All of them, by name for people.</summary>
        public static IReadOnlyList<ActivationStrategy> All { get; } =
        [
            new("Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core", "Always", "Any number of instances may run.", ActivationLimit.None),
            new(
                "Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime",
                "Correlated singleton",
                "One running instance of this workflow for each correlation ID.",
                ActivationLimit.OnePerDefinitionAndCorrelation),
            new(
                "Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime",
                "Correlation",
                "One running instance of any workflow for each correlation ID.",
                ActivationLimit.OnePerCorrelation),
            new(
                "Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime",
                "Singleton",
                "One running instance of this workflow.",
                ActivationLimit.OnePerDefinition),
        ];

        /// <summary>What a workflow's options ask for; an unknown name is no limit.</summary>
        public static ActivationLimit LimitOf(WorkflowOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            var name = options.ActivationStrategyType?.Split(',')[0].Split('.')[^1].Trim();
            return All.FirstOrDefault(strategy => strategy.TypeName.Split(',')[0].Split('.')[^1] == name)?.Limit ?? ActivationLimit.None;
        }
    }
}
