using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Engine.Runtime;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves.Plans;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Rehearses plans.</summary>
internal static class RehearsalEndpoints
{
    public static void MapRehearsals(this RouteGroupBuilder plans) => plans.MapPost("/{id}/rehearse", RehearseAsync).RequireAuthorization(Policies.Operate)
        .WithSummary("Rehearse a plan on copies of its machines")
        .WithDescription(
            "The machines are looked at and nothing is changed on them. Copies of them are made in the lab, and the procedure runs there as a move of its own; GET the plan for how it goes. "
            + "The copies stay until the next rehearsal, or until the plan is started or called off.")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Accepted<RehearsalView>, ValidationProblem, ProblemHttpResult>> RehearseAsync(
        string id,
        RehearsePlanRequest? request,
        HttpContext http,
        PlanStore plans,
        PlanRuns runs,
        MoveStarter moves,
        DefinitionCatalog catalog,
        RehearsalStore store,
        RehearsalReader rehearsals,
        RehearsalRunner runner,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var wanted = request ?? new RehearsePlanRequest();
        if (wanted.Faults is < 0 or > RehearsalFaults.Most)
        {
            return MoveEndpoints.Invalid("faults", $"'faults' is 0 to {RehearsalFaults.Most}.");
        }

        if (await plans.FindAsync(id, cancellationToken) is not { } row)
        {
            return PlanEndpoints.Unknown(id);
        }

        if (row.State is PlanState.Started or PlanState.Starting or PlanState.Cancelled)
        {
            return Conflict(
                row.State is PlanState.Cancelled ? $"It was called off: {row.Note} Schedule it, or save it again (PUT /api/plans/{id}), and it can be rehearsed." : "A plan is rehearsed before it starts.",
                row.State is PlanState.Cancelled ? "The plan was called off" : "The plan has started");
        }

        var (definition, errors) = await moves.CheckAsync(PlanRuns.RequestOf(row), cancellationToken);
        if (definition is null || errors.Count > 0)
        {
            return PlanEndpoints.Incomplete(errors);
        }

        if (RehearsalRules.WhyNot(definition, await catalog.GetAsync(definition.Id, definition.ContentHash, cancellationToken)) is { } why)
        {
            return Conflict(why, "The procedure can not be rehearsed");
        }

        var role = await runs.RoleAsync(definition, cancellationToken);
        var isBegun = store.Begin(
            number => new Rehearsal
            {
                PlanId = row.Id,
                Number = number,
                Name = row.Name,
                Scenario = row.Scenario,
                Role = role,
                Inputs = PlanRuns.InputsOf(row),
                RequestedBy = http.User.Identity?.Name ?? "unknown",
                RequestedAt = timeProvider.GetUtcNow(),
                AnswerTasks = wanted.AnswerTasks,
                Faults = wanted.Faults,
                Seed = wanted.Seed,
            },
            row.Id);
        runner.Ring();
        var view = rehearsals.ReadShort(row.Id)!;
        return isBegun
            ? TypedResults.Accepted($"/api/plans/{id}", view)
            : Conflict($"{view.Id} has not ended: GET /api/moves/{view.Id}. POST /api/moves/{view.Id}/cancel ends it.", "The plan is being rehearsed");
    }

    private static ProblemHttpResult Conflict(string detail, string title) => TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: title);
}
