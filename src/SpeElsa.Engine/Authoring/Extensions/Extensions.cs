using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
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
