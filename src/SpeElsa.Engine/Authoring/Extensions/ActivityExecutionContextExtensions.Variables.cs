using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Memory;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;

namespace Elsa.Extensions;

public static partial class ActivityExecutionContextExtensions
{
    /// <summary>Reads a variable by name, from the innermost scope outwards.</summary>
    public static T? GetVariable<T>(this ActivityExecutionContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ExpressionScope.FindVariable(context.ExpressionExecutionContext, name) is { } variable
            ? ObjectConverter.ConvertTo<T>(context.Get(variable))
            : default;
    }

    /// <summary>The values of all variables in reach, by name; an inner one hides an outer one.</summary>
    public static IDictionary<string, object?> GetVariableValues(this ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ExpressionScope.Variables(context.ExpressionExecutionContext).ToDictionary(variable => variable.Name, variable => context.Get(variable), StringComparer.Ordinal);
    }

    /// <summary>Declares a variable in the activity's own scope. It is stored with the instance.</summary>
    public static Variable CreateVariable(
        this ActivityExecutionContext context, string name, object? value, Type? storageDriverType = null, Action<MemoryBlock>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var variable = context.DynamicVariables.FirstOrDefault(candidate => candidate.Name == name);
        if (variable is null)
        {
            variable = new Variable(name, null, $"{context.Id}:{name}") { StorageDriverType = storageDriverType };
            context.DynamicVariables.Add(variable);
            context.ExpressionExecutionContext.Memory.Declare(variable);
        }

        context.Set(variable, value, configure);
        return variable;
    }

    /// <summary>Writes a variable by name; declares it in the activity's own scope where there is none.</summary>
    public static Variable SetVariable(this ActivityExecutionContext context, string name, object? value, Action<MemoryBlock>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (ExpressionScope.FindVariable(context.ExpressionExecutionContext, name) is not { } variable)
        {
            return context.CreateVariable(name, value, configure: configure);
        }

        context.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType), configure);
        return variable;
    }

    /// <summary>Writes a variable of the activity's own scope, declaring it there at first.</summary>
    public static Variable SetDynamicVariable<T>(this ActivityExecutionContext context, string name, T value, Action<MemoryBlock>? configure = null) =>
        context.CreateVariable(name, value, configure: configure);
}
