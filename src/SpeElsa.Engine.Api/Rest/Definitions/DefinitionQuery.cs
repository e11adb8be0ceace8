using Elsa.Common.Models;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Lists of definitions as they are asked for in a query.</summary>
internal static class DefinitionQuery
{
    private enum Column
    {
        Name,
        Version,
        Created,
        CreatedAt,
    }

    private enum Direction
    {
        Ascending,
        Descending,
    }

    /// <summary>Which versions; all of them where nothing is said.</summary>
    public static DefinitionFilter Filter(HttpRequest request) => new()
    {
        DefinitionIds = [.. request.Texts("definitionIds"), .. request.Texts("definitionId")],
        VersionIds = [.. request.Texts("ids"), .. request.Texts("id")],
        Names = [.. request.Texts("names"), .. request.Texts("name")],
        VersionOptions = request.Versions() ?? VersionOptions.All,
        SearchTerm = request.Text("searchTerm"),
        IsSystem = request.Flag("isSystem"),
        IsReadonly = request.Flag("isReadonly"),
        UsableAsActivity = request.Flag("usableAsActivity"),
        MaterializerName = request.Text("materializerName"),
    };

    /// <summary>In what order; by name where nothing is said.</summary>
    public static DefinitionOrder Order(HttpRequest request) => new(
        request.Choice<Column>("orderBy") switch
        {
            Column.Version => DefinitionColumn.Version,
            Column.Created or Column.CreatedAt => DefinitionColumn.CreatedAt,
            _ => DefinitionColumn.Name,
        },
        request.Choice<Direction>("orderDirection") is Direction.Descending);

    /// <summary>Which part; the whole list where nothing is said. A page beyond the end is empty.</summary>
    public static (int Skip, int Take) Page(HttpRequest request)
    {
        var (page, size) = (request.Number("page"), request.Number("pageSize"));
        var take = size ?? int.MaxValue;
        return ((int)Math.Min((long)(page ?? 0) * take, int.MaxValue), take);
    }
}
