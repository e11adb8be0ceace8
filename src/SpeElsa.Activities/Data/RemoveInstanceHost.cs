using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Removes the entry of an Instance Host from the Management Server, only while no instance refers to it.</summary>
[Activity(
    "SpeElsa",
    "RemoveInstanceHost",
    1,
    "Removes an Instance Host from the Management Server, if no instance refers to it",
    "Move services",
    DisplayName = "Remove Instance Host",
    Kind = ActivityKind.Task)]
public sealed class RemoveInstanceHost : RemoveServerEntry
{
    private protected override string Role => Roles.InstanceHost;

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.RemoveInstanceHost];

    private protected override async Task<string?> WhyNotAsync(StepContext step, IManagementApi api, string entry)
    {
        var left = (await api.GetInstancesAsync("*", step.CancellationToken))
            .Where(instance => RoleEntries.AreSame(instance.InstanceHost, entry))
            .Select(instance => instance.InstanceId)
            .ToArray();
        return left.Length == 0 ? null : $"These instances still belong to the Instance Host {entry}: {string.Join(", ", left)}. Move them, then retry.";
    }
}
