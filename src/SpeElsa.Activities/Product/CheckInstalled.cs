using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Checks that the new server has the product in single server mode, in the version of the old one.</summary>
[Activity(
    "SpeElsa",
    "CheckInstalled",
    1,
    "Checks that the same version is installed and set up with all three roles",
    "Move checks",
    DisplayName = "Check installation")]
[FlowNode("Installed", "Missing", "WrongVersion")]
public sealed class CheckInstalled : MoveCheck
{
    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 3)]
    public Input<string> InstallDirectory { get; set; } = new("");

    private protected override string PassOutcome => "Installed";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var directory = step.InstallDirectory(InstallDirectory, machine);
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        var facts = await step.ServerFactsAsync(machine, directory);
        var services = await step.ServicesAsync(machine, directory);
        var evidence = new { directory, facts.ProductVersion, expected = baseline.ProductVersion, services = services.Select(service => $"{service.Role}: {service.Name}") };
        if (facts.ProductVersion is null)
        {
            return Observation.Found("Missing", $"There is no installation in {directory} on {machine}.", evidence);
        }

        if (!Versions.AreSame(facts.ProductVersion, baseline.ProductVersion))
        {
            return Observation.Found(
                "WrongVersion",
                $"{machine} has version {facts.ProductVersion}, the old server has {baseline.ProductVersion}. Install exactly {baseline.ProductVersion}.",
                evidence);
        }

        // In multi server mode a role is added by itself, and looked for by itself.
        var wanted = baseline.Role.Length == 0 ? Roles.All : [];
        var missing = wanted.Where(role => services.All(service => service.Role != role)).Select(Roles.Title).ToArray();
        return missing.Length == 0
            ? Observation.Done(evidence, "Installed")
            : Observation.Found(
                "Missing",
                $"The program is installed on {machine}, but these roles are not set up: {string.Join(", ", missing)}. "
                + "Choose Single Server Mode in the configuration tool.",
                evidence);
    }
}

internal static class Versions
{
    /// <summary>25.3.1 and 25.3.1.0 are the same version.</summary>
    public static bool AreSame(string? left, string? right) => Trim(left) == Trim(right);

    private static string Trim(string? version)
    {
        var text = version?.Trim() ?? "";
        while (text.EndsWith(".0", StringComparison.Ordinal))
        {
            text = text[..^2];
        }

        return text;
    }
}
