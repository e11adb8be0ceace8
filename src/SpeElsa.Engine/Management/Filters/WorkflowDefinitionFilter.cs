using System.Linq.Expressions;
using Elsa.Common.Entities;
using Elsa.Common.Models;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management.Filters;

/// <summary>Which versions of definitions to find. Every condition that is given must hold; null is no condition.</summary>
public class WorkflowDefinitionFilter
{
    /// <summary>The version.</summary>
    public string? Id { get; set; }

    /// <summary>These versions.</summary>
    public ICollection<string>? Ids { get; set; }

    /// <summary>Of the definition.</summary>
    public string? DefinitionId { get; set; }

    /// <summary>Of these definitions.</summary>
    public ICollection<string>? DefinitionIds { get; set; }

    /// <summary>Which versions of each definition.</summary>
    public VersionOptions? VersionOptions { get; set; }

    /// <summary>The version that is named so.</summary>
    public WorkflowDefinitionHandle? DefinitionHandle { get; set; }

    /// <summary>With this name.</summary>
    public string? Name { get; set; }

    /// <summary>Part of the name, the description or an id.</summary>
    public string? SearchTerm { get; set; }

    /// <summary>With these names.</summary>
    public ICollection<string>? Names { get; set; }

    /// <summary>Made by this materializer.</summary>
    public string? MaterializerName { get; set; }

    /// <summary>Usable as an activity or not.</summary>
    public bool? UsableAsActivity { get; set; }

    /// <summary>Part of the machinery or not.</summary>
    public bool? IsSystem { get; set; }

    /// <summary>Locked for the designer or not.</summary>
    public bool? IsReadonly { get; set; }

    /// <summary>The filter as the store knows it; null when its conditions contradict each other, so that it finds nothing.</summary>
    internal DefinitionFilter? ToStored()
    {
        var handle = DefinitionHandle;
        var versionIds = Sets.Meet(Id, Ids, handle?.DefinitionVersionId);
        var definitionIds = Sets.Meet(DefinitionId, DefinitionIds, handle?.DefinitionVersionId is null ? handle?.DefinitionId : null);
        var names = Sets.Meet(Name, Names, null);
        return versionIds is null || definitionIds is null || names is null
            ? null
            : new DefinitionFilter
            {
                VersionIds = versionIds,
                DefinitionIds = definitionIds,
                Names = names,
                VersionOptions = VersionOptions ?? HandledVersion(handle) ?? Common.Models.VersionOptions.All,
                SearchTerm = SearchTerm,
                MaterializerName = MaterializerName,
                UsableAsActivity = UsableAsActivity,
                IsSystem = IsSystem,
                IsReadonly = IsReadonly,
            };
    }

    private static VersionOptions? HandledVersion(WorkflowDefinitionHandle? handle) =>
        handle is null || handle.DefinitionVersionId is not null ? null : handle.VersionOptions ?? Common.Models.VersionOptions.Published;
}

/// <summary>An order of versions of definitions.</summary>
public class WorkflowDefinitionOrder<TProp> : OrderDefinition<WorkflowDefinition, TProp>
{
    /// <summary>Makes an order; set its members afterwards.</summary>
    public WorkflowDefinitionOrder()
    {
    }

    /// <summary>Makes an order by name, version or date.</summary>
    public WorkflowDefinitionOrder(Expression<Func<WorkflowDefinition, TProp>> keySelector, OrderDirection direction)
        : base(keySelector, direction)
    {
    }

    internal DefinitionOrder ToStored() => new(Column<DefinitionColumn>(), Direction is OrderDirection.Descending);
}

internal static class Sets
{
    /// <summary>What all the conditions allow; empty when there is none, null when nothing satisfies them all.</summary>
    public static IReadOnlyCollection<string>? Meet(string? one, ICollection<string>? many, string? other)
    {
        IReadOnlyCollection<string>[] given = [one is null ? [] : [one], many is null ? [] : [.. many], other is null ? [] : [other]];
        var conditions = given.Where(values => values.Count > 0).ToArray();
        if (conditions.Length == 0)
        {
            return [];
        }

        var met = conditions.Skip(1).Aggregate(conditions[0].AsEnumerable(), (values, next) => values.Intersect(next, StringComparer.Ordinal)).ToArray();
        return met.Length == 0 ? null : met;
    }
}
