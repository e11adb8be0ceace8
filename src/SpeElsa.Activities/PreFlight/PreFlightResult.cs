using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>How much a pre-flight check holds against the move.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreFlightLevel>))]
public enum PreFlightLevel
{
    /// <summary>All is well.</summary>
    Passed,

    /// <summary>The move can go on; somebody should know.</summary>
    Warning,

    /// <summary>The move would fail, or harm. It goes on only when a person says why that is all right.</summary>
    Blocked,
}

/// <summary>What one pre-flight check found. The names are a stored format: results stand in the evidence of a step.</summary>
/// <param name="Check">Which check, such as <c>free-space</c>.</param>
/// <param name="Level">How much it holds against the move.</param>
/// <param name="Message">What was found, in words.</param>
/// <param name="Cure">What to do about it; null where there is nothing to do.</param>
public sealed record PreFlightResult(string Check, PreFlightLevel Level, string Message, string? Cure = null)
{
    /// <summary>Reads the results of a step 'Check new server'.</summary>
    /// <param name="evidence">What the step wrote into the journal, JSON.</param>
    /// <returns>The results, none where the evidence has none.</returns>
    public static IReadOnlyList<PreFlightResult> ReadAll(string? evidence) => Wire.Read<PreFlightEvidence>(evidence)?.Checks ?? [];

    /// <summary>The end of a step of a pre-flight that could not look.</summary>
    internal static Observation Unable(string check, string reason) => Observation.Found(
        "NotReady", reason, new { checks = new[] { Blocked(check, reason, "Put that right and run the pre-flight again; the move would stop here and ask.") } });

    internal static PreFlightResult Passed(string check, string message) => new(check, PreFlightLevel.Passed, message);

    internal static PreFlightResult Warning(string check, string message, string cure) => new(check, PreFlightLevel.Warning, message, cure);

    internal static PreFlightResult Blocked(string check, string message, string cure) => new(check, PreFlightLevel.Blocked, message, cure);

    private sealed record PreFlightEvidence(IReadOnlyList<PreFlightResult>? Checks);
}
