namespace SpeElsa.Server.Moves.Plans;

/// <summary>How far a plan has come. The names are a stored format.</summary>
public enum PlanState
{
    /// <summary>Saved; nothing starts by itself.</summary>
    Draft,

    /// <summary>Starts by itself at its time.</summary>
    Scheduled,

    /// <summary>Its move is being started; can not be called back any more.</summary>
    Starting,

    /// <summary>Its move was started.</summary>
    Started,

    /// <summary>Somebody has called it off. Saving or scheduling it again takes that back.</summary>
    Cancelled,

    /// <summary>Its time came and it could not be started; the note says why. It does not start later by itself.</summary>
    Missed,
}

/// <summary>A plan as it is stored.</summary>
internal sealed class PlanRow
{
    public required string Id { get; init; }

    /// <summary>The mark of the request that saved it first, where that had an idempotency key.</summary>
    public string? Fingerprint { get; init; }

    public required string Name { get; set; }

    public required string Scenario { get; set; }

    /// <summary>The inputs of the procedure, JSON.</summary>
    public required string Inputs { get; set; }

    /// <summary>The maintenance window of its move, JSON.</summary>
    public string? Window { get; set; }

    public PlanState State { get; set; }

    public DateTimeOffset? StartAt { get; set; }

    /// <summary>Grows with each change; who saves an older one is told.</summary>
    public int Version { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public required string UpdatedBy { get; set; }

    /// <summary>Why it is as it is.</summary>
    public string? Note { get; set; }

    /// <summary>The move that it became.</summary>
    public string? MoveId { get; set; }

    /// <summary>The last pre-flight of it.</summary>
    public string? CheckId { get; set; }

    /// <summary>For which start time a pre-flight has been started by itself.</summary>
    public DateTimeOffset? CheckedFor { get; set; }
}
