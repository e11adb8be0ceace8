using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Api.Tests.Examples;

/// <summary>The example, run as its users would run it.</summary>
public sealed class GreetingExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-example-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_workflow_written_in_C_sharp_waits_across_a_restart_and_ends()
    {
        string instanceId;
        await using (var app = await StartAsync())
        {
            var client = await app.Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
            var run = await client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest
            {
                WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("GreetingWorkflow"),
                Input = new Dictionary<string, object?> { ["Name"] = "Ada" },
            });
            Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
            instanceId = run.WorkflowInstanceId;
            await app.StopAsync();
        }

        await using var next = await StartAsync();
        await next.Services.GetRequiredService<IEventPublisher>().PublishAsync("Approved");
        var state = await (await next.Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync(instanceId)).ExportStateAsync();

        Assert.Equal((WorkflowSubStatus.Finished, "Hello, Ada!"), (state.SubStatus, state.Output["Said"]));
        await next.StopAsync();
    }

    [Fact]
    public async Task The_same_class_is_one_version_however_often_the_host_starts()
    {
        await using (var first = await StartAsync())
        {
            await first.StopAsync();
        }

        await using var second = await StartAsync();
        var versions = await second.Services.GetRequiredService<Storage.IDefinitionStore>().CountAsync(default);
        Assert.Equal(1, versions);
        await second.StopAsync();
    }

    [Fact]
    public void A_host_without_a_store_is_told_so()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Elsa.Extensions.ModuleExtensions.AddElsa(new ServiceCollection()));

        Assert.Contains("No store is named", exception.Message, StringComparison.Ordinal);
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        var app = GreetingHost.Create(builder, $"Data Source={Path.Combine(_folder, "example.db")}");
        await app.StartAsync();
        return app;
    }
}
