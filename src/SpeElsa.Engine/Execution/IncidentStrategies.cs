using Microsoft.Extensions.DependencyInjection;

namespace Elsa.Workflows
{
    /// <summary>
    /// Says what becomes of a run when one of its activities faults. The incident is on record by then. A definition names its strategy by the name of the
    /// class, so that name is stored: keep it.
    /// </summary>
    public interface IIncidentStrategy
    {
        /// <summary>Decides, by ending the run or by leaving it as it is.</summary>
        void HandleIncident(ActivityExecutionContext context);
    }
}

namespace Elsa.Workflows.IncidentStrategies
{
    /// <summary>Ends the run as Faulted; a retry goes on where it failed. The default.</summary>
    public class FaultStrategy : IIncidentStrategy
    {
        /// <inheritdoc />
        public void HandleIncident(ActivityExecutionContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            context.WorkflowExecutionContext.TransitionTo(WorkflowSubStatus.Faulted);
        }
    }

    /// <summary>Lets the other branches go on.</summary>
    public class ContinueWithIncidentsStrategy : IIncidentStrategy
    {
        /// <inheritdoc />
        public void HandleIncident(ActivityExecutionContext context)
        {
        }
    }
}

namespace SpeElsa.Engine.Execution
{
    using Elsa.Workflows;
    using Elsa.Workflows.IncidentStrategies;

    /// <summary>The incident strategies by the names of their classes.</summary>
    internal static class IncidentStrategies
    {
        private static readonly FaultStrategy Default = new();
        private static readonly IIncidentStrategy[] BuiltIn = [Default, new ContinueWithIncidentsStrategy()];

        /// <summary>The strategy of a stored name, which may be a full class name with its assembly. An unknown one ends the run, the safe side.</summary>
        public static IIncidentStrategy Find(string? name, IServiceProvider services)
        {
            var wanted = name?.Split(',')[0].Split('.')[^1].Trim();
            return string.IsNullOrEmpty(wanted)
                ? Default
                : services.GetServices<IIncidentStrategy>().Concat(BuiltIn).FirstOrDefault(strategy => strategy.GetType().Name == wanted) ?? Default;
        }
    }
}
