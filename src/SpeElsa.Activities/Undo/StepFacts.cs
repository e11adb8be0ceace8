using System.Text.Json;

namespace SpeElsa.Activities;

/// <summary>What a move was about.</summary>
/// <param name="MoveId">The move.</param>
/// <param name="Source">The old server; empty where the procedure has none.</param>
/// <param name="Target">The new server; empty where the procedure has none.</param>
/// <param name="Baseline">How things stood before it, as 'Take baseline' put it out; null before that.</param>
public sealed record MoveFacts(string MoveId, string Source, string Target, object? Baseline)
{
    private readonly Lazy<MoveBaseline?> _baseline = new(() => Wire.Read<MoveBaseline>(Baseline));

    internal MoveBaseline? Before => _baseline.Value;

    /// <summary>Whether a machine is the new server, which is out of service after an undo whatever it was before.</summary>
    internal bool IsNew(string machine) => string.Equals(machine, Target, StringComparison.OrdinalIgnoreCase);

    /// <summary>The service of a role as it was on the old server; null where the baseline does not know it.</summary>
    internal ServiceFacts? ServiceBefore(string role) => Before?.Services.FirstOrDefault(service => service.Role == role);
}

/// <summary>A script that a step of the move started on a machine.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Ticket">The ticket.</param>
public sealed record MoveTicket(string Machine, string Ticket);

/// <summary>One execution of a step as the journal tells it, whether it has ended or not.</summary>
public sealed record StepFacts
{
    /// <summary>The move.</summary>
    public required MoveFacts Move { get; init; }

    /// <summary>The execution.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>The step in its definition.</summary>
    public required string ActivityId { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Its evaluated inputs by name; letter case does not matter.</summary>
    public IReadOnlyDictionary<string, JsonElement> Inputs { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The port it left by; null where it has not.</summary>
    public string? Outcome { get; init; }

    /// <summary>
    /// Whether it has changed something, or may have: it says so, a person says that it is done, or it was cut off before it could say.
    /// False when it found everything done already.
    /// </summary>
    public bool MayHaveActed { get; init; }

    /// <summary>The last thing it observed; null where that was nothing.</summary>
    public JsonElement? Evidence { get; init; }

    /// <summary>Tickets it started and that may still run or be kept on their machines.</summary>
    public IReadOnlyList<MoveTicket> Tickets { get; init; } = [];

    /// <summary>Who answered it, where it is a task of a person that is done.</summary>
    public string? CompletedBy { get; init; }

    /// <summary>Reads an input as text.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Empty when it is not given, or no text.</returns>
    public string Text(string name) => Inputs.TryGetValue(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() ?? "" : "";

    /// <summary>Reads an input as text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">What counts when it is not given, or empty.</param>
    public string TextOr(string name, string otherwise) => Text(name) is { Length: > 0 } given ? given : otherwise;

    /// <summary>Reads an input as a yes.</summary>
    /// <param name="name">Its name.</param>
    public bool Flag(string name) => Inputs.TryGetValue(name, out var value)
        && (value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.String && bool.TryParse(value.GetString(), out var yes) && yes));
}
