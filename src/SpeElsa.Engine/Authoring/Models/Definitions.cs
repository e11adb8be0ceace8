namespace Elsa.Workflows.Models;

/// <summary>Describes an input or output of a workflow.</summary>
public abstract class ArgumentDefinition
{
    /// <summary>The type of the value.</summary>
    public Type Type { get; set; } = typeof(object);

    /// <summary>The name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its name in the designer.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>What it is.</summary>
    public string Description { get; set; } = "";

    /// <summary>The designer's tab.</summary>
    public string Category { get; set; } = "";
}

/// <summary>An input of a workflow.</summary>
public class InputDefinition : ArgumentDefinition
{
    /// <summary>Which editor the designer shows.</summary>
    public string UIHint { get; set; } = "";

    /// <summary>Which driver stores the value.</summary>
    public Type? StorageDriverType { get; set; }
}

/// <summary>An output of a workflow.</summary>
public class OutputDefinition : ArgumentDefinition;

/// <summary>Which version of which definition a workflow is.</summary>
public record WorkflowIdentity(string DefinitionId, int Version, string Id, string? TenantId = null)
{
    /// <summary>Version 1 of a definition that has no name yet.</summary>
    public static WorkflowIdentity VersionOne => new("1", 1, "1");
}

/// <summary>What people see of a workflow.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="CreatedAt">When this version was made; the default value means that nobody said.</param>
/// <param name="ToolVersion">Version of the tool that wrote it.</param>
public record WorkflowMetadata(string? Name = null, string? Description = null, DateTimeOffset CreatedAt = default, Version? ToolVersion = null);

/// <summary>Whether a version is the newest, and whether new instances are bound to it.</summary>
public record WorkflowPublication(bool IsLatest, bool IsPublished)
{
    /// <summary>The newest version, and published.</summary>
    public static WorkflowPublication LatestAndPublished => new(true, true);

    /// <summary>The newest version, not yet published.</summary>
    public static WorkflowPublication LatestDraft => new(true, false);

    /// <summary>Neither.</summary>
    public static WorkflowPublication Draft => new(false, false);
}

/// <summary>Options of a workflow.</summary>
public class WorkflowOptions
{
    /// <summary>Decides whether a trigger may start another instance; stored name.</summary>
    public string? ActivationStrategyType { get; set; }

    /// <summary>Whether other workflows may use it as an activity.</summary>
    public bool? UsableAsActivity { get; set; }

    /// <summary>Whether consumers follow a new version.</summary>
    public bool AutoUpdateConsumingWorkflows { get; set; }

    /// <summary>Where the designer lists it as an activity.</summary>
    public string? ActivityCategory { get; set; }

    /// <summary>What a fault does to the instance; stored name. Null: the instance ends as Faulted.</summary>
    public string? IncidentStrategyType { get; set; }

    /// <summary>When the state is saved; ignored here, where every effect is committed.</summary>
    public string? CommitStrategyName { get; set; }
}

/// <summary>A fault, or another thing that went wrong in a run.</summary>
public class ActivityIncident
{
    /// <summary>The activity.</summary>
    public string ActivityId { get; set; } = "";

    /// <summary>The node.</summary>
    public string ActivityNodeId { get; set; } = "";

    /// <summary>The execution.</summary>
    public string ActivityInstanceId { get; set; } = "";

    /// <summary>The activity's type.</summary>
    public string ActivityType { get; set; } = "";

    /// <summary>What went wrong.</summary>
    public string Message { get; set; } = "";

    /// <summary>What was thrown.</summary>
    public State.ExceptionState? Exception { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset Timestamp { get; set; }
}
