using System.Text.Json.Serialization;
using Elsa.Workflows;
using Elsa.Workflows.Management.Filters;
using Elsa.Workflows.Management.Models;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>What instances are ordered by, in Elsa's words.</summary>
internal enum InstanceOrderBy
{
    Created,
    LastExecuted,
    Finished,
    Name,
    UpdatedAt,
}

/// <summary>Up or down.</summary>
internal enum InstanceOrderDirection
{
    Ascending,
    Descending,
}

/// <summary>A condition on an instant.</summary>
internal sealed record InstantQuery(string? Column, TimestampFilterOperator Operator, DateTimeOffset Timestamp);

/// <summary>Which instances to list. What is null, empty or an empty list is no condition.</summary>
internal sealed record InstanceQuery
{
    private const int UsualPageSize = 100;
    private const int MostValues = 5000;

    public int? Page { get; init; }

    public int? PageSize { get; init; }

    public string? SearchTerm { get; init; }

    public IReadOnlyList<string>? Ids { get; init; }

    public string? DefinitionId { get; init; }

    public IReadOnlyList<string>? DefinitionIds { get; init; }

    public string? DefinitionVersionId { get; init; }

    public string? CorrelationId { get; init; }

    public string? ParentWorkflowInstanceId { get; init; }

    public int? Version { get; init; }

    public bool? HasIncidents { get; init; }

    public bool? IsSystem { get; init; }

    public bool? IsExecuting { get; init; }

    public WorkflowStatus? Status { get; init; }

    public IReadOnlyList<WorkflowStatus>? Statuses { get; init; }

    public WorkflowSubStatus? SubStatus { get; init; }

    public IReadOnlyList<WorkflowSubStatus>? SubStatuses { get; init; }

    public InstanceOrderBy? OrderBy { get; init; }

    public InstanceOrderDirection? OrderDirection { get; init; }

    public IReadOnlyList<InstantQuery?>? TimestampFilters { get; init; }

    /// <summary>How many to leave out.</summary>
    [JsonIgnore]
    public int Skip => (int)Math.Min(int.MaxValue, (long)(Page ?? 0) * Take);

    /// <summary>How many to return at most.</summary>
    [JsonIgnore]
    public int Take => PageSize ?? UsualPageSize;

    /// <summary>In what order: newest first where nothing is said.</summary>
    [JsonIgnore]
    public InstanceOrder Order => new(
        OrderBy switch
        {
            InstanceOrderBy.LastExecuted or InstanceOrderBy.UpdatedAt => InstanceColumn.UpdatedAt,
            InstanceOrderBy.Finished => InstanceColumn.FinishedAt,
            InstanceOrderBy.Name => InstanceColumn.Name,
            _ => InstanceColumn.CreatedAt,
        },
        OrderDirection is not InstanceOrderDirection.Ascending);

    /// <summary>Reads a query string.</summary>
    /// <exception cref="BadRestRequestException">An argument can not be read.</exception>
    public static InstanceQuery Of(HttpRequest request) => new()
    {
        Page = request.Number("page"),
        PageSize = request.Number("pageSize"),
        SearchTerm = request.Text("searchTerm"),
        Ids = request.Texts("ids"),
        DefinitionId = request.Text("definitionId"),
        DefinitionIds = request.Texts("definitionIds"),
        DefinitionVersionId = request.Text("definitionVersionId"),
        CorrelationId = request.Text("correlationId"),
        ParentWorkflowInstanceId = request.Text("parentWorkflowInstanceId"),
        Version = request.Number("version"),
        HasIncidents = request.Flag("hasIncidents"),
        IsSystem = request.Flag("isSystem"),
        IsExecuting = request.Flag("isExecuting"),
        Status = request.Choice<WorkflowStatus>("status"),
        Statuses = request.Choices<WorkflowStatus>("statuses"),
        SubStatus = request.Choice<WorkflowSubStatus>("subStatus"),
        SubStatuses = request.Choices<WorkflowSubStatus>("subStatuses"),
        OrderBy = request.Choice<InstanceOrderBy>("orderBy"),
        OrderDirection = request.Choice<InstanceOrderDirection>("orderDirection"),
    };

    /// <summary>The conditions as the store knows them; null when they contradict each other, so that nothing is found.</summary>
    /// <exception cref="BadRestRequestException">A value can not be used.</exception>
    public InstanceFilter? ToFilter()
    {
        if (Page < 0 || PageSize < 0)
        {
            throw new BadRestRequestException(Page < 0 ? "page" : "pageSize", "Pages and their size are counted from 0.");
        }

        if (Ids?.Count > MostValues || DefinitionIds?.Count > MostValues)
        {
            throw new BadRestRequestException(Ids?.Count > MostValues ? "ids" : "definitionIds", $"At most {MostValues} are looked for at once.");
        }

        return new WorkflowInstanceFilter
        {
            Ids = Some(Ids),
            SearchTerm = SearchTerm,
            DefinitionId = Some(DefinitionId),
            DefinitionIds = Some(DefinitionIds),
            DefinitionVersionId = Some(DefinitionVersionId),
            CorrelationId = Some(CorrelationId),
            ParentWorkflowInstanceIds = Some(ParentWorkflowInstanceId) is { } parent ? [parent] : null,
            Version = Version,
            HasIncidents = HasIncidents,
            IsSystem = IsSystem,
            IsExecuting = IsExecuting,
            WorkflowStatus = Status,
            WorkflowStatuses = Some(Statuses),
            WorkflowSubStatus = SubStatus,
            WorkflowSubStatuses = Some(SubStatuses),
            TimestampFilters = [.. (TimestampFilters ?? []).OfType<InstantQuery>().Select(Instant)],
        }.ToStored();
    }

    private static TimestampFilter Instant(InstantQuery query) =>
        !WorkflowInstanceFilter.TryNormalizeTimestampFilterColumn(query.Column, out var column, out var error) ? throw new BadRestRequestException("timestampFilters", error!)
        : !Enum.IsDefined(query.Operator) ? throw new BadRestRequestException("timestampFilters", $"'{query.Operator}' compares nothing.")
        : new TimestampFilter { Column = column!, Operator = query.Operator, Timestamp = query.Timestamp };

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static T[]? Some<T>(IReadOnlyList<T>? values) => values is { Count: > 0 } ? [.. values.Where(value => value is not null)] : null;
}
