using System.Reflection;
using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests;

/// <summary>A story told on an engine in memory. The store outlives the host, so that a test can restart it.</summary>
public abstract class EngineTest : IAsyncLifetime
{
    private static readonly Assembly Activities = typeof(EngineTest).Assembly;
    private TestHost? _host;

    protected InMemoryStore Store { get; } = new();

    protected FakeTimeProvider Clock { get; } = new(A.Moment);

    protected TestHost Host => _host!;

    /// <summary>Whether the host's clock is <see cref="Clock"/> and not the system's.</summary>
    protected virtual bool HasFakeClock => false;

    public async ValueTask InitializeAsync() => _host = await StartHostAsync();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds services to every host of the test.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    protected Task<TestHost> StartHostAsync() => TestHost.StartInMemoryAsync(Store, Configure, HasFakeClock ? Clock : null, Activities);

    protected async Task RestartAsync()
    {
        await Host.DisposeAsync();
        _host = await StartHostAsync();
    }

    protected Task<string> StartAsync(DefinitionBuilder definition, IReadOnlyDictionary<string, object?>? input = null) =>
        Host.StartWorkflowAsync(definition.ToJson(), input);

    /// <summary>Runs a workflow that ends well.</summary>
    protected async Task<string> RunAsync(DefinitionBuilder definition, IReadOnlyDictionary<string, object?>? input = null)
    {
        var id = await StartAsync(definition, input);
        await FinishesAsync(id);
        return id;
    }

    protected async Task FinishesAsync(string id)
    {
        var record = await Host.WaitForFinishAsync(id);
        Assert.True(record.SubStatus is WorkflowSubStatus.Finished, await WhyAsync(id, record));
    }

    protected async Task<Elsa.Workflows.Models.ActivityIncident> FaultsAsync(DefinitionBuilder definition)
    {
        var id = await StartAsync(definition);
        var record = await Host.WaitForFinishAsync(id);
        Assert.True(record.SubStatus is WorkflowSubStatus.Faulted, $"it is {record.SubStatus}, set aside: {record.SetAside}");
        return await Host.IncidentAsync(id);
    }

    /// <summary>What a line of script makes, as text.</summary>
    protected async Task<string> SayAsync(string code, Action<DefinitionBuilder>? declare = null)
    {
        var definition = A.Sequence("say").With(A.Say("line", code));
        declare?.Invoke(definition);
        var id = await RunAsync(definition);
        return Assert.Single(await Host.LinesAsync(id)) ?? "";
    }

    private async Task<string> WhyAsync(string id, InstanceRecord record)
    {
        var state = await Host.Reader.ReadStateAsync(id, default) is null ? null : await Host.StateAsync(id);
        return $"it is {record.SubStatus}, set aside: {record.SetAside}, incidents: {string.Join("; ", state?.Incidents.Select(incident => incident.Message) ?? [])}";
    }
}
