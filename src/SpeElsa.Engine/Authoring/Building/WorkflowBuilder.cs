using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows;

/// <summary>Makes workflows from code. One builder makes one workflow.</summary>
internal sealed class WorkflowBuilder(ActivityRegistry registry) : IWorkflowBuilder
{
    public string? DefinitionId { get; set; }

    public string? Id { get; set; }

    public string? TenantId { get; set; }

    public int Version { get; set; } = 1;

    public string? Name { get; set; }

    public string? Description { get; set; }

    public bool IsReadonly { get; set; }

    public bool IsSystem { get; set; }

    public WorkflowOptions WorkflowOptions { get; } = new();

    public IActivity? Root { get; set; }

    public ICollection<Variable> Variables { get; set; } = [];

    public ICollection<InputDefinition> Inputs { get; set; } = [];

    public ICollection<OutputDefinition> Outputs { get; set; } = [];

    public ICollection<string> Outcomes { get; set; } = [];

    public Variable? Result { get; set; }

    public IDictionary<string, object> CustomProperties { get; } = new Dictionary<string, object>();

    public IWorkflowBuilder WithDefinitionId(string definitionId)
    {
        DefinitionId = definitionId;
        return this;
    }

    public IWorkflowBuilder WithId(string id)
    {
        Id = id;
        return this;
    }

    public IWorkflowBuilder WithTenantId(string tenantId)
    {
        TenantId = tenantId;
        return this;
    }

    public Variable<T> WithVariable<T>(string name, T value)
    {
        var variable = new Variable<T>(name, value);
        Variables.Add(variable);
        return variable;
    }

    public IWorkflowBuilder WithVariable<T>(Variable<T> variable) => WithVariable((Variable)variable);

    public IWorkflowBuilder WithVariable(Variable variable)
    {
        Variables.Add(variable);
        return this;
    }

    public IWorkflowBuilder WithVariables(params Variable[] variables)
    {
        foreach (var variable in variables)
        {
            Variables.Add(variable);
        }

        return this;
    }

    public InputDefinition WithInput<T>(string name, string? description = null) => WithInput(name, typeof(T), description);

    public InputDefinition WithInput(string name, Type type, string? description = null) =>
        WithInput(name, type, input => input.Description = description ?? "");

    public InputDefinition WithInput(string name, Type type, Action<InputDefinition>? setup = null) => WithInput(input =>
    {
        input.Name = input.DisplayName = name;
        input.Type = type;
        setup?.Invoke(input);
    });

    public InputDefinition WithInput(Action<InputDefinition> setup)
    {
        var input = new InputDefinition();
        setup(input);
        Inputs.Add(input);
        return input;
    }

    public IWorkflowBuilder WithInput(InputDefinition inputDefinition)
    {
        Inputs.Add(inputDefinition);
        return this;
    }

    public OutputDefinition WithOutput<T>(string name, string? description = null) => WithOutput(name, typeof(T), description);

    public OutputDefinition WithOutput(string name, Type type, string? description = null) =>
        WithOutput(name, type, output => output.Description = description ?? "");

    public OutputDefinition WithOutput(string name, Type type, Action<OutputDefinition>? setup = null) => WithOutput(output =>
    {
        output.Name = output.DisplayName = name;
        output.Type = type;
        setup?.Invoke(output);
    });

    public OutputDefinition WithOutput(Action<OutputDefinition> setup)
    {
        var output = new OutputDefinition();
        setup(output);
        return WithOutput(output);
    }

    public OutputDefinition WithOutput(OutputDefinition outputDefinition)
    {
        Outputs.Add(outputDefinition);
        return outputDefinition;
    }

    public IWorkflowBuilder WithCustomProperty(string name, object value)
    {
        CustomProperties[name] = value;
        return this;
    }

    public IWorkflowBuilder WithActivationStrategyType<T>()
    {
        WorkflowOptions.ActivationStrategyType = typeof(T).Name;
        return this;
    }

    public IWorkflowBuilder AsReadonly()
    {
        IsReadonly = true;
        return this;
    }

    public IWorkflowBuilder AsSystemWorkflow()
    {
        IsSystem = true;
        return this;
    }

    public Task<Workflow> BuildWorkflowAsync(CancellationToken cancellationToken = default)
    {
        var definitionId = DefinitionId ?? throw new InvalidDefinitionException("", ["It has no definition id; call WithDefinitionId"]);
        var root = Root ?? throw new InvalidDefinitionException(definitionId, ["It has no root activity; set builder.Root"]);
        var workflow = new Workflow(
            new WorkflowIdentity(definitionId, Version, Id ?? DefinitionVersionId.Of(definitionId, Version), TenantId),
            WorkflowPublication.LatestAndPublished,
            new WorkflowMetadata(Name ?? definitionId, Description),
            WorkflowOptions,
            root,
            Variables,
            Inputs,
            Outputs,
            Outcomes,
            CustomProperties,
            IsReadonly,
            IsSystem)
        {
            ResultVariable = Result,
        };
        new GraphBuilder(registry).Build(workflow);
        return Task.FromResult(workflow);
    }

    public async Task<Workflow> BuildWorkflowAsync(IWorkflow workflowDefinition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workflowDefinition);
        var className = workflowDefinition.GetType().Name;
        DefinitionId ??= className;
        await workflowDefinition.BuildAsync(this, cancellationToken);
        Name ??= ActivityTypeNames.Humanize(className);
        return await BuildWorkflowAsync(cancellationToken);
    }
}

/// <summary>Makes builders that know this host's activities.</summary>
internal sealed class WorkflowBuilderFactory(ActivityRegistry registry) : IWorkflowBuilderFactory
{
    public IWorkflowBuilder CreateBuilder() => new WorkflowBuilder(registry);
}
