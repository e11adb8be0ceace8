using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Durability;

/// <summary>An orderly stop in the middle of an activity is no fault of the workflow.</summary>
public sealed class OrderlyStopTests : IDisposable
{
    private readonly EffectWorld _world = new();
    private readonly InMemoryStore _store = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_an_activity_throws_because_the_process_stops_is_run_again_after_the_start()
    {
        var acting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.BeforeActing = async (_, cancellationToken) =>
        {
            acting.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException("The client says in its own way that it was cancelled");
            }
        };
        var host = await StartAsync();
        var id = await host.StartWorkflowAsync(A.Sequence("stop").With(A.Node("one", "Test.Effect")).ToJson());
        await acting.Task;
        await host.DisposeAsync();

        _world.BeforeActing = (_, _) => Task.CompletedTask;
        await using var next = await StartAsync();
        var record = await next.WaitForFinishAsync(id);

        Assert.Equal(WorkflowSubStatus.Finished, record.SubStatus);
        Assert.Equal(["one"], _world.Effects());
    }

    private Task<TestHost> StartAsync() => TestHost.StartInMemoryAsync(_store, services => services.AddSingleton(_world), null, typeof(Effect).Assembly);
}
