using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>
/// Pulls the data of the instances onto the new server, one directory after the other. The seed runs while the old server still serves and
/// may be repeated; the final copy, after the stop, brings the rest and removes what is gone at the source. Junctions are not followed.
/// </summary>
[Activity(
    "SpeElsa",
    "CopyInstanceData",
    1,
    "Copies the data of the instances to the new server: seed or final",
    "Move data",
    DisplayName = "Copy instance data",
    Kind = ActivityKind.Task)]
public sealed class CopyInstanceData : MoveStep
{
    private const int FilesAsked = 20;
    private const string Delta = "Delta";
    private const string Final = "Final";

    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server; it pulls.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet; it pulls", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where instance data goes on the new server; empty: to the same paths.</summary>
    [Input(
        DisplayName = "Data directory",
        Description = "Where instance data goes on the new server; empty: to the same paths",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> DataDirectory { get; set; } = new("");

    /// <summary>Seed, Delta or Final.</summary>
    [Input(
        DisplayName = "Mode",
        Description = "Seed: beforehand, while services run. Delta: once more, what has changed since. "
            + "Final: after the stop; also removes what the source does not have",
        UIHint = "dropdown",
        Options = new[] { "Seed", Delta, Final },
        DefaultValue = "Seed",
        Order = 5)]
    public Input<string> Mode { get; set; } = new("Seed");

    /// <summary>The most that a seed or delta may take of the line, in bytes per second; 0: all of it.</summary>
    [Input(
        DisplayName = "Bytes per second",
        Description = "The most that a seed or delta may take of the line, in bytes per second; 0: all of it. A final copy takes what it gets",
        UIHint = "singleline",
        Order = 6)]
    public Input<long> BytesPerSecond { get; set; } = new(0L);

    /// <summary>One instance; empty: all that move.</summary>
    [Input(DisplayName = "Instance", Description = "The id of one instance; empty: all that move", UIHint = "singleline", Order = 7)]
    public Input<string> InstanceId { get; set; } = new("");

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    /// <summary>Whether it is the final copy is not always written there; a mode that only a run tells counts as one.</summary>
    private protected override IReadOnlyList<MovePart> Parts => Written.In(Mode) is { IsEmpty: false } mode && (mode.Constant is null || ModeOf(mode.Constant) == "final")
        ? [MovePart.CopiesData(Source, InstanceId)]
        : [];

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Stays(
        $"The data was copied: that of {facts.Text(nameof(Source))} was not changed. The copy stays on {facts.Text(nameof(Target))}, and a later move copies only what differs; "
        + "remove it by hand if it is in the way.");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var moves = DataMove.Of(Which(step), step.Get(DataDirectory));
        var copied = moves.Where(move => step.Result<CopyResult>(move.Key) is not null).ToArray();
        if (copied.Length < moves.Count)
        {
            // Whether a directory is complete is told by the hashes of the next step; here it is only told whether the copy has ended well.
            return copied.Length == 0
                ? Observation.NotDone("Nothing has been copied.")
                : Observation.Partial($"Copied {copied.Length} of {moves.Count} directories.");
        }

        var target = step.Require(Target, nameof(Target));
        var missing = moves.Count == 0
            ? []
            : (await step.PathsAsync(target, moves.Select(move => move.Target)))
                .Where(path => !path.Exists)
                .Select(path => path.Path)
                .ToArray();
        return missing.Length > 0
            ? Observation.NotDone($"Copied, but not there on {target}: {string.Join(", ", missing)}.")
            : Observation.Done(
                new { mode = step.Get(Mode), directories = moves.Select(move => Describe(move, step.Result<CopyResult>(move.Key)!)) });
    }

    private protected override Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (source, target) = (step.Settings(step.Require(Source, nameof(Source))), step.Require(Target, nameof(Target)));
        var mode = ModeOf(step.Get(Mode));
        var moves = DataMove.Of(Which(step), step.Get(DataDirectory));
        return Task.FromResult(MoveAct.Started(
            $"Copies {moves.Count} directories to {target}, {mode}",
            [.. moves.Select(move => new TicketWork(move.Key, target, MachineScripts.CopyDirectory, new JsonObject
            {
                ["source"] = source.ToShare(move.Source),
                ["destination"] = move.Target,
                ["mode"] = mode,
                ["excludeFilePatterns"] = new JsonArray(),
                // In the final copy every second is downtime.
                ["bytesPerSecond"] = mode == "final" ? 0 : step.Get(BytesPerSecond),
            }))]));
    }

    /// <summary>Names the programs of the old server that have the files open which could not be copied.</summary>
    private protected override async Task<string?> ExplainAsync(StepContext step, Exception exception)
    {
        if (exception is not TicketFailedException { Files.Count: > 0 } failed)
        {
            return null;
        }

        var machine = step.Require(Source, nameof(Source));
        var move = DataMove.Of(Which(step), step.Get(DataDirectory)).First(candidate => candidate.Key == failed.Key);
        var share = step.Settings(machine).ToShare(move.Source);
        var local = failed.Files.Where(file => file.StartsWith(share, StringComparison.OrdinalIgnoreCase)).Select(file => move.Source + file[share.Length..]);
        var result = await step.AskAsync<FileOwnersResult>(
            machine, MachineScripts.GetFileOwners, new JsonObject { ["paths"] = MachineQueries.ToArray(local.Take(FilesAsked)) });
        var held = result.Files.Where(file => file.Owners.Count > 0)
            .Select(file => $"{file.Path} by {string.Join(", ", file.Owners.Select(owner => owner.Client is null ? owner.Name : $"{owner.Name} on {owner.Client}"))}")
            .ToArray();
        return held.Length > 0 ? $"Open on {machine}: {string.Join("; ", held)}." : null;
    }

    private static string ModeOf(string? mode) => mode?.ToUpperInvariant() switch
    {
        "FINAL" => "final",
        "DELTA" => "delta",
        _ => "seed",
    };

    private static object Describe(DataMove move, CopyResult result) =>
        new { move.Source, move.Target, result.FilesCopied, result.BytesCopied, result.FilesSkipped, result.ExtrasRemoved };

    private MoveBaseline Which(StepContext step) => MoveBaseline.Read(step.Get(Baseline)).Only(step.Get(InstanceId));
}
