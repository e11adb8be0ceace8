using System.Diagnostics.CodeAnalysis;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Extensions;

/// <summary>What code may ask of the scopes an expression sees.</summary>
public static class ExpressionExecutionContextExtensions
{
    /// <summary>Key of the run among the transient properties.</summary>
    public static readonly object WorkflowExecutionContextKey = new();

    /// <summary>Key of the activity's execution among the transient properties.</summary>
    public static readonly object ActivityExecutionContextKey = ExpressionScope.Key;

    /// <summary>Key of the input among the transient properties.</summary>
    public static readonly object InputKey = new();

    /// <summary>Key of the workflow among the transient properties.</summary>
    public static readonly object WorkflowKey = new();

    /// <summary>Key of the activity among the transient properties.</summary>
    public static readonly object ActivityKey = new();

    /// <summary>Makes transient properties for expressions of a run that belong to no activity's execution.</summary>
    public static IDictionary<object, object> CreateActivityExecutionContextPropertiesFrom(WorkflowExecutionContext workflowExecutionContext, IDictionary<string, object> input)
    {
        ArgumentNullException.ThrowIfNull(workflowExecutionContext);
        return new Dictionary<object, object>
        {
            [WorkflowExecutionContextKey] = workflowExecutionContext,
            [InputKey] = input,
            [WorkflowKey] = workflowExecutionContext.Workflow,
        };
    }

    /// <summary>Makes transient properties for expressions of a trigger, which are evaluated when its workflow is published.</summary>
    public static IDictionary<object, object> CreateTriggerIndexingPropertiesFrom(Workflow workflow, IDictionary<string, object> input) => new Dictionary<object, object>
    {
        [WorkflowKey] = workflow,
        [InputKey] = input,
    };

    /// <summary>Finds the run; there is none while triggers are indexed.</summary>
    public static bool TryGetWorkflowExecutionContext(this ExpressionExecutionContext context, [NotNullWhen(true)] out WorkflowExecutionContext? workflowExecutionContext)
    {
        workflowExecutionContext = ExpressionScope.Activity(context)?.WorkflowExecutionContext ?? Find(context, WorkflowExecutionContextKey) as WorkflowExecutionContext;
        return workflowExecutionContext is not null;
    }

    /// <summary>The run.</summary>
    /// <exception cref="InvalidOperationException">The expression is evaluated outside of a run.</exception>
    public static WorkflowExecutionContext GetWorkflowExecutionContext(this ExpressionExecutionContext context) => context.TryGetWorkflowExecutionContext(out var found)
        ? found
        : throw new InvalidOperationException("This expression is evaluated outside of a run; it can not ask for the instance.");

    /// <summary>Finds the activity's execution; there is none while triggers are indexed.</summary>
    public static bool TryGetActivityExecutionContext(this ExpressionExecutionContext context, [NotNullWhen(true)] out ActivityExecutionContext? activityExecutionContext)
    {
        activityExecutionContext = ExpressionScope.Activity(context);
        return activityExecutionContext is not null;
    }

    /// <summary>The activity's execution.</summary>
    /// <exception cref="InvalidOperationException">The expression is evaluated outside of a run.</exception>
    public static ActivityExecutionContext GetActivityExecutionContext(this ExpressionExecutionContext context) =>
        ExpressionScope.Activity(context) ?? throw new InvalidOperationException("This expression is evaluated outside of a run; it can not ask for the activity's execution.");

    /// <summary>The activity.</summary>
    /// <exception cref="InvalidOperationException">The expression belongs to no activity.</exception>
    public static IActivity GetActivity(this ExpressionExecutionContext context) =>
        ExpressionScope.Activity(context)?.Activity ?? Find(context, ActivityKey) as IActivity ?? throw new InvalidOperationException("This expression belongs to no activity.");

    /// <summary>Reads an evaluated input.</summary>
    public static T? Get<T>(this ExpressionExecutionContext context, Input<T> input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        return context.Get<T>(input.MemoryBlockReference());
    }

    /// <summary>Reads an output that was set before.</summary>
    public static T? Get<T>(this ExpressionExecutionContext context, Output output) => ObjectConverter.ConvertTo<T>(context.Get(output));

    /// <summary>Reads an output that was set before.</summary>
    public static object? Get(this ExpressionExecutionContext context, Output output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        return context.Get(output.MemoryBlockReference());
    }

    /// <summary>Writes to the variable an output goes to.</summary>
    public static void Set(this ExpressionExecutionContext context, Output? output, object? value, Action<MemoryBlock>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (output?.MemoryBlockReference() is { Id.Length: > 0 } reference)
        {
            context.Set(reference, value, configure);
        }
    }

    /// <summary>Reads a variable by name, from the innermost scope outwards; the type's default where none declares it.</summary>
    public static T? GetVariable<T>(this ExpressionExecutionContext context, string name) => ObjectConverter.ConvertTo<T>(context.GetVariableInScope(name));

    /// <summary>Finds a variable by name, or null.</summary>
    /// <param name="context">What the expression sees.</param>
    /// <param name="name">The name; case matters.</param>
    /// <param name="localScopeOnly">Whether enclosing scopes are left out.</param>
    public static Variable? GetVariable(this ExpressionExecutionContext context, string name, bool localScopeOnly = false)
    {
        var variable = ExpressionScope.FindVariable(context, name);
        return variable is null || (localScopeOnly && !context.Memory.IsDeclared(variable)) ? null : variable;
    }

    /// <summary>Declares a variable in the nearest scope that has variables, and writes it. It is stored with the instance, whatever driver is named.</summary>
    /// <exception cref="InvalidOperationException">That scope declares the name already.</exception>
    public static Variable CreateVariable<T>(
        this ExpressionExecutionContext context, string name, T? value, Type? storageDriverType = null, Action<MemoryBlock>? configure = null)
    {
        var scope = context.GetVariableContainerContext();
        if (scope.GetVariable(name, localScopeOnly: true) is not null)
        {
            throw new InvalidOperationException($"This scope declares the variable '{name}' already; set it, or choose another name.");
        }

        var owner = scope.GetActivityExecutionContext();
        var variable = new Variable(name, null, $"{owner.Id}:{name}") { StorageDriverType = storageDriverType };
        owner.DynamicVariables.Add(variable);
        scope.Memory.Declare(variable);
        scope.Set(variable, value, configure);
        return variable;
    }

    /// <summary>The nearest scope that belongs to a container of variables; without one the outermost.</summary>
    public static ExpressionExecutionContext GetVariableContainerContext(this ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var scope = context;
        while (scope.ParentContext is not null && ExpressionScope.Activity(scope)?.Activity is not IVariableContainer)
        {
            scope = scope.ParentContext;
        }

        return scope;
    }

    /// <summary>Writes a variable by name; declares it in the nearest scope that has variables where there is none.</summary>
    public static Variable SetVariable<T>(this ExpressionExecutionContext context, string name, T? value, Action<MemoryBlock>? configure = null)
    {
        if (context.GetVariable(name) is not { } variable)
        {
            return context.CreateVariable(name, value, configure: configure);
        }

        context.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType), configure);
        return variable;
    }

    /// <summary>The values of all scopes by block id; an inner scope hides an outer one.</summary>
    public static IDictionary<string, object?> ReadAndFlattenMemoryBlocks(this ExpressionExecutionContext context) =>
        context.FlattenMemoryBlocks().ToDictionary(block => block.Key, block => block.Value.Value, StringComparer.Ordinal);

    /// <summary>The blocks of all scopes by id; an inner scope hides an outer one.</summary>
    public static IDictionary<string, MemoryBlock> FlattenMemoryBlocks(this ExpressionExecutionContext context)
    {
        var blocks = new Dictionary<string, MemoryBlock>(StringComparer.Ordinal);
        for (var scope = context; scope is not null; scope = scope.ParentContext)
        {
            foreach (var (id, block) in scope.Memory.Blocks)
            {
                blocks.TryAdd(id, block);
            }
        }

        return blocks;
    }

    /// <summary>The innermost scope that holds the block, or null.</summary>
    public static ExpressionExecutionContext? FindContextContainingBlock(this ExpressionExecutionContext context, string blockId) =>
        context.FindParent(scope => scope.Memory.HasBlock(blockId));

    /// <summary>This scope or the nearest enclosing one that fits, or null.</summary>
    public static ExpressionExecutionContext? FindParent(this ExpressionExecutionContext context, Func<ExpressionExecutionContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var scope = context;
        while (scope is not null && !predicate(scope))
        {
            scope = scope.ParentContext;
        }

        return scope;
    }

    /// <summary>Reads a variable by name, from the innermost scope outwards; null where none declares it.</summary>
    public static object? GetVariableInScope(this ExpressionExecutionContext context, string variableName) =>
        ExpressionScope.FindVariable(context, variableName) is { } variable ? context.Get(variable) : null;

    /// <summary>The names of the variables the expression sees.</summary>
    public static IEnumerable<string> GetVariableNamesInScope(this ExpressionExecutionContext context) =>
        ExpressionScope.Variables(context).Select(variable => variable.Name).Where(name => name.Length > 0);

    /// <summary>The variables the expression sees; an inner one hides an outer one of the same name.</summary>
    public static IEnumerable<Variable> GetVariablesInScope(this ExpressionExecutionContext context) => ExpressionScope.Variables(context);

    /// <summary>The variables the expression sees, from the innermost scope outwards.</summary>
    public static IEnumerable<Variable> EnumerateVariablesInScope(this ExpressionExecutionContext context) => ExpressionScope.Variables(context);

    /// <summary>Writes a variable by name, converted to its type.</summary>
    /// <exception cref="InvalidOperationException">No scope declares it.</exception>
    public static void SetVariableInScope(this ExpressionExecutionContext context, string variableName, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        var variable = ExpressionScope.FindVariable(context, variableName)
            ?? throw new InvalidOperationException($"No scope of this activity declares the variable '{variableName}'; add it to the workflow's variables.");
        context.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType));
    }

    /// <summary>Reads an input of the workflow.</summary>
    public static T? GetInput<T>(this ExpressionExecutionContext context, InputDefinition inputDefinition)
    {
        ArgumentNullException.ThrowIfNull(inputDefinition);
        return context.GetInput<T>(inputDefinition.Name);
    }

    /// <summary>Reads an input of the workflow, or of the stimulus that is being handled; the type's default where there is none.</summary>
    public static T? GetInput<T>(this ExpressionExecutionContext context, string name) => ObjectConverter.ConvertTo<T>(context.GetInput(name));

    /// <summary>Reads an input of the workflow, or of the stimulus that is being handled; null where there is none.</summary>
    public static object? GetInput(this ExpressionExecutionContext context, string name)
    {
        if (ExpressionScope.Activity(context) is { } activity)
        {
            return activity.WorkflowInput.TryGetValue(name, out var value) ? value : null;
        }

        return Find(context, InputKey) is IDictionary<string, object> input && input.TryGetValue(name, out var given) ? given : null;
    }

    /// <summary>Reads the last value of an activity's output; null where it has none.</summary>
    /// <param name="context">What the expression sees.</param>
    /// <param name="activityIdOrName">The activity.</param>
    /// <param name="outputName">The output; null means the result.</param>
    public static object? GetOutput(this ExpressionExecutionContext context, string activityIdOrName, string? outputName = null) =>
        context.TryGetWorkflowExecutionContext(out var workflow) && workflow.WorkflowGraph.FindActivityByIdOrName(activityIdOrName) is { } activity
            ? workflow.Outputs.Find(activity.Id, outputName)
            : null;

    /// <summary>The result of the activity that last put something out.</summary>
    public static object? GetLastResult(this ExpressionExecutionContext context) =>
        context.TryGetWorkflowExecutionContext(out var workflow) && workflow.Outputs.LastActivityId is { } id ? workflow.Outputs.Find(id) : null;

    internal static Workflow? FindWorkflow(this ExpressionExecutionContext context) =>
        context.TryGetWorkflowExecutionContext(out var workflow) ? workflow.Workflow : Find(context, WorkflowKey) as Workflow;

    private static object? Find(ExpressionExecutionContext context, object key)
    {
        for (var scope = context; scope is not null; scope = scope.ParentContext)
        {
            if (scope.TransientProperties.TryGetValue(key, out var found))
            {
                return found;
            }
        }

        return null;
    }
}
