using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Reads the journal of an instance, filtered and paged by the store.</summary>
internal static class JournalApi
{
    private const int UsualTake = 100;
    private const int MostAtOnce = 10_000;

    public static RouteGroupBuilder MapJournal(this RouteGroupBuilder api)
    {
        api.MapPost("/workflow-instances/{id}/journal", ListPostedAsync).Need(Permissions.ReadInstances);
        api.MapGet("/workflow-instances/{id}/journal", ListAskedAsync).Need(Permissions.ReadInstances);
        api.MapGet("/workflow-instances/{id}/journal/{activityId}", LastAsync).Need(Permissions.ReadInstances);
        return api;
    }

    private static async Task<IResult> ListPostedAsync(string id, HttpContext context, IInstanceReader reader)
    {
        var query = await RestBody.ReadAsync<JournalQuery>(context.Request);
        var asked = Asked(context.Request);
        return await ListAsync(
            id,
            query?.Filter?.ToFilter() ?? new JournalFilter(),
            asked with { Skip = query?.Skip ?? asked.Skip, Take = query?.Take ?? asked.Take, Page = query?.Page ?? asked.Page, PageSize = query?.PageSize ?? asked.PageSize },
            reader,
            context.RequestAborted);
    }

    private static Task<IResult> ListAskedAsync(string id, HttpContext context, IInstanceReader reader)
    {
        var filter = new JournalQueryFilter(
            context.Request.Texts("activityIds"), context.Request.Texts("activityNodeIds"), context.Request.Texts("excludedActivityTypes"), context.Request.Texts("eventNames"));
        return ListAsync(id, filter.ToFilter(), Asked(context.Request), reader, context.RequestAborted);
    }

    private static JournalQuery Asked(HttpRequest request) => new(null, request.Number("skip"), request.Number("take"), request.Number("page"), request.Number("pageSize"));

    private static async Task<IResult> ListAsync(string id, JournalFilter filter, JournalQuery page, IInstanceReader reader, CancellationToken cancellationToken)
    {
        var take = page.Take ?? page.PageSize ?? UsualTake;
        var skip = page.Skip ?? Math.Min(int.MaxValue, (long)(page.Page ?? 0) * take);
        if (page.Page < 0 || page.PageSize < 0)
        {
            return RestAnswers.BadMember(page.Page < 0 ? "page" : "pageSize", "Pages and their size are counted from 0.");
        }

        if (take is < 0 or > MostAtOnce || skip < 0)
        {
            return RestAnswers.BadMember(skip < 0 ? "skip" : "take", $"Between 0 and {MostAtOnce} rows are read at once, from a place that is counted from 0.");
        }

        var (items, total) = filter.IsEmpty
            ? await ReadAsync(id, skip, take, reader, cancellationToken)
            : await reader.ListJournalAsync(id, filter, (int)skip, take, cancellationToken);
        return RestValues.Json(new { items = items.Select(JournalEntryModel.From), totalCount = total });
    }

    /// <summary>Rows are numbered from 1 without a gap, so a page of all of them is a range of numbers, and the instance knows how many there are.</summary>
    private static async Task<(IReadOnlyList<JournalRecord> Items, int Total)> ReadAsync(
        string id, long skip, int take, IInstanceReader reader, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } instance
            ? (take == 0 ? [] : await reader.ReadJournalAsync(id, skip, take, cancellationToken), (int)instance.JournalSequence)
            : ([], 0);

    /// <summary>The row that tells how an activity began last.</summary>
    private static async Task<IResult> LastAsync(string id, string activityId, IInstanceReader reader, CancellationToken cancellationToken)
    {
        var filter = new JournalFilter { ActivityIds = [activityId], EventNames = ["Started"] };
        if (await reader.FindAsync(id, cancellationToken) is not { } instance)
        {
            return RestAnswers.NotFound();
        }

        var (_, total) = await reader.ListJournalAsync(id, filter, 0, 0, cancellationToken);
        return total > 0 && (await reader.ListJournalAsync(id, filter, total - 1, 1, cancellationToken)).Items is [var row]
            ? RestValues.Json(JournalRowModel.From(instance, row))
            : RestAnswers.NotFound();
    }
}
