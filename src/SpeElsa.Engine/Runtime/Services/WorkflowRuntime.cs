using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime.Messages;
using Elsa.Workflows.State;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Runtime
{
    /// <summary>Gives access to instances.</summary>
    public interface IWorkflowRuntime
    {
        /// <summary>A client of an instance that is yet to be made.</summary>
        ValueTask<IWorkflowClient> CreateClientAsync(CancellationToken cancellationToken = default);

        /// <summary>A client of an instance; a new id is made up where none is given.</summary>
        ValueTask<IWorkflowClient> CreateClientAsync(string? workflowInstanceId, CancellationToken cancellationToken = default);
    }

    /// <summary>
    /// Handles one instance. What is asked is stored first, then done by the workers; the call returns when the instance rests again. A caller that stops
    /// waiting, or dies, loses only the answer.
    /// </summary>
    public interface IWorkflowClient
    {
        /// <summary>The instance.</summary>
        string WorkflowInstanceId { get; }

        /// <summary>Makes the instance; it runs when it is told to.</summary>
        Task<CreateWorkflowInstanceResponse> CreateInstanceAsync(CreateWorkflowInstanceRequest request, CancellationToken cancellationToken = default);

        /// <summary>Starts the instance, or lets it go on at a bookmark.</summary>
        Task<RunWorkflowInstanceResponse> RunInstanceAsync(RunWorkflowInstanceRequest request, CancellationToken cancellationToken = default);

        /// <summary>Makes and starts the instance.</summary>
        Task<RunWorkflowInstanceResponse> CreateAndRunInstanceAsync(CreateAndRunWorkflowInstanceRequest request, CancellationToken cancellationToken = default);

        /// <summary>Ends the instance as it stands.</summary>
        Task CancelAsync(CancellationToken cancellationToken = default);

        /// <summary>Reads the state of the instance.</summary>
        /// <exception cref="InvalidOperationException">There is no such instance, or it has not run yet.</exception>
        Task<WorkflowState> ExportStateAsync(CancellationToken cancellationToken = default);

        /// <summary>Whether there is such an instance.</summary>
        Task<bool> InstanceExistsAsync(CancellationToken cancellationToken = default);

        /// <summary>Deletes the instance if it has ended.</summary>
        /// <returns>Whether it is gone.</returns>
        Task<bool> DeleteAsync(CancellationToken cancellationToken = default);
    }
}

namespace SpeElsa.Engine.Runtime.Services
{
    using Elsa.Workflows.Runtime;

    /// <summary>Makes clients.</summary>
    internal sealed class WorkflowRuntime(WorkflowClients clients) : IWorkflowRuntime
    {
        public ValueTask<IWorkflowClient> CreateClientAsync(CancellationToken cancellationToken = default) => CreateClientAsync(null, cancellationToken);

        public ValueTask<IWorkflowClient> CreateClientAsync(string? workflowInstanceId, CancellationToken cancellationToken = default) =>
            new(new WorkflowClient(workflowInstanceId ?? Guid.NewGuid().ToString("N")[..16], clients));
    }

    /// <summary>What all clients need.</summary>
    internal sealed class WorkflowClients(
        StimulusInbox inbox, IInstanceReader reader, IRuntimeStore store, IDefinitionStore definitions, InstanceWatch watch, TimeProvider timeProvider)
    {
        public IInstanceReader Reader => reader;

        public IRuntimeStore Store => store;

        /// <exception cref="InvalidOperationException">There is no such workflow.</exception>
        public async Task<DefinitionRecord> FindAsync(WorkflowDefinitionHandle handle, CancellationToken cancellationToken)
        {
            var found = handle.DefinitionVersionId is { } versionId
                ? await definitions.FindAsync(versionId, cancellationToken)
                : await definitions.FindAsync(handle.DefinitionId ?? "", handle.VersionOptions ?? Elsa.Common.Models.VersionOptions.Published, cancellationToken);
            return found ?? throw new InvalidOperationException($"There is no workflow {handle}.");
        }

        public async Task StartAsync(StartRequest request, CancellationToken cancellationToken)
        {
            var result = await inbox.StartAsync(request, cancellationToken);
            if (result.Acceptance is Acceptance.NotAllowed)
            {
                throw new InvalidOperationException($"The activation strategy of '{request.DefinitionId}' allows no further instance now.");
            }
        }

        public Task<AcceptResult> SendAsync(string instanceId, StimulusKind kind, string? bookmarkId, IDictionary<string, object?>? input, CancellationToken cancellationToken) =>
            inbox.SendAsync(
                new Stimulus
                {
                    Key = $"client:{Guid.NewGuid():N}",
                    Kind = kind,
                    InstanceId = instanceId,
                    BookmarkId = bookmarkId,
                    Input = EngineJson.Write(input ?? new Dictionary<string, object?>()),
                    ReceivedAt = timeProvider.GetUtcNow(),
                },
                cancellationToken);

        /// <summary>Waits until the instance rests and says how it stands.</summary>
        public async Task<RunWorkflowInstanceResponse> SettleAsync(string instanceId, bool includeOutput, CancellationToken cancellationToken)
        {
            await watch.WaitUntilIdleAsync(instanceId, cancellationToken);
            var record = await reader.FindAsync(instanceId, cancellationToken) ?? throw new InvalidOperationException($"There is no instance '{instanceId}'.");
            if (record.SetAside is { } reason)
            {
                throw new InvalidDefinitionException(record.DefinitionId, [$"The instance {instanceId} is set aside: {reason}"]);
            }

            var bytes = await reader.ReadStateAsync(instanceId, cancellationToken);
            var state = bytes is null ? new WorkflowState() : StateCodec.Decode(bytes);
            return new RunWorkflowInstanceResponse
            {
                WorkflowInstanceId = instanceId,
                Status = record.Status,
                SubStatus = record.SubStatus,
                Bookmarks = record.Status is Elsa.Workflows.WorkflowStatus.Finished ? [] : state.Bookmarks,
                Incidents = state.Incidents,
                Output = includeOutput ? state.Output : null,
            };
        }
    }

    /// <summary>Handles one instance.</summary>
    internal sealed class WorkflowClient(string instanceId, WorkflowClients clients) : IWorkflowClient
    {
        public string WorkflowInstanceId => instanceId;

        public async Task<CreateWorkflowInstanceResponse> CreateInstanceAsync(CreateWorkflowInstanceRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            await clients.StartAsync(await RequestAsync(request, cancellationToken) with { Created = true }, cancellationToken);
            return new CreateWorkflowInstanceResponse();
        }

        public async Task<RunWorkflowInstanceResponse> RunInstanceAsync(RunWorkflowInstanceRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var options = new StartOptions
            {
                TriggerActivityId = request.TriggerActivityId,
                Variables = new Dictionary<string, object?>(request.Variables ?? new Dictionary<string, object?>()),
                Properties = new Dictionary<string, object?>(request.Properties ?? new Dictionary<string, object?>()),
            };
            var input = request.BookmarkId is null ? options.AddTo(request.Input) : request.Input;
            var kind = request.BookmarkId is null ? StimulusKind.Start : StimulusKind.Resume;
            var result = await clients.SendAsync(instanceId, kind, request.BookmarkId, input, cancellationToken);
            if (result.Acceptance is Acceptance.UnknownInstance)
            {
                throw new InvalidOperationException($"There is no instance '{instanceId}'.");
            }

            return await clients.SettleAsync(instanceId, request.IncludeWorkflowOutput, cancellationToken);
        }

        public async Task<RunWorkflowInstanceResponse> CreateAndRunInstanceAsync(CreateAndRunWorkflowInstanceRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            var start = await RequestAsync(request, cancellationToken) with
            {
                TriggerActivityId = request.TriggerActivityId,
                Variables = new Dictionary<string, object?>(request.Variables ?? new Dictionary<string, object?>()),
            };
            await clients.StartAsync(start, cancellationToken);
            return await clients.SettleAsync(instanceId, request.IncludeWorkflowOutput, cancellationToken);
        }

        public async Task CancelAsync(CancellationToken cancellationToken = default)
        {
            var result = await clients.SendAsync(instanceId, StimulusKind.Cancel, null, null, cancellationToken);
            if (result.Acceptance is Acceptance.Accepted)
            {
                await clients.SettleAsync(instanceId, false, cancellationToken);
            }
        }

        public async Task<WorkflowState> ExportStateAsync(CancellationToken cancellationToken = default) =>
            StateCodec.Decode(await clients.Reader.ReadStateAsync(instanceId, cancellationToken)
                ?? throw new InvalidOperationException($"The instance '{instanceId}' has no state: there is none of that id, or it has not run yet."));

        public async Task<bool> InstanceExistsAsync(CancellationToken cancellationToken = default) =>
            await clients.Reader.FindAsync(instanceId, cancellationToken) is not null;

        public async Task<bool> DeleteAsync(CancellationToken cancellationToken = default)
        {
            await clients.Store.DeleteInstancesAsync([instanceId], cancellationToken);
            return !await InstanceExistsAsync(cancellationToken);
        }

        private async Task<StartRequest> RequestAsync(CreateWorkflowInstanceRequest request, CancellationToken cancellationToken)
        {
            var definition = await clients.FindAsync(request.WorkflowDefinitionHandle, cancellationToken);
            return new StartRequest
            {
                Key = $"start:{instanceId}",
                InstanceId = instanceId,
                DefinitionId = definition.DefinitionId,
                DefinitionVersionId = definition.Id,
                CorrelationId = request.CorrelationId,
                Name = request.Name,
                ParentInstanceId = request.ParentId,
                Input = new Dictionary<string, object?>(request.Input ?? new Dictionary<string, object?>()),
                Properties = new Dictionary<string, object?>(request.Properties ?? new Dictionary<string, object?>()),
            };
        }
    }
}
