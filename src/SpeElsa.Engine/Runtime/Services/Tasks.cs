using Elsa.Workflows.Runtime.Activities;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Runtime
{
    /// <summary>A task that a workflow asks for.</summary>
    public class RunTaskRequest
    {
        /// <summary>Creates an empty one.</summary>
        public RunTaskRequest()
        {
        }

        /// <summary>Creates the request of a running activity.</summary>
        public RunTaskRequest(ActivityExecutionContext activityExecutionContext, string taskId, string taskName, IDictionary<string, object?>? taskPayload)
        {
            ArgumentNullException.ThrowIfNull(activityExecutionContext);
            var workflow = activityExecutionContext.WorkflowExecutionContext;
            TaskId = taskId;
            TaskName = taskName;
            TaskPayload = taskPayload;
            WorkflowInstanceId = workflow.Id;
            WorkflowDefinitionId = workflow.Workflow.Identity.DefinitionId;
            WorkflowName = workflow.Name ?? workflow.Workflow.Name;
            CorrelationId = workflow.CorrelationId;
            ActivityInstanceId = activityExecutionContext.Id;
        }

        /// <summary>The task; whoever gets the same id twice has one task to do.</summary>
        public string TaskId { get; set; } = "";

        /// <summary>What kind of task.</summary>
        public string TaskName { get; set; } = "";

        /// <summary>What whoever does it needs to know.</summary>
        public IDictionary<string, object?>? TaskPayload { get; set; }

        /// <summary>The run that waits for it.</summary>
        public string WorkflowInstanceId { get; set; } = "";

        /// <summary>Its definition.</summary>
        public string WorkflowDefinitionId { get; set; } = "";

        /// <summary>Its name.</summary>
        public string? WorkflowName { get; set; }

        /// <summary>What it is about.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>The execution that waits.</summary>
        public string ActivityInstanceId { get; set; } = "";
    }

    /// <summary>Tells the world outside that a task is to be done. Called at least once for each task, after the wait for it is stored.</summary>
    public interface ITaskDispatcher
    {
        /// <summary>Tells it. What it throws is tried again later.</summary>
        Task DispatchAsync(RunTaskRequest request, CancellationToken cancellationToken = default);
    }

    /// <summary>Takes results of tasks.</summary>
    public interface ITaskReporter
    {
        /// <summary>Stores the result; the run goes on with it. A task that is done already, or unknown, is left as it is.</summary>
        Task ReportCompletionAsync(string taskId, object? result = null, CancellationToken cancellationToken = default);
    }
}

namespace SpeElsa.Engine.Runtime
{
    using Elsa.Workflows.Runtime;

    /// <summary>Sends requests for tasks after their commit.</summary>
    internal sealed class TaskRelay(IEnumerable<ITaskDispatcher> dispatchers) : IOutboxHandler
    {
        public const string OutboxKind = "run-task";

        public string Kind => OutboxKind;

        public async Task HandleAsync(OutboxRecord row, CancellationToken cancellationToken)
        {
            var request = EngineJson.Read<RunTaskRequest>(row.Payload)!;
            foreach (var dispatcher in dispatchers)
            {
                await dispatcher.DispatchAsync(request, cancellationToken);
            }
        }
    }

    /// <summary>Stores results of tasks.</summary>
    internal sealed class TaskReporter(StimulusInbox inbox, IInstanceReader reader, TimeProvider timeProvider) : ITaskReporter
    {
        public async Task ReportCompletionAsync(string taskId, object? result = null, CancellationToken cancellationToken = default)
        {
            if (await reader.FindBookmarkAsync(taskId, cancellationToken) is not { Name: "Elsa.RunTask" } bookmark)
            {
                return;
            }

            await inbox.SendAsync(
                new Stimulus
                {
                    Key = $"task:{taskId}",
                    Kind = StimulusKind.Resume,
                    InstanceId = bookmark.InstanceId,
                    BookmarkId = taskId,
                    Input = EngineJson.Write(new Dictionary<string, object?> { [RunTask.InputKey] = result }),
                    ReceivedAt = timeProvider.GetUtcNow(),
                },
                cancellationToken);
        }
    }
}
