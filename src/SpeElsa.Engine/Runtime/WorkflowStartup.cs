using Microsoft.Extensions.Hosting;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Engine.Runtime;

/// <summary>Publishes the workflows that are written in C#, and offers published workflows as activities, before the workers start.</summary>
internal sealed class WorkflowStartup(CodeFirstPublisher publisher, WorkflowActivities activities) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(cancellationToken);
        await activities.RefreshAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
