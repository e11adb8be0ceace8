using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Plans: saved, checked, started now or at a time, called off before they start.</summary>
internal static class PlanEndpoints
{
    public static IServiceCollection AddPlans(this IServiceCollection services)
    {
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanRuns>();
        services.AddSingleton<PlanForecast>();
        services.AddSingleton<PlanReader>();
        services.AddSingleton<PlanClock>();
        services.AddHostedService(provider => provider.GetRequiredService<PlanClock>());
        return services;
    }

    public static void MapPlans(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/plans").WithTags("Plans");
        group.MapPost("/", SaveAsync).RequireAuthorization(Policies.Operate).WithSummary("Save a plan")
            .WithDescription("It is checked as for a start, and not started. With an Idempotency-Key header a repeat is harmless: it gets the plan that the first one saved.")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group.MapGet("/", ListAsync).RequireAuthorization(Policies.Read).WithSummary("List plans: those that start by themselves first, then the newest");
        group.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.Read).WithSummary("A plan, with what its last pre-flight found").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut("/{id}", ChangeAsync).RequireAuthorization(Policies.Operate).WithSummary("Change a plan that has not started")
            .WithDescription("A plan that was called off or missed becomes a draft again; one that is scheduled stays so.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id}/check", CheckAsync).RequireAuthorization(Policies.Operate).WithSummary("Run the pre-flight of a plan")
            .WithDescription("Both servers are looked at and nothing is changed. It runs as a move of the procedure pre-flight; GET the plan for its results.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/{id}/preview", PreviewAsync).RequireAuthorization(Policies.Read).WithSummary("What the move of a plan would do: each step, on which machine, which are down time, how long")
            .WithDescription("Minutes are the medians of finished moves of the same procedure on this server, scaled by the data that the last pre-flight has found. Nothing is asked of any machine.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapRehearsals();
        group.MapPost("/{id}/start", StartAsync).RequireAuthorization(Policies.Operate).WithSummary("Start the move of a plan now")
            .WithDescription("A plan becomes one move: a repeat gets the first answer again.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id}/schedule", ScheduleAsync).RequireAuthorization(Policies.Operate).WithSummary("Have a plan start by itself at a time")
            .WithDescription("It is checked an hour before (Plans:CheckBefore). A plan whose time passed while the server was down for longer than Plans:LatestStart is not started.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id}/cancel", CancelAsync).RequireAuthorization(Policies.Operate).WithSummary("Call a plan off before it starts")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Created<PlanView>, ValidationProblem, ProblemHttpResult>> SaveAsync(
        SavePlanRequest request, HttpContext http, MoveStarter moves, PlanStore plans, CancellationToken cancellationToken)
    {
        var (key, keyError) = Idempotency.Read(http.Request);
        if (keyError is not null)
        {
            return MoveEndpoints.Invalid(Idempotency.HeaderName, keyError);
        }

        (string Key, string Fingerprint)? once = key is null ? null : (key, Idempotency.Fingerprint(request));
        if (key is not null && await plans.FindAsync(PlanStore.IdOf(key), cancellationToken) is { } saved)
        {
            return Saved(saved, once);
        }

        var (definition, errors) = await moves.CheckAsync(new StartMoveRequest(request.Scenario, request.Plan, Window: request.Window), cancellationToken);
        if (errors.Count > 0)
        {
            return Incomplete(errors);
        }

        var plan = request.Plan ?? new Dictionary<string, JsonElement>();
        var row = await plans.AddAsync(NameOf(request, definition!.Name), definition.DefinitionId, plan, request.Window, once, Who(http), cancellationToken);
        return Saved(row, once);
    }

    private static Results<Created<PlanView>, ValidationProblem, ProblemHttpResult> Saved(PlanRow row, (string Key, string Fingerprint)? once) => row.Fingerprint == once?.Fingerprint
        ? TypedResults.Created($"/api/plans/{row.Id}", PlanReader.View(row, null))
        : Idempotency.KeyIsTaken("plan");

    private static async Task<Results<Ok<PagedList<PlanView>>, ValidationProblem>> ListAsync(
        PlanReader plans,
        CancellationToken cancellationToken,
        [Description("Only plans of this state: draft, scheduled, starting, started, cancelled or missed")] string? state = null,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (MoveEndpoints.CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        PlanState? wanted = Enum.GetValues<PlanState>().Cast<PlanState?>().FirstOrDefault(known => PlanReader.NameOf(known!.Value) == state);
        if (state is not null && wanted is null)
        {
            return MoveEndpoints.Invalid("state", $"'state' is one of {string.Join(", ", Enum.GetValues<PlanState>().Select(PlanReader.NameOf))}.");
        }

        return TypedResults.Ok(await plans.ListAsync(wanted, page, pageSize, cancellationToken));
    }

    private static async Task<Results<Ok<PlanView>, ProblemHttpResult>> GetAsync(string id, PlanReader plans, CancellationToken cancellationToken) =>
        await plans.FindAsync(id, cancellationToken) is { } plan ? TypedResults.Ok(plan) : Unknown(id);

    private static async Task<Results<Ok<PlanView>, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        string id, SavePlanRequest request, HttpContext http, MoveStarter moves, PlanStore plans, PlanClock clock, RehearsalStore rehearsals, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        if (HasStarted(row) is { } started)
        {
            return started;
        }

        if (request.Version is { } version && version != row.Version)
        {
            return ChangedMeanwhile(row);
        }

        var (definition, errors) = await moves.CheckAsync(new StartMoveRequest(request.Scenario, request.Plan, Window: request.Window), cancellationToken);
        if (errors.Count > 0)
        {
            return Incomplete(errors);
        }

        row.Name = NameOf(request, definition!.Name);
        row.Scenario = definition.DefinitionId;
        row.Inputs = JsonSerializer.Serialize(request.Plan, JsonSerializerOptions.Web);
        row.Window = request.Window is null ? null : JsonSerializer.Serialize(request.Window, JsonSerializerOptions.Web);
        (row.CheckId, row.CheckedFor, row.Note) = (null, null, null);
        if (row.State is not PlanState.Scheduled)
        {
            (row.State, row.StartAt) = (PlanState.Draft, null);
        }

        var result = await KeepAsync(row, http, plans, clock, cancellationToken);
        if (result.Result is Ok<PlanView> && rehearsals.Find(id) is not null)
        {
            rehearsals.Change(id, last => last.Note("The plan was changed after this rehearsal was begun."));
        }

        return result;
    }

    private static async Task<Results<Accepted<PlanView>, ValidationProblem, ProblemHttpResult>> CheckAsync(
        string id, HttpContext http, PlanStore plans, PlanRuns runs, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        if (HasStarted(row) is { } started)
        {
            return started;
        }

        return await runs.CheckAsync(row, Who(http), null, cancellationToken) is { Count: > 0 } errors
            ? Incomplete(errors)
            : TypedResults.Accepted($"/api/plans/{id}", PlanReader.View(row, await runs.ReadCheckAsync(row, cancellationToken)));
    }

    private static async Task<Results<Ok<PlanPreview>, ValidationProblem, ProblemHttpResult>> PreviewAsync(string id, PlanStore store, PlanReader plans, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        var (preview, errors) = await plans.PreviewAsync(row, cancellationToken);
        return preview is null ? Incomplete(errors) : TypedResults.Ok(preview);
    }

    private static async Task<Results<Created<MoveReceipt>, ValidationProblem, ProblemHttpResult>> StartAsync(
        string id, HttpContext http, PlanStore plans, PlanRuns runs, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        if (row.State is PlanState.Cancelled)
        {
            return TypedResults.Problem(
                $"It was called off: {row.Note} Schedule it, or save it again (PUT /api/plans/{id}), and it can be started.", statusCode: StatusCodes.Status409Conflict, title: "The plan was called off");
        }

        var (receipt, errors) = await runs.ReadReceiptAsync(row, cancellationToken) is { } known ? (known, null) : await runs.StartAsync(row, Who(http), cancellationToken);
        return receipt is not null ? TypedResults.Created($"/api/moves/{receipt.Id}", receipt) : errors is null ? ChangedMeanwhile(row) : Incomplete(errors);
    }

    private static async Task<Results<Ok<PlanView>, ValidationProblem, ProblemHttpResult>> ScheduleAsync(
        string id, SchedulePlanRequest request, HttpContext http, MoveStarter moves, PlanStore plans, PlanClock clock, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        if (HasStarted(row) is { } started)
        {
            return started;
        }

        var now = timeProvider.GetUtcNow();
        if (request.StartAt is not { } startAt || startAt <= now)
        {
            return MoveEndpoints.Invalid("startAt", $"Name a time that is to come, with its offset from UTC, such as {now.AddHours(8):yyyy-MM-ddTHH:mm:sszzz}; it is {now:u}.");
        }

        if (startAt > now + WindowRequest.Furthest)
        {
            return MoveEndpoints.Invalid("startAt", WindowRequest.TooFar);
        }

        if (PlanRuns.WindowOf(row)?.EndsAt is { } end && end <= startAt)
        {
            return MoveEndpoints.Invalid("startAt", $"The window of the plan ends at {end:u}, before that. Change the window first (PUT /api/plans/{id}).");
        }

        if ((await moves.CheckAsync(PlanRuns.RequestOf(row), cancellationToken)).Errors is { Count: > 0 } errors)
        {
            return Incomplete(errors);
        }

        (row.State, row.StartAt, row.Note) = (PlanState.Scheduled, startAt.ToUniversalTime(), null);
        return await KeepAsync(row, http, plans, clock, cancellationToken);
    }

    private static async Task<Results<Ok<PlanView>, ValidationProblem, ProblemHttpResult>> CancelAsync(
        string id, CancelPlanRequest request, HttpContext http, PlanStore plans, PlanClock clock, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return MoveEndpoints.Invalid("reason", "Say why.");
        }

        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return Unknown(id);
        }

        if (HasStarted(row) is { } started)
        {
            return started;
        }

        (row.State, row.StartAt, row.Note) = (PlanState.Cancelled, null, request.Reason);
        return await KeepAsync(row, http, plans, clock, cancellationToken);
    }

    private static async Task<Results<Ok<PlanView>, ValidationProblem, ProblemHttpResult>> KeepAsync(
        PlanRow row, HttpContext http, PlanStore plans, PlanClock clock, CancellationToken cancellationToken)
    {
        if (!await plans.ChangeAsync(row, Who(http), cancellationToken))
        {
            return ChangedMeanwhile(row);
        }

        clock.Ring();
        return TypedResults.Ok(PlanReader.View(row, null));
    }

    private static string NameOf(SavePlanRequest request, string procedure) => !string.IsNullOrWhiteSpace(request.Name) ? request.Name
        : request.Plan is { } plan && plan.TryGetValue("source", out var source) && plan.TryGetValue("target", out var target) ? $"{procedure}: {source} to {target}"
        : procedure;

    private static string Who(HttpContext http) => http.User.Identity?.Name ?? "unknown";

    private static ProblemHttpResult? HasStarted(PlanRow row) => row.State is PlanState.Started or PlanState.Starting
        ? TypedResults.Problem(
            row.MoveId is { } move ? $"The plan has become the move {move}: GET /api/moves/{move}. POST /api/moves/{move}/undo brings the old server back." : "Its move is being started.",
            statusCode: StatusCodes.Status409Conflict,
            title: "The plan has started")
        : null;

    private static ProblemHttpResult ChangedMeanwhile(PlanRow row) => TypedResults.Problem(
        $"Somebody has changed the plan meanwhile. Nothing was changed; GET /api/plans/{row.Id} shows how it stands.", statusCode: StatusCodes.Status409Conflict, title: "The plan has changed");

    internal static ValidationProblem Incomplete(Dictionary<string, string[]> errors) =>
        TypedResults.ValidationProblem(errors, "It can not be started as it stands; nothing was changed.", title: "The plan is not complete");

    internal static ProblemHttpResult Unknown(string id) =>
        TypedResults.Problem($"There is no plan '{id}'. GET /api/plans lists them.", statusCode: StatusCodes.Status404NotFound, title: "Unknown plan");
}
