using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>The ids of rehearsals. They name their plan, so that a rehearsal is known for one wherever its id is.</summary>
internal static partial class RehearsalId
{
    /// <summary>The id of a rehearsal.</summary>
    /// <param name="planId">The plan.</param>
    /// <param name="number">Which rehearsal of it, from 1.</param>
    public static string Of(string planId, int number) => string.Create(CultureInfo.InvariantCulture, $"rehearsal{planId}n{number}");

    /// <summary>The plan that a move rehearses, or an undo the rehearsal of; null for any other.</summary>
    public static string? PlanOf(string moveId) => Shape().Match(moveId) is { Success: true } match ? match.Groups["plan"].Value : null;

    [GeneratedRegex("^(undo)?rehearsal(?<plan>[0-9a-f]{12})n[0-9]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
