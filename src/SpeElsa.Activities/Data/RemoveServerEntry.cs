using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Base of the steps that remove the entry of a server from the Management Server, once nothing needs it any more.</summary>
public abstract class RemoveServerEntry : MoveStep
{
    /// <summary>Whose Management API is asked.</summary>
    [Input(DisplayName = "Management Server", Description = "The machine of the Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The server whose entry goes.</summary>
    [Input(DisplayName = "Machine", Description = "The machine whose entry is removed, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 2)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out, where an entry that was there before is to stay.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out, where an entry that was there before is to stay; empty: it goes in any case",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 3)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    private protected abstract string Role { get; }

    private protected override IReadOnlyList<MovePart> Parts => [MovePart.Removes];

    /// <summary>Why the entry of that name has to stay for now; null when it can go.</summary>
    private protected abstract Task<string?> WhyNotAsync(StepContext step, MailStore.IManagementApi api, string entry);

    private protected override string ApiMachine(StepContext step) => step.Require(ManagementServer, nameof(ManagementServer));

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Stays(
        $"The Management Server has no entry of {facts.Text(nameof(Machine))} any more. To use that {Roles.Title(Role)} again, add its role and pair it.");

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        if (await RoleEntries.FindAsync(step, api, Role, step.Require(Machine, nameof(Machine))) is not { } entry)
        {
            return Observation.Done(new { entries = await RoleEntries.NamesAsync(api, Role, step.CancellationToken) });
        }

        if (step.Get(Baseline) is { } baseline && MoveBaseline.Read(baseline).Roles.Any(role => role.Role == Role && RoleEntries.AreSame(role.ServerName, entry)))
        {
            return Observation.Done(new { entry, note = "It was there before the move." });
        }

        return await WhyNotAsync(step, api, entry) is { } reason
            ? Observation.CannotTell(reason)
            : Observation.NotDone($"The Management Server still has an entry of the {Roles.Title(Role)} {entry}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var entry = await RoleEntries.FindAsync(step, api, Role, step.Require(Machine, nameof(Machine)));
        await api.InvokeAsync(Needs[0].Function, new Dictionary<string, string?> { ["serverName"] = entry }, step.CancellationToken);
        return MoveAct.Finished($"Removed the {Roles.Title(Role)} {entry}");
    }
}
