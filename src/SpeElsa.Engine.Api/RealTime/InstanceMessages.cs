using Microsoft.AspNetCore.SignalR;
using SpeElsa.Engine.Api.Rest.Executions;
using SpeElsa.Engine.Runtime.History;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>What observers of an instance are sent, under Elsa's names.</summary>
internal static class InstanceMessages
{
    /// <summary>Tells that nodes ran, that the journal has new rows, and that the instance stands otherwise, in Elsa's order.</summary>
    public static async Task SendAsync(IClientProxy observers, string instanceId, IReadOnlyList<ActivityExecutionStats> stats, CancellationToken cancellationToken)
    {
        await SendStatsAsync(observers, stats, cancellationToken);
        await observers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, cancellationToken);
        await observers.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = instanceId }, cancellationToken);
    }

    /// <summary>Tells how often nodes ran, and no more: nothing is read anew because of it.</summary>
    public static Task SendStatsAsync(IClientProxy observers, IReadOnlyList<ActivityExecutionStats> stats, CancellationToken cancellationToken) =>
        observers.SendAsync("ActivityExecutionLogUpdatedAsync", new { stats = stats.Select(StatsModel.From).ToArray() }, cancellationToken);
}
