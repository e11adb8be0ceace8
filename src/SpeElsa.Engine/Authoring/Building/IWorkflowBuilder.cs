using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Workflows;

/// <summary>Gathers what a workflow consists of.</summary>
public interface IWorkflowBuilder
{
    /// <summary>The definition. Default: the name of the class.</summary>
    string? DefinitionId { get; set; }

    /// <summary>The version's id. Default: one that follows from definition and version.</summary>
    string? Id { get; set; }

    /// <summary>Whose it is.</summary>
    string? TenantId { get; set; }

    /// <summary>The version's number. Default 1. Content that changed under the same number is stored under the next free one.</summary>
    int Version { get; set; }

    /// <summary>A name for people. Default: the name of the class, in words.</summary>
    string? Name { get; set; }

    /// <summary>What it does.</summary>
    string? Description { get; set; }

    /// <summary>Whether the designer may not change it.</summary>
    bool IsReadonly { get; set; }

    /// <summary>Whether it belongs to the program and is left out of lists.</summary>
    bool IsSystem { get; set; }

    /// <summary>Its options.</summary>
    WorkflowOptions WorkflowOptions { get; }

    /// <summary>What runs: any activity.</summary>
    IActivity? Root { get; set; }

    /// <summary>Its variables.</summary>
    ICollection<Variable> Variables { get; set; }

    /// <summary>Its inputs.</summary>
    ICollection<InputDefinition> Inputs { get; set; }

    /// <summary>Its outputs.</summary>
    ICollection<OutputDefinition> Outputs { get; set; }

    /// <summary>Its outcomes when used as an activity.</summary>
    ICollection<string> Outcomes { get; set; }

    /// <summary>Holds what the run results in.</summary>
    Variable? Result { get; set; }

    /// <summary>Settings beside its content.</summary>
    IDictionary<string, object> CustomProperties { get; }

    /// <summary>Sets the definition's id.</summary>
    IWorkflowBuilder WithDefinitionId(string definitionId);

    /// <summary>Sets the version's id.</summary>
    IWorkflowBuilder WithId(string id);

    /// <summary>Sets whose it is.</summary>
    IWorkflowBuilder WithTenantId(string tenantId);

    /// <summary>Declares a variable.</summary>
    Variable<T> WithVariable<T>(string name, T value);

    /// <summary>Declares a variable.</summary>
    IWorkflowBuilder WithVariable<T>(Variable<T> variable);

    /// <summary>Declares a variable.</summary>
    IWorkflowBuilder WithVariable(Variable variable);

    /// <summary>Declares variables.</summary>
    IWorkflowBuilder WithVariables(params Variable[] variables);

    /// <summary>Declares an input.</summary>
    InputDefinition WithInput<T>(string name, string? description = null);

    /// <summary>Declares an input.</summary>
    InputDefinition WithInput(string name, Type type, string? description = null);

    /// <summary>Declares an input.</summary>
    InputDefinition WithInput(string name, Type type, Action<InputDefinition>? setup = null);

    /// <summary>Declares an input.</summary>
    InputDefinition WithInput(Action<InputDefinition> setup);

    /// <summary>Declares an input.</summary>
    IWorkflowBuilder WithInput(InputDefinition inputDefinition);

    /// <summary>Declares an output.</summary>
    OutputDefinition WithOutput<T>(string name, string? description = null);

    /// <summary>Declares an output.</summary>
    OutputDefinition WithOutput(string name, Type type, string? description = null);

    /// <summary>Declares an output.</summary>
    OutputDefinition WithOutput(string name, Type type, Action<OutputDefinition>? setup = null);

    /// <summary>Declares an output.</summary>
    OutputDefinition WithOutput(Action<OutputDefinition> setup);

    /// <summary>Declares an output.</summary>
    OutputDefinition WithOutput(OutputDefinition outputDefinition);

    /// <summary>Sets a setting beside its content.</summary>
    IWorkflowBuilder WithCustomProperty(string name, object value);

    /// <summary>Chooses what decides whether a trigger may start another instance; stored under the short name of the class.</summary>
    IWorkflowBuilder WithActivationStrategyType<T>();

    /// <summary>Forbids the designer to change it.</summary>
    IWorkflowBuilder AsReadonly();

    /// <summary>Leaves it out of lists.</summary>
    IWorkflowBuilder AsSystemWorkflow();

    /// <summary>Makes the workflow from what was gathered. Activities without an id get one from their place.</summary>
    Task<Workflow> BuildWorkflowAsync(CancellationToken cancellationToken = default);

    /// <summary>Lets a class gather, then makes the workflow.</summary>
    Task<Workflow> BuildWorkflowAsync(IWorkflow workflowDefinition, CancellationToken cancellationToken = default);
}

/// <summary>Makes builders.</summary>
public interface IWorkflowBuilderFactory
{
    /// <summary>Makes an empty builder.</summary>
    IWorkflowBuilder CreateBuilder();
}
