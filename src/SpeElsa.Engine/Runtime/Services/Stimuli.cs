using Elsa.Workflows.Runtime.Messages;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime.Triggers;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Runtime
{
    /// <summary>Whom a stimulus is for, and what it carries.</summary>
    public class StimulusMetadata
    {
        /// <summary>Only this run; it keeps the stimulus where it does not wait for it yet.</summary>
        public string? WorkflowInstanceId { get; set; }

        /// <summary>Only runs about this outside thing; a run that is started is about it.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>Only this execution.</summary>
        public string? ActivityInstanceId { get; set; }

        /// <summary>Only this bookmark.</summary>
        public string? BookmarkId { get; set; }

        /// <summary>The instance that starts what it starts.</summary>
        public string? ParentWorkflowInstanceId { get; set; }

        /// <summary>Input for what it starts and resumes.</summary>
        public IDictionary<string, object?>? Input { get; set; }

        /// <summary>Facts about the runs that it starts.</summary>
        public IDictionary<string, object?>? Properties { get; set; }
    }

    /// <summary>Whom a stimulus has reached, and how they stand now.</summary>
    public record SendStimulusResult(ICollection<RunWorkflowInstanceResponse> WorkflowInstanceResponses);

    /// <summary>Sends stimuli to whatever they start and whoever waits for them. Each is stored before anything happens; the call returns when those it reached rest.</summary>
    public interface IStimulusSender
    {
        /// <summary>Sends a stimulus by activity type and payload.</summary>
        Task<SendStimulusResult> SendAsync(string activityTypeName, object stimulus, StimulusMetadata? metadata = null, CancellationToken cancellationToken = default);

        /// <summary>Sends a stimulus by its hash.</summary>
        Task<SendStimulusResult> SendAsync(string stimulusHash, StimulusMetadata? metadata = null, CancellationToken cancellationToken = default);
    }

    /// <summary>Publishes events from outside of workflows.</summary>
    public interface IEventPublisher
    {
        /// <summary>Publishes an event.</summary>
        /// <param name="eventName">Its name.</param>
        /// <param name="correlationId">Only for runs about this outside thing.</param>
        /// <param name="workflowInstanceId">Only for this run; it keeps the event where it does not wait for it yet.</param>
        /// <param name="activityInstanceId">Only for this execution.</param>
        /// <param name="payload">What it carries.</param>
        /// <param name="asynchronous">Whether to return once it is stored, and not when those it reached rest. Default false.</param>
        /// <param name="cancellationToken">Stops waiting.</param>
        Task PublishAsync(
            string eventName,
            string? correlationId = null,
            string? workflowInstanceId = null,
            string? activityInstanceId = null,
            object? payload = null,
            bool asynchronous = false,
            CancellationToken cancellationToken = default);
    }

    /// <summary>Lets runs go on at bookmarks.</summary>
    public interface IWorkflowResumer
    {
        /// <summary>Lets all go on that wait in this kind of activity for this stimulus.</summary>
        Task<IEnumerable<RunWorkflowInstanceResponse>> ResumeAsync<TActivity>(object stimulus, ResumeBookmarkOptions? options = null, CancellationToken cancellationToken = default)
            where TActivity : IActivity;

        /// <summary>Lets one run go on that waits in this kind of activity for this stimulus.</summary>
        Task<IEnumerable<RunWorkflowInstanceResponse>> ResumeAsync<TActivity>(
            object stimulus, string workflowInstanceId, ResumeBookmarkOptions? options = null, CancellationToken cancellationToken = default)
            where TActivity : IActivity;

        /// <summary>Lets a run go on at a bookmark.</summary>
        /// <returns>How it stands now; null when there is no such bookmark.</returns>
        Task<RunWorkflowInstanceResponse?> ResumeAsync(string bookmarkId, IDictionary<string, object?>? input = null, CancellationToken cancellationToken = default);
    }

    /// <summary>What goes with a resumption.</summary>
    public class ResumeBookmarkOptions
    {
        /// <summary>Input.</summary>
        public IDictionary<string, object?>? Input { get; set; }
    }

    /// <summary>A bookmark to go on at, by id or by stimulus.</summary>
    public class NewBookmarkQueueItem
    {
        /// <summary>The run; needed where the bookmark is named by its stimulus.</summary>
        public string? WorkflowInstanceId { get; set; }

        /// <summary>Only runs about this outside thing.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>The bookmark.</summary>
        public string? BookmarkId { get; set; }

        /// <summary>The hash of the stimulus.</summary>
        public string? StimulusHash { get; set; }

        /// <summary>The execution that waits.</summary>
        public string? ActivityInstanceId { get; set; }

        /// <summary>What goes with it.</summary>
        public ResumeBookmarkOptions? Options { get; set; }
    }

    /// <summary>Stores a resumption and returns; the inbox is the queue.</summary>
    public interface IBookmarkQueue
    {
        /// <summary>Stores it. One that comes before its bookmark waits for it.</summary>
        Task EnqueueAsync(NewBookmarkQueueItem item, CancellationToken cancellationToken = default);
    }
}

namespace SpeElsa.Engine.Runtime.Services
{
    using Elsa.Workflows;
    using Elsa.Workflows.Runtime;

    /// <summary>Elsa's services for stimuli, over the dispatcher.</summary>
    internal sealed class StimulusServices(StimulusDispatcher dispatcher, WorkflowClients clients)
        : IStimulusSender, IEventPublisher, IWorkflowResumer, IBookmarkQueue
    {
        public Task<SendStimulusResult> SendAsync(string activityTypeName, object stimulus, StimulusMetadata? metadata = null, CancellationToken cancellationToken = default) =>
            SendAsync(BroadcastOf(StimulusHash.Compute(activityTypeName, stimulus), metadata) with
            {
                ExecutionHash = metadata?.ActivityInstanceId is { } execution ? StimulusHash.Compute(activityTypeName, stimulus, execution) : null,
            }, metadata?.BookmarkId, cancellationToken);

        public Task<SendStimulusResult> SendAsync(string stimulusHash, StimulusMetadata? metadata = null, CancellationToken cancellationToken = default) =>
            SendAsync(BroadcastOf(stimulusHash, metadata), metadata?.BookmarkId, cancellationToken);

        public async Task PublishAsync(
            string eventName,
            string? correlationId = null,
            string? workflowInstanceId = null,
            string? activityInstanceId = null,
            object? payload = null,
            bool asynchronous = false,
            CancellationToken cancellationToken = default)
        {
            var published = new PublishedEvent(eventName, correlationId, workflowInstanceId, payload, activityInstanceId);
            var reached = await dispatcher.SendAsync(published.ToBroadcast(NewKey()), cancellationToken);
            if (!asynchronous)
            {
                await SettleAsync(reached, cancellationToken);
            }
        }

        public async Task<IEnumerable<RunWorkflowInstanceResponse>> ResumeAsync<TActivity>(
            object stimulus, ResumeBookmarkOptions? options = null, CancellationToken cancellationToken = default)
            where TActivity : IActivity => await ResumeAsync<TActivity>(stimulus, null!, options, cancellationToken);

        public async Task<IEnumerable<RunWorkflowInstanceResponse>> ResumeAsync<TActivity>(
            object stimulus, string workflowInstanceId, ResumeBookmarkOptions? options = null, CancellationToken cancellationToken = default)
            where TActivity : IActivity
        {
            var metadata = new StimulusMetadata { WorkflowInstanceId = workflowInstanceId, Input = options?.Input };
            var broadcast = BroadcastOf(StimulusHash.Compute(ActivityTypeNames.Of(typeof(TActivity)).TypeName, stimulus), metadata) with { Starts = false };
            return (await SendAsync(broadcast, null, cancellationToken)).WorkflowInstanceResponses;
        }

        public async Task<RunWorkflowInstanceResponse?> ResumeAsync(string bookmarkId, IDictionary<string, object?>? input = null, CancellationToken cancellationToken = default)
        {
            if (await clients.Reader.FindBookmarkAsync(bookmarkId, cancellationToken) is not { } bookmark)
            {
                return null;
            }

            await clients.SendAsync(bookmark.InstanceId, StimulusKind.Resume, bookmarkId, input, cancellationToken);
            return await clients.SettleAsync(bookmark.InstanceId, true, cancellationToken);
        }

        public async Task EnqueueAsync(NewBookmarkQueueItem item, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(item);
            if (item.BookmarkId is { } bookmarkId)
            {
                var instanceId = item.WorkflowInstanceId ?? (await clients.Reader.FindBookmarkAsync(bookmarkId, cancellationToken))?.InstanceId
                    ?? throw new InvalidOperationException($"There is no bookmark '{bookmarkId}'. Name its instance to store it for later.");
                await clients.SendAsync(instanceId, StimulusKind.Resume, bookmarkId, item.Options?.Input, cancellationToken);
                return;
            }

            var metadata = new StimulusMetadata
            {
                WorkflowInstanceId = item.WorkflowInstanceId,
                CorrelationId = item.CorrelationId,
                ActivityInstanceId = item.ActivityInstanceId,
                Input = item.Options?.Input,
            };
            var hash = item.StimulusHash ?? throw new InvalidOperationException("Name a bookmark or the hash of a stimulus.");
            await dispatcher.SendAsync(BroadcastOf(hash, metadata) with { Starts = false }, cancellationToken);
        }

        private static string NewKey() => $"stimulus:{Guid.NewGuid():N}";

        private static Broadcast BroadcastOf(string hash, StimulusMetadata? metadata) => new()
        {
            Key = NewKey(),
            Hash = hash,
            CorrelationId = metadata?.CorrelationId,
            InstanceId = metadata?.WorkflowInstanceId,
            ActivityInstanceId = metadata?.ActivityInstanceId,
            ParentInstanceId = metadata?.ParentWorkflowInstanceId,
            Input = new Dictionary<string, object?>(metadata?.Input ?? new Dictionary<string, object?>()),
            Properties = new Dictionary<string, object?>(metadata?.Properties ?? new Dictionary<string, object?>()),
        };

        private async Task<SendStimulusResult> SendAsync(Broadcast broadcast, string? bookmarkId, CancellationToken cancellationToken)
        {
            if (bookmarkId is not null)
            {
                var response = await ResumeAsync(bookmarkId, new Dictionary<string, object?>(broadcast.Input), cancellationToken);
                return new SendStimulusResult(response is null ? [] : [response]);
            }

            return new SendStimulusResult(await SettleAsync(await dispatcher.SendAsync(broadcast, cancellationToken), cancellationToken));
        }

        private async Task<List<RunWorkflowInstanceResponse>> SettleAsync(IReadOnlyList<Reached> reached, CancellationToken cancellationToken)
        {
            var responses = new List<RunWorkflowInstanceResponse>();
            foreach (var instanceId in reached.Where(one => one.Result.Acceptance is Acceptance.Accepted or Acceptance.Duplicate).Select(one => one.InstanceId).Distinct())
            {
                responses.Add(await clients.SettleAsync(instanceId, true, cancellationToken));
            }

            return responses;
        }
    }
}
