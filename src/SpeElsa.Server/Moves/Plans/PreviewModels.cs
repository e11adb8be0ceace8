namespace SpeElsa.Server.Moves.Plans;

/// <summary>What the move of a plan would do.</summary>
public sealed record PlanPreview
{
    /// <summary>The procedure.</summary>
    public required string Scenario { get; init; }

    /// <summary>The version that would be run.</summary>
    public required int DefinitionVersion { get; init; }

    /// <summary>The data of the instances that move, as the last pre-flight has found it; null when there was none.</summary>
    public long? Bytes { get; init; }

    /// <summary>From how many finished moves of this procedure the forecast is made; 0: there is none yet.</summary>
    public required int MeasuredMoves { get; init; }

    /// <summary>How long all steps that are always done take, people's time among it; null when nothing has been measured.</summary>
    public double? Minutes { get; init; }

    /// <summary>How long services are down; null when nothing has been measured.</summary>
    public double? DowntimeMinutes { get; init; }

    /// <summary>The steps that are always done and have never been measured. They are not in the sums.</summary>
    public required IReadOnlyList<string> NotMeasured { get; init; }

    /// <summary>The steps, in their order when all goes well; after each what is done only when it finds something else.</summary>
    public required IReadOnlyList<PlanPreviewStep> Steps { get; init; }
}

/// <summary>A step of a move that has not begun.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="ActivityId">The step in the definition.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">check: it only looks; act: it changes something; task: a person does it.</param>
/// <param name="What">What it does.</param>
/// <param name="Machines">The machines it works on.</param>
/// <param name="OnlyIf">What has to be found for it to be done at all; null: it is always done.</param>
/// <param name="Repeated">Whether it is done for each instance or server by itself.</param>
/// <param name="Downtime">Whether a service is down meanwhile.</param>
/// <param name="Bytes">How much data it copies or reads; null: none, or not known.</param>
/// <param name="Minutes">How long it takes by the moves that were measured: the median, scaled by the data where it is about data. Null: not measured.</param>
public sealed record PlanPreviewStep(
    int Number,
    string ActivityId,
    string Name,
    string Kind,
    string What,
    IReadOnlyList<string> Machines,
    string? OnlyIf,
    bool Repeated,
    bool Downtime,
    long? Bytes,
    double? Minutes);
