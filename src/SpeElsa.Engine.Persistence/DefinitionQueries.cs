using System.Linq.Expressions;
using Elsa.Common.Models;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Filters and orders of definition versions as SQL.</summary>
internal static class DefinitionQueries
{
    /// <summary>A version without its JSON, so that lists never read it.</summary>
    public static readonly Expression<Func<DefinitionRecord, DefinitionSummary>> Summary = row => new DefinitionSummary
    {
        Id = row.Id,
        DefinitionId = row.DefinitionId,
        Version = row.Version,
        Revision = row.Revision,
        Name = row.Name,
        Description = row.Description,
        ContentHash = row.ContentHash,
        IsLatest = row.IsLatest,
        IsPublished = row.IsPublished,
        IsReadonly = row.IsReadonly,
        IsSystem = row.IsSystem,
        UsableAsActivity = row.UsableAsActivity,
        ProviderName = row.ProviderName,
        MaterializerName = row.MaterializerName,
        ToolVersion = row.ToolVersion,
        Source = row.Source,
        SourceHash = row.SourceHash,
        CreatedAt = row.CreatedAt,
        PublishedAt = row.PublishedAt,
    };

    public static IQueryable<DefinitionRecord> Meant(this IQueryable<DefinitionRecord> query, VersionOptions options) => options switch
    {
        { AllVersions: true } => query,
        { IsLatest: true } => query.Where(row => row.IsLatest),
        { IsPublished: true } => query.Where(row => row.IsPublished),
        { IsLatestOrPublished: true } => query.Where(row => row.IsLatest || row.IsPublished),
        { IsLatestAndPublished: true } => query.Where(row => row.IsLatest && row.IsPublished),
        { IsDraft: true } => query.Where(row => row.IsLatest && !row.IsPublished),
        _ => query.Where(row => row.Version == options.Version),
    };

    public static IQueryable<DefinitionRecord> Matching(this IQueryable<DefinitionRecord> query, DefinitionFilter filter)
    {
        // One definition as an equation: its versions are then read in order along an index, and not sorted.
        var only = filter.DefinitionIds.Count == 1 ? filter.DefinitionIds.First() : null;
        query = query.Meant(filter.VersionOptions)
            .If(only is not null, row => row.DefinitionId == only)
            .If(filter.DefinitionIds.Count > 1, row => filter.DefinitionIds.Contains(row.DefinitionId))
            .If(filter.VersionIds.Count > 0, row => filter.VersionIds.Contains(row.Id))
            .If(filter.Names.Count > 0, row => filter.Names.Contains(row.Name))
            .If(filter.IsSystem is not null, row => row.IsSystem == filter.IsSystem)
            .If(filter.IsReadonly is not null, row => row.IsReadonly == filter.IsReadonly)
            .If(filter.UsableAsActivity is not null, row => row.UsableAsActivity == filter.UsableAsActivity)
            .If(filter.MaterializerName is not null, row => row.MaterializerName == filter.MaterializerName);
        if (string.IsNullOrEmpty(filter.SearchTerm))
        {
            return query;
        }

        var pattern = Like.Part(filter.SearchTerm);
        return query.Where(row => EF.Functions.Like(row.Name, pattern, Like.Escape)
            || EF.Functions.Like(row.Description, pattern, Like.Escape)
            || EF.Functions.Like(row.Id, pattern, Like.Escape)
            || EF.Functions.Like(row.DefinitionId, pattern, Like.Escape));
    }

    public static IOrderedQueryable<DefinitionRecord> InOrder(this IQueryable<DefinitionRecord> query, DefinitionOrder order)
    {
        var ordered = order.Column switch
        {
            DefinitionColumn.Version => query.By(row => row.Version, order.Descending),
            DefinitionColumn.CreatedAt => query.By(row => row.CreatedAt, order.Descending),
            _ => query.By(row => row.Name, order.Descending),
        };

        // What breaks ties goes the same way: an index is read forwards or backwards, not both at once.
        return order.Descending
            ? ordered.ThenByDescending(row => row.DefinitionId).ThenByDescending(row => row.Version)
            : ordered.ThenBy(row => row.DefinitionId).ThenBy(row => row.Version);
    }
}
