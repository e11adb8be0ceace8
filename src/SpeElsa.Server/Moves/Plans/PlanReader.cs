using System.Text.Json;
using SpeElsa.Server.Moves.Rehearsals;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Tells of plans what people and programs see of them.</summary>
internal sealed class PlanReader(PlanStore plans, PlanRuns runs, RehearsalReader rehearsals, MoveStarter moves, PlanForecast forecast)
{
    /// <summary>A page of plans.</summary>
    public async Task<PagedList<PlanView>> ListAsync(PlanState? state, int page, int pageSize, CancellationToken cancellationToken)
    {
        var (items, total) = await plans.ListAsync(state, (page - 1) * pageSize, pageSize, cancellationToken);
        return new PagedList<PlanView>(
            [.. items.Select(row => View(row, row.CheckId is { } check ? new PlanCheckView(check, null, null, null, []) : null) with { Rehearsal = rehearsals.ReadShort(row.Id) })], total, page, pageSize);
    }

    /// <summary>A plan with its last pre-flight and rehearsal; null when there is none of that id.</summary>
    public async Task<PlanView?> FindAsync(string id, CancellationToken cancellationToken) => await plans.FindAsync(id, cancellationToken) is { } row
        ? View(row, await runs.ReadCheckAsync(row, cancellationToken)) with { Rehearsal = await rehearsals.ReadAsync(id, cancellationToken) }
        : null;

    /// <summary>What the move of a plan would do, or what is wrong with the plan by field.</summary>
    public async Task<(PlanPreview? Preview, Dictionary<string, string[]> Errors)> PreviewAsync(PlanRow row, CancellationToken cancellationToken)
    {
        var (definition, errors) = await moves.CheckAsync(PlanRuns.RequestOf(row), cancellationToken);
        return definition is null || errors.Count > 0 ? (null, errors) : (await forecast.PreviewAsync(row, definition, cancellationToken), errors);
    }

    /// <summary>A plan, with a pre-flight that was looked up.</summary>
    public static PlanView View(PlanRow row, PlanCheckView? check) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Scenario = row.Scenario,
        Plan = PlanRuns.InputsOf(row),
        Window = PlanRuns.WindowOf(row),
        State = NameOf(row.State),
        StartAt = row.StartAt,
        Version = row.Version,
        CreatedAt = row.CreatedAt,
        CreatedBy = row.CreatedBy,
        UpdatedAt = row.UpdatedAt,
        UpdatedBy = row.UpdatedBy,
        Note = row.Note,
        MoveId = row.MoveId,
        Check = check,
    };

    /// <summary>What a state is called.</summary>
    public static string NameOf(PlanState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
