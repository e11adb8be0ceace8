using Elsa.Common.Models;

namespace Elsa.Workflows.Models;

/// <summary>Names a version of a definition: by its id, or by the definition and which version of it is meant.</summary>
public class WorkflowDefinitionHandle
{
    /// <summary>The definition.</summary>
    public string? DefinitionId { get; set; }

    /// <summary>Which version of it. Default: the published one.</summary>
    public VersionOptions? VersionOptions { get; set; }

    /// <summary>The version; goes before the others.</summary>
    public string? DefinitionVersionId { get; set; }

    /// <summary>Names a version by its definition.</summary>
    public static WorkflowDefinitionHandle ByDefinitionId(string definitionId, VersionOptions? versionOptions = null) =>
        new() { DefinitionId = definitionId, VersionOptions = versionOptions ?? Common.Models.VersionOptions.Published };

    /// <summary>Names a version by its id.</summary>
    public static WorkflowDefinitionHandle ByDefinitionVersionId(string definitionVersionId) => new() { DefinitionVersionId = definitionVersionId };
}
