using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>Under which name the Management Server knows the Instance Host of a machine.</summary>
internal static class InstanceHostNames
{
    /// <summary>Looks for an entry that has one of the names of the machine.</summary>
    /// <returns>Its name there; null when there is none.</returns>
    public static Task<string?> FindAsync(StepContext step, IManagementApi api, string machine) => RoleEntries.FindAsync(step, api, Roles.InstanceHost, machine);

    public static bool AreSame(string? left, string? right) => RoleEntries.AreSame(left, right);
}
