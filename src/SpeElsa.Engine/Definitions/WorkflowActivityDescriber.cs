using Elsa.Workflows.Activities;
using Elsa.Workflows.Management.Activities.WorkflowDefinitionActivity;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;

namespace SpeElsa.Engine.Definitions;

/// <summary>Describes a workflow as an activity type: its name in Pascal case, its version, its inputs, outputs and outcomes.</summary>
internal static class WorkflowActivityDescriber
{
    public static ActivityDescriptor Describe(Workflow workflow, bool isBrowsable)
    {
        var title = workflow.WorkflowMetadata.Name ?? workflow.Identity.DefinitionId;
        var name = ActivityTypeNames.Pascalize(title);
        return new ActivityDescriptor
        {
            TenantId = workflow.Identity.TenantId,
            TypeName = name,
            Name = name,
            Namespace = "",
            ClrType = typeof(WorkflowDefinitionActivity),
            Version = workflow.Identity.Version,
            DisplayName = title,
            Description = workflow.WorkflowMetadata.Description,
            Category = string.IsNullOrWhiteSpace(workflow.Options.ActivityCategory) ? "Workflows" : workflow.Options.ActivityCategory,
            IsBrowsable = isBrowsable,
            Inputs = [.. workflow.Inputs.Select(DescribeInput)],
            Outputs = [.. workflow.Outputs.Select(DescribeOutput)],
            Ports =
            [
                new Port { Name = "Root", DisplayName = "Root", IsBrowsable = false },
                .. workflow.Outcomes.Select(outcome => new Port { Name = outcome, DisplayName = outcome, Type = PortType.Flow }),
            ],
            CustomProperties = new Dictionary<string, object>
            {
                ["RootType"] = nameof(WorkflowDefinitionActivity),
                ["WorkflowDefinitionId"] = workflow.Identity.DefinitionId,
                ["WorkflowDefinitionVersionId"] = workflow.Identity.Id,
            },
            ConstructionProperties = new Dictionary<string, object>
            {
                ["WorkflowDefinitionId"] = workflow.Identity.DefinitionId,
                ["WorkflowDefinitionVersionId"] = workflow.Identity.Id,
                ["Version"] = workflow.Identity.Version,
            },
        };
    }

    private static InputDescriptor DescribeInput(InputDefinition input) => new()
    {
        Name = input.Name,
        DisplayName = input.DisplayName.Length > 0 ? input.DisplayName : input.Name,
        Description = input.Description,
        Category = input.Category,
        Type = input.Type,
        UIHint = input.UIHint.Length > 0 ? input.UIHint : InputUIHints.SingleLine,
        StorageDriverType = input.StorageDriverType,
        IsSynthetic = true,
        ValueGetter = activity => activity.SyntheticProperties.TryGetValue(input.Name, out var value) ? value : null,
        ValueSetter = (activity, value) => activity.SyntheticProperties[input.Name] = value!,
    };

    private static OutputDescriptor DescribeOutput(OutputDefinition output) => new()
    {
        Name = output.Name,
        DisplayName = output.DisplayName.Length > 0 ? output.DisplayName : output.Name,
        Description = output.Description,
        Type = output.Type,
        IsSynthetic = true,
        ValueGetter = activity => activity.SyntheticProperties.TryGetValue(output.Name, out var value) ? value : null,
        ValueSetter = (activity, value) => activity.SyntheticProperties[output.Name] = value!,
    };
}
