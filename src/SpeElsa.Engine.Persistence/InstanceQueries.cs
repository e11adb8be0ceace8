using System.Linq.Expressions;
using Elsa.Workflows;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Filters and orders of instances as SQL.</summary>
internal static class InstanceQueries
{
    /// <summary>In a burst, or about to be in one; what has ended by a fault may be about to be retried.</summary>
    public static readonly Expression<Func<InstanceRow, bool>> IsExecuting =
        row => (row.Ready || (row.Owner != null && row.Status != WorkflowStatus.Finished)) && row.SetAside == null;

    private static readonly Expression<Func<InstanceRow, bool>> IsIdle =
        row => (!row.Ready && (row.Owner == null || row.Status == WorkflowStatus.Finished)) || row.SetAside != null;

    public static IQueryable<InstanceRow> Matching(this IQueryable<InstanceRow> query, InstanceFilter filter)
    {
        query = query
            .If(filter.Ids.Count > 0, row => filter.Ids.Contains(row.Id))
            .If(filter.DefinitionIds.Count > 0, row => filter.DefinitionIds.Contains(row.DefinitionId))
            .If(filter.ExceptDefinitionIds.Count > 0, row => !filter.ExceptDefinitionIds.Contains(row.DefinitionId))
            .If(filter.VersionIds.Count > 0, row => filter.VersionIds.Contains(row.DefinitionVersionId))
            .If(filter.Version is not null, row => row.DefinitionVersion == filter.Version)
            .If(filter.CorrelationIds.Count > 0, row => filter.CorrelationIds.Contains(row.CorrelationId))
            .If(filter.ParentIds.Count > 0, row => filter.ParentIds.Contains(row.ParentInstanceId))
            .If(filter.Names.Count > 0, row => filter.Names.Contains(row.Name))
            .If(filter.Statuses.Count > 0, row => filter.Statuses.Contains(row.Status))
            .If(filter.SubStatuses.Count > 0, row => filter.SubStatuses.Contains(row.SubStatus))
            .If(filter.HasIncidents is true, row => row.IncidentCount > 0)
            .If(filter.HasIncidents is false, row => row.IncidentCount == 0)
            .If(filter.IsExecuting is true, IsExecuting)
            .If(filter.IsExecuting is false, IsIdle)
            .If(filter.IsSystem is not null, row => row.IsSystem == filter.IsSystem);
        if (!string.IsNullOrEmpty(filter.SearchTerm))
        {
            var pattern = Like.Part(filter.SearchTerm);
            query = query.Where(row => EF.Functions.Like(row.Name, pattern, Like.Escape)
                || EF.Functions.Like(row.CorrelationId, pattern, Like.Escape)
                || EF.Functions.Like(row.Id, pattern, Like.Escape)
                || EF.Functions.Like(row.DefinitionId, pattern, Like.Escape));
        }

        return filter.Timestamps.Aggregate(query, (rows, condition) => rows.Where(Compare(condition)));
    }

    public static IOrderedQueryable<InstanceRow> InOrder(this IQueryable<InstanceRow> query, InstanceOrder order) => (order.Column switch
    {
        InstanceColumn.UpdatedAt => query.By(row => row.UpdatedAt, order.Descending),
        InstanceColumn.FinishedAt => query.By(row => row.FinishedAt, order.Descending),
        InstanceColumn.Name => query.By(row => row.Name, order.Descending),
        _ => query.By(row => row.CreatedAt, order.Descending),
    }).ThenBy(row => row.Id);

    /// <summary>The columns are named like the properties.</summary>
    private static Expression<Func<InstanceRow, bool>> Compare(TimestampCondition condition)
    {
        var row = Expression.Parameter(typeof(InstanceRow), "row");
        var column = Expression.Property(row, condition.Column.ToString());
        var comparison = condition.Comparison switch
        {
            TimestampComparison.IsNot => ExpressionType.NotEqual,
            TimestampComparison.LessThan => ExpressionType.LessThan,
            TimestampComparison.GreaterThan => ExpressionType.GreaterThan,
            TimestampComparison.LessThanOrEqual => ExpressionType.LessThanOrEqual,
            TimestampComparison.GreaterThanOrEqual => ExpressionType.GreaterThanOrEqual,
            _ => ExpressionType.Equal,
        };
        return Expression.Lambda<Func<InstanceRow, bool>>(Expression.MakeBinary(comparison, column, Expression.Constant(condition.Value, column.Type)), row);
    }
}

/// <summary>Parts of queries that instances and definitions share.</summary>
internal static class QueryParts
{
    public static IQueryable<T> If<T>(this IQueryable<T> query, bool condition, Expression<Func<T, bool>> predicate) => condition ? query.Where(predicate) : query;

    public static IOrderedQueryable<T> By<T, TKey>(this IQueryable<T> query, Expression<Func<T, TKey>> key, bool descending) =>
        descending ? query.OrderByDescending(key) : query.OrderBy(key);
}

/// <summary>Patterns of SQL's LIKE.</summary>
internal static class Like
{
    public const string Escape = "\\";

    /// <summary>Matches texts that contain the term, whatever characters it has.</summary>
    public static string Part(string term) =>
        $"%{term.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
