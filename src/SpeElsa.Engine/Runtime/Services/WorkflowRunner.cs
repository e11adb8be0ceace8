using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;
using Elsa.Workflows.Options;
using Elsa.Workflows.State;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;

namespace Elsa.Workflows.Options
{
    /// <summary>How to run a workflow in memory.</summary>
    public class RunWorkflowOptions
    {
        /// <summary>The run; null: an id is made up.</summary>
        public string? WorkflowInstanceId { get; set; }

        /// <summary>What outside thing it is about.</summary>
        public string? CorrelationId { get; set; }

        /// <summary>The bookmark to go on at; for a run that is taken up again.</summary>
        public string? BookmarkId { get; set; }

        /// <summary>The activity whose stimulus starts it.</summary>
        public string? TriggerActivityId { get; set; }

        /// <summary>Its input.</summary>
        public IDictionary<string, object?>? Input { get; set; }

        /// <summary>Values for variables of the workflow, by name.</summary>
        public IDictionary<string, object?>? Variables { get; set; }

        /// <summary>Facts about it.</summary>
        public IDictionary<string, object?>? Properties { get; set; }
    }
}

namespace Elsa.Workflows.Models
{
    /// <summary>How a run in memory stands.</summary>
    /// <param name="WorkflowExecutionContext">The run.</param>
    /// <param name="WorkflowState">Its state, with which it can be taken up again.</param>
    /// <param name="Workflow">The workflow.</param>
    /// <param name="Result">The workflow's result, or null.</param>
    public record RunWorkflowResult(WorkflowExecutionContext WorkflowExecutionContext, WorkflowState WorkflowState, Workflow Workflow, object? Result);

    /// <summary>How a run in memory stands.</summary>
    /// <param name="WorkflowExecutionContext">The run.</param>
    /// <param name="WorkflowState">Its state, with which it can be taken up again.</param>
    /// <param name="Workflow">The workflow.</param>
    /// <param name="Result">The workflow's result.</param>
    public record RunWorkflowResult<TResult>(WorkflowExecutionContext WorkflowExecutionContext, WorkflowState WorkflowState, Workflow Workflow, TResult? Result);
}

namespace Elsa.Workflows
{
    /// <summary>
    /// Runs a workflow here and now, in memory, until it waits or ends: for tests and trials of activities. Nothing is stored and nothing survives the
    /// process; <see cref="Runtime.IWorkflowRuntime"/> is the durable way.
    /// </summary>
    public interface IWorkflowRunner
    {
        /// <summary>Runs an activity.</summary>
        Task<RunWorkflowResult> RunAsync(IActivity activity, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Runs a workflow written in C#.</summary>
        Task<RunWorkflowResult> RunAsync(IWorkflow workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Runs a workflow written in C# that has a result.</summary>
        Task<RunWorkflowResult<TResult>> RunAsync<TResult>(WorkflowBase<TResult> workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Runs a workflow written in C#.</summary>
        Task<RunWorkflowResult> RunAsync<T>(RunWorkflowOptions? options = null, CancellationToken cancellationToken = default)
            where T : IWorkflow, new();

        /// <summary>Runs a workflow.</summary>
        Task<RunWorkflowResult> RunAsync(Workflow workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Takes a run up again.</summary>
        Task<RunWorkflowResult> RunAsync(Workflow workflow, WorkflowState workflowState, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Runs a workflow.</summary>
        Task<RunWorkflowResult> RunAsync(WorkflowGraph workflowGraph, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);

        /// <summary>Takes a run up again.</summary>
        Task<RunWorkflowResult> RunAsync(WorkflowGraph workflowGraph, WorkflowState workflowState, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default);
    }
}

namespace SpeElsa.Engine.Runtime.Services
{
    using Elsa.Workflows;

    /// <summary>Runs bursts whose commits go nowhere.</summary>
    internal sealed class WorkflowRunner(
        ActivityRegistry registry, InputEvaluator inputs, IWorkflowBuilderFactory builders, IServiceProvider services, TimeProvider timeProvider, ILogger<Burst> logger)
        : IWorkflowRunner
    {
        public Task<RunWorkflowResult> RunAsync(IActivity activity, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default) =>
            RunAsync(Workflow.FromActivity(activity), options, cancellationToken);

        public async Task<RunWorkflowResult> RunAsync(IWorkflow workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default) =>
            await RunAsync(await builders.CreateBuilder().BuildWorkflowAsync(workflow, cancellationToken), options, cancellationToken);

        public async Task<RunWorkflowResult<TResult>> RunAsync<TResult>(WorkflowBase<TResult> workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default)
        {
            var result = await RunAsync((IWorkflow)workflow, options, cancellationToken);
            return new RunWorkflowResult<TResult>(
                result.WorkflowExecutionContext, result.WorkflowState, result.Workflow, Serialization.ObjectConverter.ConvertTo<TResult>(result.Result));
        }

        public Task<RunWorkflowResult> RunAsync<T>(RunWorkflowOptions? options = null, CancellationToken cancellationToken = default)
            where T : IWorkflow, new() => RunAsync((IWorkflow)new T(), options, cancellationToken);

        public Task<RunWorkflowResult> RunAsync(Workflow workflow, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default) =>
            RunAsync(new GraphBuilder(registry).Build(workflow), options, cancellationToken);

        public Task<RunWorkflowResult> RunAsync(Workflow workflow, WorkflowState workflowState, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default) =>
            RunAsync(new GraphBuilder(registry).Build(workflow), workflowState, options, cancellationToken);

        public async Task<RunWorkflowResult> RunAsync(WorkflowGraph workflowGraph, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(workflowGraph);
            var run = Create(workflowGraph, options?.WorkflowInstanceId, cancellationToken);
            run.CorrelationId = options?.CorrelationId;
            run.TriggerActivityId = options?.TriggerActivityId;
            run.RunInput = new Dictionary<string, object?>(options?.Input ?? new Dictionary<string, object?>(), StringComparer.OrdinalIgnoreCase);
            run.Properties = new Dictionary<string, object?>(options?.Properties ?? new Dictionary<string, object?>(), StringComparer.Ordinal);
            run.InitialVariables = new Dictionary<string, object?>(options?.Variables ?? new Dictionary<string, object?>());
            run.Schedule(workflowGraph.Root, null, null);
            return await RunAsync(run);
        }

        public async Task<RunWorkflowResult> RunAsync(
            WorkflowGraph workflowGraph, WorkflowState workflowState, RunWorkflowOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(workflowGraph);
            ArgumentNullException.ThrowIfNull(workflowState);
            var run = Create(workflowGraph, workflowState.Id, cancellationToken);
            StateMapper.Apply(workflowState, run);
            var bookmark = options?.BookmarkId is { } id ? run.Bookmarks.FirstOrDefault(candidate => candidate.Id == id) : null;
            if (bookmark is not null && run.FindContext(bookmark.ActivityInstanceId) is { } context)
            {
                run.Resume(bookmark, context, options?.Input);
            }

            return await RunAsync(run);
        }

        private async Task<RunWorkflowResult> RunAsync(WorkflowExecutionContext run)
        {
            await new Burst(inputs, NoCommits.Instance, logger).RunAsync(run);
            return new RunWorkflowResult(run, StateMapper.Extract(run, 0), run.Workflow, run.Outputs.Find(run.Workflow.Id));
        }

        private WorkflowExecutionContext Create(WorkflowGraph graph, string? id, CancellationToken cancellationToken) =>
            new(services, graph, id ?? Guid.NewGuid().ToString("N")[..16], timeProvider, cancellationToken);

        private sealed class NoCommits : IBurstCommits
        {
            public static NoCommits Instance { get; } = new();

            public Task IntentAsync(WorkflowExecutionContext workflow, CancellationToken cancellationToken) => Task.CompletedTask;

            public Task ResultAsync(WorkflowExecutionContext workflow, CancellationToken cancellationToken) => Task.CompletedTask;
        }
    }
}
