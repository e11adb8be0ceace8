using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Server.Access;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>What is planned.</summary>
/// <param name="Scenario">The procedure, such as single-server-move.</param>
/// <param name="Plan">Its inputs: source and target machine, and options.</param>
/// <param name="Name">A name for people; made from the plan where it is left out.</param>
/// <param name="Window">The maintenance window of its move; left out: none.</param>
/// <param name="Version">Of the plan that is changed: refused if somebody has changed it since. Left out: whatever it is.</param>
public sealed record SavePlanRequest(
    [property: Description("The procedure, such as single-server-move"), MaxLength(RequestTexts.LongestName)] string? Scenario,
    [property: Description("Its inputs: source and target machine, and options")] IReadOnlyDictionary<string, JsonElement>? Plan,
    [property: Description("A name for people"), MaxLength(RequestTexts.LongestName)] string? Name = null,
    [property: Description("The maintenance window of its move")] WindowRequest? Window = null,
    [property: Description("The version that is changed; refused if somebody has changed it since")] int? Version = null);

/// <summary>When a plan starts by itself.</summary>
/// <param name="StartAt">The time, with its offset from UTC.</param>
public sealed record SchedulePlanRequest([property: Description("The time, with its offset from UTC: 2026-12-01T03:00:00+01:00")] DateTimeOffset? StartAt);

/// <summary>Calls a plan off.</summary>
/// <param name="Reason">Why.</param>
public sealed record CancelPlanRequest([property: Description("Why")] string? Reason);

/// <summary>A plan.</summary>
public sealed record PlanView
{
    /// <summary>The plan.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The procedure.</summary>
    public required string Scenario { get; init; }

    /// <summary>The inputs of the procedure.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Plan { get; init; }

    /// <summary>The maintenance window of its move; null: none.</summary>
    public WindowRequest? Window { get; init; }

    /// <summary>draft, scheduled, starting, started, cancelled or missed.</summary>
    public required string State { get; init; }

    /// <summary>When it starts by itself; null: it does not.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Grows with each change.</summary>
    public required int Version { get; init; }

    /// <summary>When it was saved first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who saved it first.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who changed it last.</summary>
    public required string UpdatedBy { get; init; }

    /// <summary>Why it was called off or not started.</summary>
    public string? Note { get; init; }

    /// <summary>The move that it became.</summary>
    public string? MoveId { get; init; }

    /// <summary>The last pre-flight; null when there was none. In lists only its move is told.</summary>
    public PlanCheckView? Check { get; init; }

    /// <summary>The last rehearsal; null when there was none. In lists without its steps and what came up.</summary>
    public RehearsalView? Rehearsal { get; init; }
}

/// <summary>A pre-flight of a plan.</summary>
/// <param name="MoveId">The run, as a move: GET /api/moves/{moveId}.</param>
/// <param name="Status">How that stands: running, waiting, finished, aborted or failed; null in lists.</param>
/// <param name="At">When its answer was found; null before.</param>
/// <param name="Level">passed, warning or blocked: the worst of its results; null before there are any.</param>
/// <param name="Results">What it found.</param>
public sealed record PlanCheckView(string MoveId, string? Status, DateTimeOffset? At, string? Level, IReadOnlyList<PlanCheckResult> Results);

/// <summary>One result of a pre-flight.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Level">passed, warning or blocked.</param>
/// <param name="Message">What was found.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record PlanCheckResult(string Check, string Level, string Message, string? Cure)
{
    internal static PlanCheckResult Of(PreFlightResult result) => new(result.Check, NameOf(result.Level), result.Message, result.Cure);

    internal static string NameOf(PreFlightLevel level) => JsonNamingPolicy.CamelCase.ConvertName(level.ToString());
}
