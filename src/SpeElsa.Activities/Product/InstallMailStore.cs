using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Runs the configured installer. The vendor documents no silent installation, so its command line is the operator's.</summary>
[Activity(
    "SpeElsa",
    "InstallMailStore",
    1,
    "Runs a configured installer command on the new server",
    "Move product",
    DisplayName = "Install product",
    Kind = ActivityKind.Task)]
public sealed class InstallMailStore : MoveStep
{
    private const string Work = "install";

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The installer, as a path on the new server.</summary>
    [Input(DisplayName = "Command", Description = "The installer, as a path on the new server", UIHint = "singleline", Order = 2)]
    public Input<string> Command { get; set; } = new("");

    /// <summary>Its arguments; no secrets, they are stored.</summary>
    [Input(DisplayName = "Arguments", Description = "Its arguments; no secrets, they are stored", UIHint = "singleline", Order = 3)]
    public Input<string> Arguments { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 4)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where the product is to be; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is to be; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 5)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Stays(
        $"The programs stay on {facts.Text(nameof(Machine))}, with their services stopped and disabled. Uninstall them by hand if that server does not become the new one later.");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var facts = await step.ServerFactsAsync(machine, step.InstallDirectory(InstallDirectory, machine));
        var wanted = MoveBaseline.Read(step.Get(Baseline)).ProductVersion;
        var evidence = new { facts.ProductVersion, exitCode = step.Result<InstallResult>(Work)?.ExitCode };
        return Versions.AreSame(facts.ProductVersion, wanted)
            ? Observation.Done(evidence)
            : Observation.NotDone(
                $"{machine} has {(facts.ProductVersion is null ? "no installation" : $"version {facts.ProductVersion}")}, wanted is {wanted}.",
                evidence);
    }

    private protected override Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var command = step.Require(Command, nameof(Command));
        return Task.FromResult(MoveAct.Started($"Runs {command}", new TicketWork(Work, machine, MachineScripts.InstallMailStore, new JsonObject
        {
            ["commandLine"] = command,
            ["arguments"] = step.Get(Arguments) ?? "",
            ["installDirectory"] = step.InstallDirectory(InstallDirectory, machine),
        })));
    }
}
