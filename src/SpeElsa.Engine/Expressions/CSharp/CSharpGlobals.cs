using System.Dynamic;
using Elsa.Expressions.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions.CSharp;

/// <summary>What a C# script sees.</summary>
public sealed class CSharpGlobals
{
    private readonly ScriptScope _scope;

    internal CSharpGlobals(ScriptScope scope)
    {
        _scope = scope;
        Variable = new VariableAccess(scope);
        Input = new InputAccess(scope);
        Output = new OutputAccess(scope);
        Arguments = new ArgumentAccess(scope);
    }

    /// <summary>The instance's id; null outside of a run.</summary>
    public string? WorkflowInstanceId => _scope.Run?.Id;

    /// <summary>The instance's name for people.</summary>
    public string? WorkflowInstanceName
    {
        get => _scope.Run?.Name;
        set => _scope.SetName(value);
    }

    /// <summary>The definition's id.</summary>
    public string? WorkflowDefinitionId => _scope.Identity?.DefinitionId;

    /// <summary>The id of the definition's version.</summary>
    public string? WorkflowDefinitionVersionId => _scope.Identity?.Id;

    /// <summary>The definition's version.</summary>
    public int? WorkflowDefinitionVersion => _scope.Identity?.Version;

    /// <summary>What outside thing the run is about.</summary>
    public string? CorrelationId
    {
        get => _scope.Run?.CorrelationId;
        set => _scope.SetCorrelationId(value);
    }

    /// <summary>The variables: Variable.Name reads and writes, as do Get and Set.</summary>
    public dynamic Variable { get; }

    /// <summary>The inputs of the workflow: Input.Name, or Get.</summary>
    public dynamic Input { get; }

    /// <summary>What activities put out: From and LastResult.</summary>
    public dynamic Output { get; }

    /// <summary>The arguments of this one evaluation: Arguments.Name, or Get.</summary>
    public dynamic Arguments { get; }

    /// <summary>The scopes and services the script may use.</summary>
    public ExpressionExecutionContext ExecutionContext => _scope.Context;

    /// <summary>Set when the process stops: a script that takes long should look at it.</summary>
    public CancellationToken CancellationToken => _scope.Context.CancellationToken;

    internal IReadOnlyList<string> Outcomes { get; private set; } = [];

    /// <summary>Chooses the outcome of a Run C# activity; elsewhere it has no effect.</summary>
    public void SetOutcome(string outcome) => Outcomes = [outcome];

    /// <summary>Chooses the outcomes of a Run C# activity; elsewhere it has no effect.</summary>
    public void SetOutcomes(params string[] outcomes) => Outcomes = [.. outcomes];
}

/// <summary>Named values a script reads by Name or by Get.</summary>
public abstract class NamedAccess : DynamicObject
{
    private protected NamedAccess()
    {
    }

    /// <summary>Reads a value; null where there is none.</summary>
    public abstract object? Get(string name);

    /// <summary>Reads a value; the type's default where there is none.</summary>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    public T? Get<T>(string name) => ObjectConverter.ConvertTo<T>(Get(name));

    /// <inheritdoc />
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        result = Get(binder.Name);
        return true;
    }
}

/// <summary>The variables a script sees.</summary>
public sealed class VariableAccess : NamedAccess
{
    private readonly ScriptScope _scope;

    internal VariableAccess(ScriptScope scope) => _scope = scope;

    /// <inheritdoc />
    public override object? Get(string name) => _scope.ReadVariable(name);

    /// <summary>Writes a variable.</summary>
    /// <exception cref="InvalidOperationException">No scope declares it.</exception>
    /// <exception cref="FormatException">The value is not of the variable's type.</exception>
    public void Set(string name, object? value) => _scope.WriteVariable(name, value);

    /// <inheritdoc />
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        return _scope.HasVariable(binder.Name)
            ? base.TryGetMember(binder, out result)
            : throw new InvalidOperationException($"No scope of this activity declares the variable '{binder.Name}'; add it to the workflow's variables.");
    }

    /// <inheritdoc />
    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        ArgumentNullException.ThrowIfNull(binder);
        Set(binder.Name, value);
        return true;
    }
}

/// <summary>The inputs a script sees.</summary>
public sealed class InputAccess : NamedAccess
{
    private readonly ScriptScope _scope;

    internal InputAccess(ScriptScope scope) => _scope = scope;

    /// <inheritdoc />
    public override object? Get(string name) => _scope.ReadInput(name);
}

/// <summary>The arguments of one evaluation.</summary>
public sealed class ArgumentAccess : NamedAccess
{
    private readonly ScriptScope _scope;

    internal ArgumentAccess(ScriptScope scope) => _scope = scope;

    /// <inheritdoc />
    public override object? Get(string name) => _scope.Arguments.TryGetValue(name, out var value) ? value : null;
}

/// <summary>What activities put out.</summary>
public sealed class OutputAccess
{
    private readonly ScriptScope _scope;

    internal OutputAccess(ScriptScope scope) => _scope = scope;

    /// <summary>The result of the activity that last put something out.</summary>
    public object? LastResult => _scope.ReadLastResult();

    /// <summary>Reads the last value of an activity's output; null where it has none.</summary>
    public object? From(string activityIdOrName, string? outputName = null) => _scope.ReadOutput(activityIdOrName, outputName);

    /// <summary>Reads the last value of an activity's output; the type's default where it has none.</summary>
    /// <exception cref="FormatException">The value can not be read as that type.</exception>
    public T? From<T>(string activityIdOrName, string? outputName = null) => ObjectConverter.ConvertTo<T>(From(activityIdOrName, outputName));
}
