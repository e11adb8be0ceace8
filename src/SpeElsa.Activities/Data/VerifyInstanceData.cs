using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Hashes every file of the instances on both servers, side by side, and compares.</summary>
[Activity(
    "SpeElsa",
    "VerifyInstanceData",
    1,
    "Hashes every file on both servers and compares",
    "Move data",
    DisplayName = "Verify instance data",
    Kind = ActivityKind.Task)]
[FlowNode("Same", "Differs")]
public sealed class VerifyInstanceData : MoveStep
{
    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Target", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Target { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where instance data went on the new server; empty: to the same paths.</summary>
    [Input(
        DisplayName = "Data directory",
        Description = "Where instance data went on the new server; empty: to the same paths",
        UIHint = "singleline",
        Order = 4)]
    public Input<string> DataDirectory { get; set; } = new("");

    /// <summary>One instance; empty: all that move.</summary>
    [Input(DisplayName = "Instance", Description = "The id of one instance; empty: all that move", UIHint = "singleline", Order = 5)]
    public Input<string> InstanceId { get; set; } = new("");

    /// <summary>What is wrong; empty when all is well.</summary>
    [Output(DisplayName = "Finding", Description = "What is wrong; empty when all is well")]
    public Output<string>? Finding { get; set; }

    private protected override string? Subject(ActivityExecutionContext context) => context.Get(InstanceId);

    private protected override string PassOutcome => "Same";

    private protected override void PutFinding(ActivityExecutionContext context, string? finding) => Put(context, Finding, finding ?? "");

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Nothing("It only read.");

    private protected override Task<Observation> ObserveAsync(StepContext step)
    {
        var rows = new List<object>();
        var findings = new List<string>();
        foreach (var move in DataMove.Of(Which(step), step.Get(DataDirectory)))
        {
            if (
                step.Result<ManifestResult>($"{move.Key}-source") is not { } source || step.Result<ManifestResult>($"{move.Key}-target") is not { } target)
            {
                return Task.FromResult(Observation.NotDone("Not everything has been hashed."));
            }

            rows.Add(
                new { move.Source, move.Target, target.FileCount, target.TotalBytes, digest = target.Digest, sourceDigest = source.Digest, source.SkippedJunctions });
            if (!ManifestResult.AreSame(source, target))
            {
                findings.Add(target.Exists
                    ? $"{move.Target} differs from {move.Source}: {target.FileCount} files with {target.TotalBytes} bytes and the digest {target.Digest}, "
                        + $"instead of {source.FileCount} with {source.TotalBytes} and {source.Digest}."
                    : $"{move.Target} does not exist.");
            }
        }

        return Task.FromResult(findings.Count == 0
            ? Observation.Done(new { directories = rows }, "Same")
            : Observation.Found("Differs", string.Join("\n", findings), new { directories = rows }));
    }

    private protected override Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var (source, target) = (step.Require(Source, nameof(Source)), step.Require(Target, nameof(Target)));
        var moves = DataMove.Of(Which(step), step.Get(DataDirectory));
        return Task.FromResult(MoveAct.Started(
            $"Hashes {moves.Count} directories on {source} and on {target}",
            [
                .. moves.Select(move => Manifest(step, $"{move.Key}-source", source, move.Source)),
                .. moves.Select(move => Manifest(step, $"{move.Key}-target", target, move.Target)),
            ]));
    }

    /// <summary>The key is the same for each try, so that hashing that broke off after hours goes on where it was.</summary>
    private static TicketWork Manifest(StepContext step, string key, string machine, string path) =>
        new(key, machine, MachineScripts.GetDirectoryManifest, new JsonObject
        {
            ["path"] = path,
            ["includeFiles"] = false,
            ["resumeKey"] = $"{step.Context.Id}-{key}",
        });

    private MoveBaseline Which(StepContext step) => MoveBaseline.Read(step.Get(Baseline)).Only(step.Get(InstanceId));
}
