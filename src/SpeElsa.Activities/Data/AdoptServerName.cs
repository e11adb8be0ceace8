using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Follows a server that has another name: its instances are given to the entry of the new name, and the entries of the old one removed. Before the
/// Instance Host starts, so that each instance finds its host at once.
/// </summary>
[Activity(
    "SpeElsa",
    "AdoptServerName",
    1,
    "Gives the instances of a renamed server to its new entry, and removes the entries of its old name",
    "Move services",
    DisplayName = "Adopt server name",
    Kind = ActivityKind.Task)]
public sealed class AdoptServerName : MoveStep
{
    private static readonly string[] Renamed = [Roles.InstanceHost, Roles.ClientAccessServer];

    /// <summary>The server.</summary>
    [Input(DisplayName = "Machine", Description = "The renamed server with its Management Server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>What 'Take baseline' put out; it knows the entries of before.</summary>
    [Input(
        DisplayName = "Baseline",
        Description = "What 'Take baseline' put out; it knows the entries of before",
        UIHint = "singleline",
        DefaultSyntax = "Variable",
        Order = 2)]
    public Input<object?> Baseline { get; set; } = new((object?)null);

    /// <summary>The name.</summary>
    [Input(DisplayName = "Server name", Description = "The new server name, as its entries have it; empty: back to the entries of the baseline", UIHint = "singleline", Order = 3)]
    public Input<string> ServerName { get; set; } = new("");

    private protected override IReadOnlyList<ApiNeed> Needs { get; } =
        [ApiNeed.GetInstanceHost, ApiNeed.SetInstanceHost, ApiNeed.RemoveInstanceHost, ApiNeed.RemoveClientAccessServer];

    private protected override string ApiMachine(StepContext step) => step.Require(Machine, nameof(Machine));

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.By(UndoSteps.AdoptServerName(facts.Text(nameof(Machine))));

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var plan = await PlanAsync(step, api);
        if (plan.Unknown.Count > 0)
        {
            return Observation.CannotTell($"The Management Server knows no {string.Join(" and no ", plan.Unknown)}. Pair them, then retry.");
        }

        if (plan.Instances.Where(instance => instance.IsRunning).Select(instance => instance.InstanceId).ToArray() is { Length: > 0 } running)
        {
            return Observation.CannotTell($"These instances run, and would lose what they are just archiving: {string.Join(", ", running)}. Stop them, then retry.");
        }

        var left = plan.Instances.Select(instance => $"instance {instance.InstanceId}").Concat(plan.Stale.Select(entry => $"{Roles.Title(entry.Role)} {entry.Name}")).ToArray();
        return left.Length == 0
            ? Observation.Done(new { instanceHost = plan.Host })
            : Observation.NotDone($"These still belong to a name that is not the server's any more: {string.Join(", ", left)}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        using var api = await step.ApiAsync(ApiMachine(step));
        var plan = await PlanAsync(step, api);
        foreach (var instance in plan.Instances)
        {
            var configuration = await api.GetInstanceConfigurationAsync(instance.InstanceId, step.CancellationToken);
            // The whole object goes back as it came; only this field is ours.
            configuration["instanceHost"] = plan.Host;
            await api.SetInstanceConfigurationAsync(configuration, step.CancellationToken);
        }

        foreach (var (role, name) in plan.Stale)
        {
            var function = (role == Roles.InstanceHost ? ApiNeed.RemoveInstanceHost : ApiNeed.RemoveClientAccessServer).Function;
            await api.InvokeAsync(function, new Dictionary<string, string?> { ["serverName"] = name }, step.CancellationToken);
        }

        return MoveAct.Finished($"Gave {plan.Instances.Count} instances to {plan.Host}; removed {string.Join(", ", plan.Stale.Select(entry => $"{Roles.Title(entry.Role)} {entry.Name}"))}");
    }

    private async Task<RenamePlan> PlanAsync(StepContext step, IManagementApi api)
    {
        var baseline = MoveBaseline.Read(step.Get(Baseline));
        var name = step.Get(ServerName) ?? "";
        var (host, unknown, stale) = ("", new List<string>(), new List<(string Role, string Name)>());
        foreach (var role in Renamed)
        {
            // Entries of other machines are none of ours: forward the server's own of before, back those that came since.
            var now = await RoleEntries.NamesAsync(api, role, step.CancellationToken);
            var own = baseline.Entries.GetValueOrDefault(role) ?? throw new InvalidOperationException($"The baseline does not know under which name the {Roles.Title(role)} was.");
            var wanted = name.Length > 0 ? name : own;
            host = role == Roles.InstanceHost ? wanted : host;
            if (!now.Any(entry => RoleEntries.AreSame(entry, wanted)))
            {
                unknown.Add($"{Roles.Title(role)} {wanted}");
            }

            stale.AddRange(now
                .Where(entry => !RoleEntries.AreSame(entry, wanted)
                    && (name.Length > 0 ? RoleEntries.AreSame(entry, own) : !baseline.Roles.Any(known => known.Role == role && RoleEntries.AreSame(known.ServerName, entry))))
                .Select(entry => (role, entry)));
        }

        var hosts = stale.Where(entry => entry.Role == Roles.InstanceHost).Select(entry => entry.Name).ToArray();
        var instances = (await api.GetInstancesAsync("*", step.CancellationToken)).Where(instance => hosts.Any(old => RoleEntries.AreSame(instance.InstanceHost, old)));
        return new RenamePlan(host, unknown, [.. instances], stale);
    }

    private sealed record RenamePlan(string Host, IReadOnlyList<string> Unknown, IReadOnlyList<SpeInstance> Instances, IReadOnlyList<(string Role, string Name)> Stale);
}
