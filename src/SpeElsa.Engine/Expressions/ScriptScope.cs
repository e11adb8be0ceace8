using Elsa.Expressions.Models;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions;

/// <summary>What every script language gives its scripts: variables, inputs, outputs and facts of the run.</summary>
internal sealed class ScriptScope(ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
{
    public ExpressionExecutionContext Context { get; } = context;

    public IDictionary<string, object> Arguments { get; } = options.Arguments;

    public WorkflowIdentity? Identity => Workflow?.Identity;

    public WorkflowExecutionContext? Run => Context.TryGetWorkflowExecutionContext(out var run) ? run : null;

    public IEnumerable<string> VariableNames => Context.GetVariableNamesInScope();

    /// <summary>The inputs the workflow declares, and those it was given beside them.</summary>
    public IEnumerable<string> InputNames =>
        (Workflow?.Inputs.Select(input => input.Name) ?? []).Concat(ExpressionScope.Activity(Context)?.WorkflowInput.Keys ?? []).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);

    public DateTimeOffset Now => Run?.Now ?? (Context.ServiceProvider.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System).GetUtcNow();

    private Workflow? Workflow => Context.FindWorkflow();

    public bool HasVariable(string name) => ExpressionScope.FindVariable(Context, name) is not null;

    public object? ReadVariable(string name) => Context.GetVariableInScope(name);

    /// <exception cref="InvalidOperationException">No scope declares the variable.</exception>
    /// <exception cref="FormatException">The value is not of the variable's type.</exception>
    public void WriteVariable(string name, object? value) =>
        Context.SetVariableInScope(name, ExpressionScope.FindVariable(Context, name)?.ValueType == typeof(object) ? PlainValue.Of(value) : value);

    public object? ReadInput(string name) => Context.GetInput(name);

    public object? ReadOutput(string activityIdOrName, string? output) => Context.GetOutput(activityIdOrName, output);

    public object? ReadLastResult() => Context.GetLastResult();

    /// <summary>The activities of the workflow that have outputs, under the names scripts call them by.</summary>
    public IEnumerable<(string Name, IActivity Activity, IEnumerable<string> Outputs)> Outputs()
    {
        if (Run is not { } run || Context.ServiceProvider.GetService(typeof(ActivityRegistry)) is not ActivityRegistry registry)
        {
            yield break;
        }

        foreach (var activity in run.WorkflowGraph.Nodes.Select(node => node.Activity))
        {
            var described = registry.Find(activity.Type, activity.Version) ?? registry.Describe(activity.GetType());
            if (described.Outputs.Count > 0)
            {
                yield return (activity.Name ?? activity.Id, activity, described.Outputs.Select(output => output.Name));
            }
        }
    }

    public void SetCorrelationId(object? value) => Context.GetWorkflowExecutionContext().CorrelationId = ObjectConverter.ConvertTo<string>(value);

    public void SetName(object? value) => Context.GetWorkflowExecutionContext().Name = ObjectConverter.ConvertTo<string>(value);
}
