using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>
/// Looks up in DNS where the name leads by which end users reach their Client Access Server. Where that can not be told (no name in the plan, a load
/// balancer, a name that DNS does not know) what a person said stands, and the evidence says so.
/// </summary>
[Activity(
    "SpeElsa",
    "CheckClientAccessName",
    1,
    "Looks up in DNS whether the name of end users leads to the new server",
    "Move checks",
    DisplayName = "Check name of end users")]
[FlowNode("Leads", "Elsewhere")]
public sealed class CheckClientAccessName : MoveCheck
{
    /// <summary>Where the name is to lead.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, which the name is to lead to, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it knows the name and where it led.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it knows the name and where it led",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>Whether users have their service back by this.</summary>
    [Input(
        DisplayName = "Downtime ends",
        Description = "Whether users have their service back by this; the journal then says so",
        UIHint = "checkbox",
        Order = 3)]
    public Input<bool> DowntimeEnds { get; set; } = new(false);

    private protected override string PassOutcome => "Leads";

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var machine = step.Require(Machine, nameof(Machine));
        var before = MoveBaseline.Read(step.Get(Baseline)).EndUserName;
        if (before.Name.Length == 0)
        {
            const string why = "The plan names no name to look up; a person said that it is switched.";
            return Observation.Done(new { confirmed = false, why }, "Leads") with { Unproven = why };
        }

        var name = await step.ResolveAsync(machine, before.Name);
        var server = await step.ResolveAsync(machine, step.Settings(machine).HostName);
        var found = EndUserNameComparison.Compare(before, name.Addresses, server.Addresses);
        var evidence = new { confirmed = found.IsConfirmed, why = found.Why, before, now = name, server };
        return found.IsThere
            ? Observation.Done(evidence, "Leads") with { Unproven = found.IsConfirmed ? null : found.Why }
            : Observation.Found("Elsewhere", $"{found.Why} {Remembered(name.TimeToLiveSeconds)}".TrimEnd(), evidence);
    }

    private protected override Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone && step.Get(DowntimeEnds))
        {
            step.Journal(Downtime.EndedEvent, $"End users are led to {step.Get(Machine)}");
        }

        return Task.CompletedTask;
    }

    private static string Remembered(long? seconds) => seconds is { } time ? $"What was changed shows when the old answer is forgotten, within {time} seconds." : "";
}

/// <summary>Whether a name leads to the new server; pure.</summary>
/// <param name="IsThere">Whether the move may go on.</param>
/// <param name="IsConfirmed">Whether DNS confirms it; otherwise a person's word stands.</param>
/// <param name="Why">In a sentence.</param>
internal sealed record EndUserNameComparison(bool IsThere, bool IsConfirmed, string Why)
{
    /// <summary>Compares.</summary>
    /// <param name="before">The name as it was before the move.</param>
    /// <param name="now">Where it leads now.</param>
    /// <param name="server">The addresses of the new server.</param>
    public static EndUserNameComparison Compare(BaselineEndUserName before, IReadOnlyList<string> now, IReadOnlyList<string> server)
    {
        if (now.Count == 0 || server.Count == 0)
        {
            return new(true, false, $"{(now.Count == 0 ? before.Name : "The server's own name")} can not be looked up; a person said that {before.Name} is switched.");
        }

        var leads = $"{before.Name} leads to {string.Join(", ", now)}";
        return now.All(server.Contains) ? new(true, true, $"{leads}, as the server does.")
            : now.Any((before.ServerAddresses ?? []).Contains) ? new(false, false, $"{leads}; that is the old server. It is to lead to {string.Join(", ", server)}.")
            : new(true, false, $"{leads}; that is neither server, but a load balancer or an address that is translated, of which DNS knows no more. A person said that it is switched.");
    }
}
