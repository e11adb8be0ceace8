namespace Elsa.Common.Models;

/// <summary>A part of a longer list.</summary>
/// <param name="Items">The part.</param>
/// <param name="TotalCount">How long the list is.</param>
public record Page<T>(ICollection<T> Items, long TotalCount);

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Offset">How many to leave out; null: none.</param>
/// <param name="Limit">How many to return at most; null: all.</param>
public record PageArgs(int? Offset, int? Limit)
{
    /// <summary>The whole list.</summary>
    public static PageArgs All { get; } = new(null, null);

    /// <summary>A page by its number.</summary>
    /// <param name="page">The number, from 0; null: everything.</param>
    /// <param name="pageSize">How many a page has; null: everything.</param>
    public static PageArgs FromPage(int? page, int? pageSize) => page is null || pageSize is null ? new PageArgs(null, pageSize) : new PageArgs(page * pageSize, pageSize);

    /// <summary>A part by its place.</summary>
    public static PageArgs FromRange(int? offset, int? limit) => new(offset, limit);
}
