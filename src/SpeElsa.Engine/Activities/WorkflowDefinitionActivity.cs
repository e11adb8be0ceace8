using System.ComponentModel;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;

/// <summary>
/// Runs a version of another workflow inside the same instance. Its inputs are the inner workflow's inputs; what the inner workflow sets as its outputs
/// are its outputs. It stays on the version that the definition names.
/// </summary>
[Browsable(false)]
[JsonIgnoreCompositeRoot]
[Activity("Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity", "WorkflowDefinitionActivity", "Runs a version of another workflow")]
public class WorkflowDefinitionActivity : Activity, IBoundActivity
{
    /// <summary>The definition.</summary>
    public string WorkflowDefinitionId { get; set; } = "";

    /// <summary>The version that runs.</summary>
    public string WorkflowDefinitionVersionId { get; set; } = "";

    /// <summary>The newest published version the designer knew of.</summary>
    public int LatestAvailablePublishedVersion { get; set; }

    /// <summary>The id of the newest published version the designer knew of.</summary>
    public string? LatestAvailablePublishedVersionId { get; set; }

    /// <summary>The inner workflow.</summary>
    public IActivity? Root { get; set; }

    ActivityDescriptor? IBoundActivity.Descriptor => Descriptor;

    internal ActivityDescriptor? Descriptor { get; init; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Root is null)
        {
            throw new InvalidOperationException($"The version '{WorkflowDefinitionVersionId}' of the workflow '{WorkflowDefinitionId}' was not loaded; choose a published version.");
        }

        await context.ScheduleActivityAsync(Root, OnRootCompletedAsync);
    }

    private ValueTask OnRootCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync(context.Result);
}
