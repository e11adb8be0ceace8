using System.Collections.Concurrent;
using Elsa.Workflows;
using Elsa.Workflows.Runtime;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

public sealed class TaskTests : RuntimeTest
{
    private readonly ConcurrentQueue<RunTaskRequest> _asked = new();

    protected override void Configure(IServiceCollection services) => services.AddSingleton<ITaskDispatcher>(new Desk(_asked));

    [Fact]
    public async Task A_task_is_asked_for_and_its_result_goes_on()
    {
        var id = await StartTaskAsync();
        var request = await AskedAsync();
        Assert.Equal(("approve", id, "o-1"), (request.TaskName, request.WorkflowInstanceId, request.TaskPayload!["Order"]));

        await RestartAsync();
        await Get<ITaskReporter>().ReportCompletionAsync(request.TaskId, new { Answer = "yes" });

        await FinishesAsync(id);
        Assert.Equal(["yes"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Many_reports_of_one_task_have_one_effect()
    {
        var id = await StartTaskAsync();
        var taskId = (await AskedAsync()).TaskId;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Get<ITaskReporter>().ReportCompletionAsync(taskId, new { Answer = $"{number}" })));

        await FinishesAsync(id);
        Assert.Single(await Host.LinesAsync(id));
        await Get<ITaskReporter>().ReportCompletionAsync(taskId, new { Answer = "late" });
        await Get<ITaskReporter>().ReportCompletionAsync("unknown", null);
    }

    private async Task<string> StartTaskAsync()
    {
        var task = A.Node("ask", "Elsa.RunTask", ("taskName", A.Text("approve")), ("payload", A.JavaScript("({ Order: 'o-1' })")), ("result", A.Into("Result")));
        await PublishAsync(A.Sequence("tasks").Variable("Result").With(task, A.Say("say", "getResult().answer")));
        var run = await RunAsync("tasks");
        Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
        return run.WorkflowInstanceId;
    }

    private async Task<RunTaskRequest> AskedAsync() =>
        await Eventually.GetAsync(() => Task.FromResult(_asked.FirstOrDefault()), found => found is not null, _ => "nobody was asked") ?? throw new InvalidOperationException();

    private sealed class Desk(ConcurrentQueue<RunTaskRequest> asked) : ITaskDispatcher
    {
        public Task DispatchAsync(RunTaskRequest request, CancellationToken cancellationToken = default)
        {
            asked.Enqueue(request);
            return Task.CompletedTask;
        }
    }
}
