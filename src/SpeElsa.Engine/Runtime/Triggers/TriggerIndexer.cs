using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.Triggers;

/// <summary>
/// Finds what starts a workflow: the activities that can, each with the stimuli it names. Their inputs are evaluated once, when the version is published;
/// expressions see the initial values of the workflow's variables.
/// </summary>
internal sealed class TriggerIndexer(ActivityRegistry registry, ExpressionEvaluator expressions, IServiceProvider services) : ITriggerIndexer
{
    /// <exception cref="InvalidDefinitionException">An input of a trigger can not be evaluated; every error is listed.</exception>
    public async Task<IReadOnlyList<TriggerRecord>> IndexAsync(WorkflowGraph graph, WorkflowIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(identity);
        var records = new List<TriggerRecord>();
        var errors = new List<string>();
        foreach (var node in graph.Nodes.Where(CanStart))
        {
            try
            {
                records.AddRange(await IndexAsync(graph, node, identity, cancellationToken));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                errors.Add($"Activity '{node.Activity.Id}': {exception.Message}");
            }
        }

        return errors.Count == 0 ? records : throw new InvalidDefinitionException(identity.DefinitionId, errors);
    }

    private static bool CanStart(ActivityNode node) => node.Activity is ITrigger && node.Activity is Activity { CanStartWorkflow: true };

    private async Task<IEnumerable<TriggerRecord>> IndexAsync(WorkflowGraph graph, ActivityNode node, WorkflowIdentity identity, CancellationToken cancellationToken)
    {
        var trigger = (ITrigger)node.Activity;
        var scope = new ExpressionExecutionContext(services, new MemoryRegister(), cancellationToken: cancellationToken);
        scope.Memory.Declare(graph.Workflow.Variables);
        foreach (var descriptor in registry.Describe(trigger.GetType()).Inputs.Where(descriptor => descriptor.IsWrapped))
        {
            if (descriptor.ValueGetter(trigger) is Input { Expression: { } expression } input)
            {
                var value = ObjectConverter.ConvertTo(await expressions.EvaluateAsync(expression, input.Type, scope), input.Type);
                scope.Memory.Blocks[input.MemoryBlockReference().Id] = new MemoryBlock(value);
            }
        }

        var context = new TriggerIndexingContext(scope, trigger, cancellationToken);
        var payloads = await trigger.GetTriggerPayloadsAsync(context);
        return payloads.Select((payload, index) => new TriggerRecord
        {
            Id = DerivedId.Of($"{identity.Id}:{node.NodeId}", index),
            DefinitionId = identity.DefinitionId,
            DefinitionVersionId = identity.Id,
            DefinitionVersion = identity.Version,
            ActivityId = trigger.Id,
            Name = context.TriggerName,
            Hash = StimulusHash.Compute(context.TriggerName, payload),
            Payload = EngineJson.Write(payload),
            DueAt = (payload as ITimedStimulus)?.DueAt,
        });
    }
}
