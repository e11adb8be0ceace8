using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Requests;
using Elsa.Workflows.Runtime.Responses;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Runtime.Requests
{
    /// <summary>Starts an instance in the background.</summary>
    public class DispatchWorkflowDefinitionRequest
    {
        /// <summary>Creates an empty one.</summary>
        public DispatchWorkflowDefinitionRequest()
        {
        }

        /// <summary>Starts a version.</summary>
        public DispatchWorkflowDefinitionRequest(string definitionVersionId) => DefinitionVersionId = definitionVersionId;

        /// <summary>The version.</summary>
        public string DefinitionVersionId { get; set; } = "";

        /// <summary>The instance that starts it.</summary>
        public string? ParentWorkflowInstanceId { get; set; }

        /// <summary>Its input.</summary>
        public IDictionary<string, object?>? Input { get; set; }

        /// <summary>Facts about it.</summary>
        public IDictionary<string, object?>? Properties { get; set; }

        /// <summary>What outside thing it is about.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>Its id; the same id starts one instance. Null: one is made up.</summary>
        public string? InstanceId { get; set; }

        /// <summary>The activity whose stimulus starts it.</summary>
        public string? TriggerActivityId { get; set; }
    }

    /// <summary>Lets an instance go on in the background.</summary>
    public class DispatchWorkflowInstanceRequest
    {
        /// <summary>Creates an empty one.</summary>
        public DispatchWorkflowInstanceRequest()
        {
        }

        /// <summary>Lets an instance go on.</summary>
        public DispatchWorkflowInstanceRequest(string instanceId) => InstanceId = instanceId;

        /// <summary>The instance.</summary>
        public string InstanceId { get; set; } = "";

        /// <summary>The bookmark to go on at; null starts the instance.</summary>
        public string? BookmarkId { get; set; }

        /// <summary>Input.</summary>
        public IDictionary<string, object?>? Input { get; set; }
    }

    /// <summary>Starts, in the background, whatever a stimulus starts.</summary>
    public class DispatchTriggerWorkflowsRequest(string activityTypeName, object bookmarkPayload)
    {
        /// <summary>The kind of stimulus.</summary>
        public string ActivityTypeName { get; set; } = activityTypeName;

        /// <summary>The stimulus.</summary>
        public object BookmarkPayload { get; set; } = bookmarkPayload;

        /// <summary>What outside thing the runs are about.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>Their input.</summary>
        public IDictionary<string, object?>? Input { get; set; }

        /// <summary>Facts about them.</summary>
        public IDictionary<string, object?>? Properties { get; set; }
    }

    /// <summary>Lets, in the background, all go on that wait for a stimulus.</summary>
    public class DispatchResumeWorkflowsRequest(
        string activityTypeName,
        object bookmarkPayload,
        string? correlationId = null,
        string? workflowInstanceId = null,
        string? activityInstanceId = null,
        IDictionary<string, object?>? input = null)
    {
        /// <summary>The kind of stimulus.</summary>
        public string ActivityTypeName { get; set; } = activityTypeName;

        /// <summary>The stimulus.</summary>
        public object BookmarkPayload { get; set; } = bookmarkPayload;

        /// <summary>Only runs about this outside thing.</summary>
        public string? CorrelationId { get; set; } = correlationId;

        /// <summary>Only this run.</summary>
        public string? WorkflowInstanceId { get; set; } = workflowInstanceId;

        /// <summary>Only this execution.</summary>
        public string? ActivityInstanceId { get; set; } = activityInstanceId;

        /// <summary>Input.</summary>
        public IDictionary<string, object?>? Input { get; set; } = input;
    }
}

namespace Elsa.Workflows.Runtime.Responses
{
    /// <summary>Whether a request was stored. What it asks for happens later.</summary>
    /// <param name="Fault">Why not, or null.</param>
    public record DispatchWorkflowResponse(string? Fault = null)
    {
        /// <summary>Whether it was stored.</summary>
        public bool Succeeded => Fault is null;

        /// <summary>Complains where it was not.</summary>
        /// <exception cref="InvalidOperationException">It was not.</exception>
        public void ThrowIfFailed()
        {
            if (Fault is not null)
            {
                throw new InvalidOperationException(Fault);
            }
        }
    }
}

namespace Elsa.Workflows.Runtime
{
    /// <summary>Stores what is asked and returns; the workers do it. Nothing that was said yes to is lost.</summary>
    public interface IWorkflowDispatcher
    {
        /// <summary>Starts an instance.</summary>
        Task<DispatchWorkflowResponse> DispatchAsync(DispatchWorkflowDefinitionRequest request, CancellationToken cancellationToken = default);

        /// <summary>Starts an instance that was made before, or lets it go on at a bookmark.</summary>
        Task<DispatchWorkflowResponse> DispatchAsync(DispatchWorkflowInstanceRequest request, CancellationToken cancellationToken = default);

        /// <summary>Starts whatever a stimulus starts.</summary>
        Task<DispatchWorkflowResponse> DispatchAsync(DispatchTriggerWorkflowsRequest request, CancellationToken cancellationToken = default);

        /// <summary>Lets all go on that wait for a stimulus.</summary>
        Task<DispatchWorkflowResponse> DispatchAsync(DispatchResumeWorkflowsRequest request, CancellationToken cancellationToken = default);
    }

    /// <summary>Starts a workflow where its activation strategy allows it.</summary>
    public interface IWorkflowStarter
    {
        /// <summary>Starts it and waits until it rests.</summary>
        Task<StartWorkflowResponse> StartWorkflowAsync(StartWorkflowRequest request, CancellationToken cancellationToken = default);
    }

    /// <summary>A workflow to start.</summary>
    public class StartWorkflowRequest
    {
        /// <summary>Which.</summary>
        public WorkflowDefinitionHandle WorkflowDefinitionHandle { get; set; } = new();

        /// <summary>What outside thing the run is about.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>Its input.</summary>
        public IDictionary<string, object?>? Input { get; set; }

        /// <summary>Values for variables of the workflow, by name.</summary>
        public IDictionary<string, object?>? Variables { get; set; }

        /// <summary>Facts about the run.</summary>
        public IDictionary<string, object?>? Properties { get; set; }

        /// <summary>The activity whose stimulus starts it.</summary>
        public string? TriggerActivityId { get; set; }
    }

    /// <summary>How a start ended.</summary>
    public class StartWorkflowResponse
    {
        /// <summary>Whether the activation strategy allowed no further run.</summary>
        public bool CannotStart { get; set; }

        /// <summary>The run, where it was started.</summary>
        public string? WorkflowInstanceId { get; set; }

        /// <summary>Whether it has ended.</summary>
        public WorkflowStatus? Status { get; set; }

        /// <summary>How it stands.</summary>
        public WorkflowSubStatus? SubStatus { get; set; }

        /// <summary>What it waits on.</summary>
        public ICollection<Bookmark>? Bookmarks { get; set; }

        /// <summary>What went wrong.</summary>
        public ICollection<ActivityIncident>? Incidents { get; set; }
    }
}

namespace SpeElsa.Engine.Runtime.Services
{
    using Elsa.Workflows.Runtime;

    /// <summary>Elsa's services that start workflows, over the inbox.</summary>
    internal sealed class DispatchServices(StimulusInbox inbox, StimulusDispatcher dispatcher, WorkflowClients clients) : IWorkflowDispatcher, IWorkflowStarter
    {
        public async Task<DispatchWorkflowResponse> DispatchAsync(DispatchWorkflowDefinitionRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var instanceId = request.InstanceId ?? Guid.NewGuid().ToString("N")[..16];
            try
            {
                var result = await inbox.StartAsync(
                    new StartRequest
                    {
                        Key = $"start:{instanceId}",
                        InstanceId = instanceId,
                        DefinitionId = "",
                        DefinitionVersionId = request.DefinitionVersionId,
                        ParentInstanceId = request.ParentWorkflowInstanceId,
                        CorrelationId = request.CorrelationId,
                        TriggerActivityId = request.TriggerActivityId,
                        Input = Copy(request.Input),
                        Properties = Copy(request.Properties),
                    },
                    cancellationToken);
                return new DispatchWorkflowResponse(result.Acceptance is Acceptance.NotAllowed ? "The workflow's activation strategy allows no further instance now." : null);
            }
            catch (InvalidOperationException exception)
            {
                return new DispatchWorkflowResponse(exception.Message);
            }
        }

        public async Task<DispatchWorkflowResponse> DispatchAsync(DispatchWorkflowInstanceRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var kind = request.BookmarkId is null ? StimulusKind.Start : StimulusKind.Resume;
            var result = await clients.SendAsync(request.InstanceId, kind, request.BookmarkId, request.Input, cancellationToken);
            return new DispatchWorkflowResponse(result.Acceptance switch
            {
                Acceptance.UnknownInstance => $"There is no instance '{request.InstanceId}'.",
                Acceptance.InstanceFinished => $"The instance '{request.InstanceId}' has ended.",
                _ => null,
            });
        }

        public async Task<DispatchWorkflowResponse> DispatchAsync(DispatchTriggerWorkflowsRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var hash = StimulusHash.Compute(request.ActivityTypeName, request.BookmarkPayload);
            await dispatcher.SendAsync(
                new Broadcast { Key = NewKey(), Hash = hash, Resumes = false, CorrelationId = request.CorrelationId, Input = Copy(request.Input), Properties = Copy(request.Properties) },
                cancellationToken);
            return new DispatchWorkflowResponse();
        }

        public async Task<DispatchWorkflowResponse> DispatchAsync(DispatchResumeWorkflowsRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            await dispatcher.SendAsync(
                new Broadcast
                {
                    Key = NewKey(),
                    Hash = StimulusHash.Compute(request.ActivityTypeName, request.BookmarkPayload),
                    ExecutionHash = request.ActivityInstanceId is { } execution ? StimulusHash.Compute(request.ActivityTypeName, request.BookmarkPayload, execution) : null,
                    Starts = false,
                    CorrelationId = request.CorrelationId,
                    InstanceId = request.WorkflowInstanceId,
                    ActivityInstanceId = request.ActivityInstanceId,
                    Input = Copy(request.Input),
                },
                cancellationToken);
            return new DispatchWorkflowResponse();
        }

        public async Task<StartWorkflowResponse> StartWorkflowAsync(StartWorkflowRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var definition = await clients.FindAsync(request.WorkflowDefinitionHandle, cancellationToken);
            var instanceId = Guid.NewGuid().ToString("N")[..16];
            var result = await inbox.StartAsync(
                new StartRequest
                {
                    Key = $"start:{instanceId}",
                    InstanceId = instanceId,
                    DefinitionId = definition.DefinitionId,
                    DefinitionVersionId = definition.Id,
                    CorrelationId = request.CorrelationId,
                    TriggerActivityId = request.TriggerActivityId,
                    Input = Copy(request.Input),
                    Variables = Copy(request.Variables),
                    Properties = Copy(request.Properties),
                },
                cancellationToken);
            if (result.Acceptance is Acceptance.NotAllowed)
            {
                return new StartWorkflowResponse { CannotStart = true };
            }

            var settled = await clients.SettleAsync(instanceId, false, cancellationToken);
            return new StartWorkflowResponse
            {
                WorkflowInstanceId = instanceId,
                Status = settled.Status,
                SubStatus = settled.SubStatus,
                Bookmarks = settled.Bookmarks,
                Incidents = settled.Incidents,
            };
        }

        private static string NewKey() => $"dispatch:{Guid.NewGuid():N}";

        private static Dictionary<string, object?> Copy(IDictionary<string, object?>? values) => new(values ?? new Dictionary<string, object?>());
    }
}
