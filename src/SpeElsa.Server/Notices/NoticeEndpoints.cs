using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Notices;

/// <summary>Who was told what, and who could not be.</summary>
internal static class NoticeEndpoints
{
    public static IServiceCollection AddNotices(this IServiceCollection services, ServerOptions options)
    {
        services.AddHttpClient(WebhookChannel.ClientName, client => client.Timeout = TimeSpan.FromSeconds(15))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton<INoticeChannel, MailChannel>();
        services.AddSingleton<NoticeWriter>();
        services.AddSingleton<NoticeReader>();
        services.AddHostedService<NoticeRelay>();
        services.AddHostedService<TaskClock>();
        return services;
    }

    public static void MapNotices(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/notices").WithTags("Notices").RequireAuthorization(Policies.Administer);
        group.MapGet("/", ListAsync).WithSummary("Who was told what, newest first");
        group.MapPost("/{id}/retry", RetryAsync).WithSummary("Try again to tell somebody").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<PagedList<NoticeView>>, ValidationProblem>> ListAsync(
        NoticeReader notices,
        CancellationToken cancellationToken,
        [Description("waiting, sent or failed; left out: all")] string? state = null,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (MoveEndpoints.CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        return await notices.ListAsync(state, page, pageSize, cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : MoveEndpoints.Invalid("state", $"'state' is one of {string.Join(", ", NoticeReader.States)}.");
    }

    private static async Task<Results<Ok<NoticeView>, ProblemHttpResult>> RetryAsync(string id, IDbContextFactory<ServerDbContext> contexts, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.Notices.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return TypedResults.Problem($"There is no notice '{id}'. GET /api/notices lists them.", statusCode: StatusCodes.Status404NotFound, title: "Unknown notice");
        }

        if (row.SentAt is { } sent)
        {
            return TypedResults.Problem($"It was taken at {sent:u}.", statusCode: StatusCodes.Status409Conflict, title: "It has been told");
        }

        row.NextAt = timeProvider.GetUtcNow();
        await context.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok(NoticeReader.View(row));
    }
}

/// <summary>Something that somebody is told.</summary>
/// <param name="Id">It, here.</param>
/// <param name="State">waiting, sent or failed.</param>
/// <param name="Channel">mail or webhook.</param>
/// <param name="Recipient">The account, or the name of the webhook.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="SentAt">When it was taken.</param>
/// <param name="NextAt">When it is tried next.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">Why it was not taken the last time.</param>
/// <param name="Notice">What is told.</param>
public sealed record NoticeView(
    string Id, string State, string Channel, string Recipient, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? NextAt, int Attempts, string? Error, Notice Notice);
