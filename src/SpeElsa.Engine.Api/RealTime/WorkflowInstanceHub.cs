using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>Elsa's hub: a client names instances and is told when they change.</summary>
internal sealed class WorkflowInstanceHub(ObservedInstances observed, IInstanceReader reader, ActivityExecutionHistory history, IOptions<RealTimeOptions> options)
    : Hub
{
    /// <summary>Begins to look at an instance, and is told at once how it stands: nothing is missed between a page's own reading and this call.</summary>
    /// <exception cref="HubException">There is no such instance, or the caller may not read it.</exception>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        var cancellationToken = Context.ConnectionAborted;
        string[] held = [.. Context.User?.FindAll(Permissions.ClaimType).Select(claim => claim.Value) ?? []];
        if (!Permissions.Suffice(held, [Permissions.ReadInstances]) || await reader.FindAsync(instanceId, cancellationToken) is null)
        {
            // Whoever may not read learns nothing about what there is.
            throw new HubException("Access denied.");
        }

        if (!observed.TryAdd(Context.ConnectionId, instanceId, options.Value.InstancesPerConnection))
        {
            throw new HubException("This connection looks at as many instances as it may.");
        }

        await Groups.AddToGroupAsync(Context.ConnectionId, instanceId, cancellationToken);
        await InstanceMessages.SendAsync(Clients.Caller, instanceId, await history.CountAsync(instanceId, null, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        observed.Remove(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }
}
