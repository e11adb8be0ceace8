using System.Linq.Expressions;
using Elsa.Common.Entities;
using Elsa.Workflows.Management.Entities;
using Elsa.Workflows.Management.Models;
using SpeElsa.Engine.Storage;

namespace Elsa.Workflows.Management.Filters;

/// <summary>Which instances to find. Every condition that is given must hold; null or an empty list is no condition.</summary>
public class WorkflowInstanceFilter
{
    /// <summary>The instants that <see cref="TimestampFilters"/> may name.</summary>
    public static IReadOnlyCollection<string> AllowedTimestampFilterColumns { get; } = Enum.GetNames<InstanceTimestamp>();

    /// <summary>The instance.</summary>
    public string? Id { get; set; }

    /// <summary>These instances.</summary>
    public ICollection<string>? Ids { get; set; }

    /// <summary>Part of the name, the correlation id, the id or the definition's id.</summary>
    public string? SearchTerm { get; set; }

    /// <summary>With this name.</summary>
    public string? Name { get; set; }

    /// <summary>With these names.</summary>
    public ICollection<string>? Names { get; set; }

    /// <summary>Of the definition.</summary>
    public string? DefinitionId { get; set; }

    /// <summary>Bound to the version.</summary>
    public string? DefinitionVersionId { get; set; }

    /// <summary>Of these definitions.</summary>
    public ICollection<string>? DefinitionIds { get; set; }

    /// <summary>Bound to these versions.</summary>
    public ICollection<string>? DefinitionVersionIds { get; set; }

    /// <summary>Bound to a version with this number.</summary>
    public int? Version { get; set; }

    /// <summary>Started by these instances.</summary>
    public ICollection<string>? ParentWorkflowInstanceIds { get; set; }

    /// <summary>With this correlation id.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>With these correlation ids.</summary>
    public ICollection<string>? CorrelationIds { get; set; }

    /// <summary>Ended or not.</summary>
    public WorkflowStatus? WorkflowStatus { get; set; }

    /// <summary>Ended or not.</summary>
    public ICollection<WorkflowStatus>? WorkflowStatuses { get; set; }

    /// <summary>How it stands.</summary>
    public WorkflowSubStatus? WorkflowSubStatus { get; set; }

    /// <summary>How they stand.</summary>
    public ICollection<WorkflowSubStatus>? WorkflowSubStatuses { get; set; }

    /// <summary>In a burst or not.</summary>
    public bool? IsExecuting { get; set; }

    /// <summary>With or without incidents.</summary>
    public bool? HasIncidents { get; set; }

    /// <summary>Part of the machinery or not.</summary>
    public bool? IsSystem { get; set; }

    /// <summary>Last changed before this instant.</summary>
    public DateTimeOffset? BeforeLastUpdated { get; set; }

    /// <summary>When things happened.</summary>
    public ICollection<TimestampFilter>? TimestampFilters { get; set; }

    /// <summary>Says what is wrong with conditions that came from outside.</summary>
    /// <returns>One sentence for each that names no instant; empty when all are right.</returns>
    public static IEnumerable<string> ValidateTimestampFilters(IEnumerable<TimestampFilter>? timestampFilters)
    {
        foreach (var filter in timestampFilters ?? [])
        {
            if (!TryNormalizeTimestampFilterColumn(filter.Column, out _, out var error))
            {
                yield return error!;
            }
        }
    }

    /// <summary>Finds the instant that a name means.</summary>
    /// <param name="column">The name; letter case does not matter.</param>
    /// <param name="normalizedColumn">The name as <see cref="AllowedTimestampFilterColumns"/> has it.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>Whether it means one.</returns>
    public static bool TryNormalizeTimestampFilterColumn(string? column, out string? normalizedColumn, out string? error)
    {
        normalizedColumn = AllowedTimestampFilterColumns.FirstOrDefault(name => string.Equals(name, column?.Trim(), StringComparison.OrdinalIgnoreCase));
        error = normalizedColumn is null ? $"'{column}' is no instant of an instance. Use {string.Join(", ", AllowedTimestampFilterColumns)}." : null;
        return normalizedColumn is not null;
    }

    /// <summary>The filter as the store knows it; null when its conditions contradict each other, so that it finds nothing.</summary>
    /// <exception cref="ArgumentException">A timestamp filter names no instant.</exception>
    internal InstanceFilter? ToStored()
    {
        var ids = Sets.Meet(Id, Ids, null);
        var names = Sets.Meet(Name, Names, null);
        var definitionIds = Sets.Meet(DefinitionId, DefinitionIds, null);
        var versionIds = Sets.Meet(DefinitionVersionId, DefinitionVersionIds, null);
        var correlationIds = Sets.Meet(CorrelationId, CorrelationIds, null);
        return ids is null || names is null || definitionIds is null || versionIds is null || correlationIds is null
            ? null
            : new InstanceFilter
            {
                Ids = ids,
                Names = names,
                DefinitionIds = definitionIds,
                VersionIds = versionIds,
                CorrelationIds = correlationIds,
                ParentIds = [.. ParentWorkflowInstanceIds ?? []],
                Version = Version,
                Statuses = WorkflowStatus is { } status ? [status] : [.. WorkflowStatuses ?? []],
                SubStatuses = WorkflowSubStatus is { } subStatus ? [subStatus] : [.. WorkflowSubStatuses ?? []],
                IsExecuting = IsExecuting,
                HasIncidents = HasIncidents,
                IsSystem = IsSystem,
                SearchTerm = SearchTerm,
                Timestamps = [.. Conditions()],
            };
    }

    private IEnumerable<TimestampCondition> Conditions()
    {
        if (BeforeLastUpdated is { } before)
        {
            yield return new TimestampCondition(InstanceTimestamp.UpdatedAt, TimestampComparison.LessThan, before);
        }

        foreach (var filter in TimestampFilters ?? [])
        {
            yield return TryNormalizeTimestampFilterColumn(filter.Column, out var column, out var error)
                ? new TimestampCondition(Enum.Parse<InstanceTimestamp>(column!), Enum.Parse<TimestampComparison>(filter.Operator.ToString()), filter.Timestamp)
                : throw new ArgumentException(error);
        }
    }
}

/// <summary>An order of instances.</summary>
public class WorkflowInstanceOrder<TProp> : OrderDefinition<WorkflowInstance, TProp>
{
    /// <summary>Makes an order; set its members afterwards.</summary>
    public WorkflowInstanceOrder()
    {
    }

    /// <summary>Makes an order by name or an instant.</summary>
    public WorkflowInstanceOrder(Expression<Func<WorkflowInstance, TProp>> keySelector, OrderDirection direction)
        : base(keySelector, direction)
    {
    }

    internal InstanceOrder ToStored() => new(Column<InstanceColumn>(), Direction is OrderDirection.Descending);
}
