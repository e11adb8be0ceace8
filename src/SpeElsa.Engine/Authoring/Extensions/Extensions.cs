using Elsa.Scheduling.Bookmarks;
using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Extensions;

/// <summary>Reads inputs.</summary>
public static class InputExtensions
{
    /// <summary>Reads an input.</summary>
    public static T Get<T>(this Input<T> input, ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Get(input)!;
    }

    /// <summary>Reads an input, or the default where it is left empty.</summary>
    public static T? GetOrDefault<T>(this Input<T>? input, ActivityExecutionContext context, Func<T>? defaultValue = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var value = context.Get(input);
        return value is null && defaultValue is not null ? defaultValue() : value;
    }
}

/// <summary>Writes outputs.</summary>
public static class OutputExtensions
{
    /// <summary>Writes an output.</summary>
    public static void Set<T>(this Output<T>? output, ActivityExecutionContext context, T? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set(output, value);
    }
}

/// <summary>Works with variables.</summary>
public static class VariableExtensions
{
    /// <summary>Stores the variable with the instance; here every variable is.</summary>
    public static Variable<T> WithWorkflowStorage<T>(this Variable<T> variable) => variable;

    /// <summary>Elsa keeps such a variable in memory only; here it is stored too, since a wait may outlive the process.</summary>
    public static Variable<T> WithMemoryStorage<T>(this Variable<T> variable) => variable;

    /// <summary>Writes a variable.</summary>
    public static void Set(this Variable variable, ActivityExecutionContext context, object? value)
    {
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(context);
        context.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType));
    }
}

/// <summary>What an activity may ask beside the members of its context.</summary>
public static class ActivityExecutionContextExtensions
{
    /// <summary>Reads input of the run or of the stimulus that is being handled.</summary>
    public static T? GetWorkflowInput<T>(this ActivityExecutionContext context, string key)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.WorkflowInput.TryGetValue(key, out var value) ? ObjectConverter.ConvertTo<T>(value) : default;
    }

    /// <summary>Reads input of the run or of the stimulus that is being handled, where there is one of that name.</summary>
    public static bool TryGetWorkflowInput<T>(this ActivityExecutionContext context, string key, out T? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = context.WorkflowInput.TryGetValue(key, out var raw);
        value = found ? ObjectConverter.ConvertTo<T>(raw) : default;
        return found;
    }

    /// <summary>Reads a variable by name, from the innermost scope outwards.</summary>
    public static T? GetVariable<T>(this ActivityExecutionContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ExpressionScope.FindVariable(context.ExpressionExecutionContext, name) is { } variable
            ? ObjectConverter.ConvertTo<T>(context.Get(variable))
            : default;
    }

    /// <summary>Writes a variable by name; declares it in the activity's own scope where there is none.</summary>
    public static Variable SetVariable(this ActivityExecutionContext context, string name, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        var variable = ExpressionScope.FindVariable(context.ExpressionExecutionContext, name);
        if (variable is null)
        {
            variable = new Variable(name, null, $"{context.Id}:{name}");
            context.DynamicVariables.Add(variable);
            context.ExpressionExecutionContext.Memory.Declare(variable);
        }

        variable.Set(context, value);
        return variable;
    }

    /// <summary>Writes the activity's result.</summary>
    public static void SetResult(this ActivityExecutionContext context, object? value)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Set((context.Activity as IActivityWithResult)?.Result, value);
    }

    /// <summary>Goes on in the callback after a time span.</summary>
    public static void DelayFor(this ActivityExecutionContext context, TimeSpan delay, ExecuteActivityDelegate callback)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.DelayUntil(context.WorkflowExecutionContext.Now + delay, callback);
    }

    /// <summary>Goes on in the callback at a time.</summary>
    public static void DelayUntil(this ActivityExecutionContext context, DateTimeOffset resumeAt, ExecuteActivityDelegate callback)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = "Elsa.Delay",
            Stimulus = new DelayPayload(resumeAt),
            Callback = callback,
            IncludeActivityInstanceId = true,
        });
    }
}
