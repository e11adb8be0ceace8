namespace SpeElsa.Activities;

/// <summary>What the world looks like.</summary>
internal enum ObservationState
{
    /// <summary>What the step wants is there.</summary>
    Done,

    /// <summary>Nothing of it is there.</summary>
    NotDone,

    /// <summary>Some of it is there.</summary>
    Partial,

    /// <summary>It has been done and does not show yet; look again soon.</summary>
    Pending,

    /// <summary>It can not be told, or must not go on; a person decides.</summary>
    CannotTell,
}

/// <summary>What a step saw.</summary>
internal sealed record Observation
{
    public required ObservationState State { get; init; }

    /// <summary>Why it is not done; null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>What was seen, small and without secrets.</summary>
    public object? Evidence { get; init; }

    /// <summary>The port the step leaves by.</summary>
    public string Outcome { get; init; } = HumanTasks.DoneOutcome;

    /// <summary>What a check found wrong, for the person who puts it right.</summary>
    public string? Finding { get; init; }

    /// <summary>Why it passes without having seen what it looks for: a person's word stands. Null when it has seen it.</summary>
    public string? Unproven { get; init; }

    public static Observation Done(object? evidence, string outcome = HumanTasks.DoneOutcome) =>
        new() { State = ObservationState.Done, Evidence = evidence, Outcome = outcome };

    /// <summary>The check is done and its answer is not the wanted one.</summary>
    public static Observation Found(string outcome, string finding, object? evidence) =>
        new() { State = ObservationState.Done, Evidence = evidence, Outcome = outcome, Finding = finding };

    public static Observation NotDone(string reason, object? evidence = null) =>
        new() { State = ObservationState.NotDone, Reason = reason, Evidence = evidence };

    public static Observation Partial(string reason, object? evidence = null) =>
        new() { State = ObservationState.Partial, Reason = reason, Evidence = evidence };

    public static Observation Pending(string reason, object? evidence = null) =>
        new() { State = ObservationState.Pending, Reason = reason, Evidence = evidence };

    public static Observation CannotTell(string reason, object? evidence = null) =>
        new() { State = ObservationState.CannotTell, Reason = reason, Evidence = evidence };
}
