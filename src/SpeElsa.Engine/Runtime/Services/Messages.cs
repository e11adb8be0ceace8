using Elsa.Workflows.Models;

namespace Elsa.Workflows.Runtime.Messages;

/// <summary>Makes an instance without running it.</summary>
public class CreateWorkflowInstanceRequest
{
    /// <summary>Of which workflow.</summary>
    public WorkflowDefinitionHandle WorkflowDefinitionHandle { get; set; } = new();

    /// <summary>What outside thing it is about.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>A name for people.</summary>
    public string? Name { get; set; }

    /// <summary>Its input.</summary>
    public IDictionary<string, object?>? Input { get; set; }

    /// <summary>Facts about it.</summary>
    public IDictionary<string, object?>? Properties { get; set; }

    /// <summary>The instance that starts it.</summary>
    public string? ParentId { get; set; }
}

/// <summary>The instance was made.</summary>
public class CreateWorkflowInstanceResponse;

/// <summary>Lets an instance run until it waits or ends.</summary>
public class RunWorkflowInstanceRequest
{
    /// <summary>The activity whose stimulus starts it.</summary>
    public string? TriggerActivityId { get; set; }

    /// <summary>The bookmark to go on at; null starts the instance.</summary>
    public string? BookmarkId { get; set; }

    /// <summary>Input.</summary>
    public IDictionary<string, object?>? Input { get; set; }

    /// <summary>Values for variables of the workflow, by name; at the start only.</summary>
    public IDictionary<string, object?>? Variables { get; set; }

    /// <summary>Facts about it; at the start only.</summary>
    public IDictionary<string, object?>? Properties { get; set; }

    /// <summary>Whether the response has the workflow's output. Default false.</summary>
    public bool IncludeWorkflowOutput { get; set; }

    /// <summary>Asks for nothing in particular.</summary>
    public static RunWorkflowInstanceRequest Empty => new();
}

/// <summary>Makes an instance and lets it run until it waits or ends.</summary>
public class CreateAndRunWorkflowInstanceRequest : CreateWorkflowInstanceRequest
{
    /// <summary>The activity whose stimulus starts it.</summary>
    public string? TriggerActivityId { get; set; }

    /// <summary>Values for variables of the workflow, by name.</summary>
    public IDictionary<string, object?>? Variables { get; set; }

    /// <summary>Whether the response has the workflow's output. Default false.</summary>
    public bool IncludeWorkflowOutput { get; set; }
}

/// <summary>How an instance stands.</summary>
public class RunWorkflowInstanceResponse
{
    /// <summary>The instance.</summary>
    public string WorkflowInstanceId { get; set; } = "";

    /// <summary>Whether it has ended.</summary>
    public WorkflowStatus Status { get; set; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus SubStatus { get; set; }

    /// <summary>What it waits on.</summary>
    public ICollection<Bookmark> Bookmarks { get; set; } = [];

    /// <summary>What went wrong.</summary>
    public ICollection<ActivityIncident> Incidents { get; set; } = [];

    /// <summary>Its output, where it was asked for.</summary>
    public IDictionary<string, object?>? Output { get; set; }
}
