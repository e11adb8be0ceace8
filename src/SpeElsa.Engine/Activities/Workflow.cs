using Elsa.Expressions.Models;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace Elsa.Workflows.Activities;

/// <summary>The outermost activity of every run.</summary>
[System.ComponentModel.Browsable(false)]
[Activity("Elsa", "Workflows", "A workflow")]
public class Workflow : Composite<object>, ICloneable
{
    /// <summary>Creates a workflow without a root.</summary>
    public Workflow() => Id = "Workflow1";

    /// <summary>Creates a workflow.</summary>
    public Workflow(IActivity root)
        : this() => Root = root;

    /// <summary>Creates a workflow with all that belongs to it.</summary>
    public Workflow(
        WorkflowIdentity identity,
        WorkflowPublication publication,
        WorkflowMetadata workflowMetadata,
        WorkflowOptions options,
        IActivity root,
        ICollection<Variable> variables,
        ICollection<InputDefinition> inputs,
        ICollection<OutputDefinition> outputs,
        ICollection<string> outcomes,
        IDictionary<string, object> customProperties,
        bool isReadonly,
        bool isSystem)
        : this(root)
    {
        Identity = identity;
        Publication = publication;
        WorkflowMetadata = workflowMetadata;
        Options = options;
        Variables = variables;
        Inputs = inputs;
        Outputs = outputs;
        Outcomes = outcomes;
        CustomProperties = customProperties;
        IsReadonly = isReadonly;
        IsSystem = isSystem;
    }

    /// <summary>Which version of which definition it is.</summary>
    public WorkflowIdentity Identity { get; set; } = WorkflowIdentity.VersionOne;

    /// <summary>Whether it is the newest version, and published. Default both.</summary>
    public WorkflowPublication Publication { get; set; } = WorkflowPublication.LatestAndPublished;

    /// <summary>What people see of it.</summary>
    public WorkflowMetadata WorkflowMetadata { get; set; } = new();

    /// <summary>Its inputs.</summary>
    public ICollection<InputDefinition> Inputs { get; set; } = [];

    /// <summary>Its outputs.</summary>
    public ICollection<OutputDefinition> Outputs { get; set; } = [];

    /// <summary>Its outcomes when used as an activity.</summary>
    public ICollection<string> Outcomes { get; set; } = [];

    /// <summary>Its options.</summary>
    public WorkflowOptions Options { get; set; } = new();

    /// <summary>Whether the designer may not change it.</summary>
    public bool IsReadonly { get; set; }

    /// <summary>Whether it belongs to the program and is left out of lists.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Wraps an activity.</summary>
    public static Workflow FromActivity(IActivity root) => root as Workflow ?? new Workflow(root);

    /// <summary>A register with the blocks of its variables.</summary>
    public MemoryRegister CreateRegister()
    {
        var register = new MemoryRegister();
        register.Declare(Variables);
        return register;
    }

    /// <summary>A copy that shares root, variables and definitions.</summary>
    public Workflow Clone() => (Workflow)MemberwiseClone();

    object ICloneable.Clone() => Clone();
}
