namespace SpeElsa.Torture.Moves;

/// <summary>A procedure that is played over HTTP on one of the lab's farms.</summary>
/// <param name="Scenario">Its definition.</param>
/// <param name="Farm">The farm.</param>
/// <param name="Plan">Its inputs.</param>
/// <param name="Machines">The machines it works on: faults hit these.</param>
/// <param name="Acts">What a person does on the farm for each task, by how its name begins. A task that is not listed is only answered.</param>
internal sealed record MoveProcedure(string Scenario, string Farm, object Plan, string[] Machines, IReadOnlyDictionary<string, Func<LabPerson, string, Task>> Acts)
{
    /// <summary>The procedures, in the order in which rounds play them.</summary>
    public static IReadOnlyList<MoveProcedure> All { get; } =
    [
        new(
            "single-server-move",
            "Single",
            new { source = "spe-old", target = "spe-new", hostNameChanges = true },
            ["spe-old", "spe-new"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)
            {
                ["mfa-off"] = (person, _) => person.SetMfaAsync("spe-old", false),
                ["transfer-licence"] = (person, _) => person.TransferLicenceAsync("spe-new"),
                ["install"] = (person, _) => person.InstallAsync("spe-new", "single"),
                ["mfa-on"] = (person, _) => person.SetMfaAsync("spe-new", true),
            }),
        new(
            "move-instance-host",
            "Multi",
            new { managementServer = "spe-mgmt", source = "spe-ih1", target = "spe-ih-new", dataDirectory = @"C:\Mail", parallelCopies = 2 },
            ["spe-ih1", "spe-ih-new"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)
            {
                ["install"] = (person, _) => person.InstallAsync("spe-ih-new", "multi"),
                ["add-role"] = (person, _) => person.AddRoleAsync("spe-ih-new", "instanceHost"),
                ["pair"] = (person, _) => person.PairAsync("spe-ih-new", "instanceHost", "spe-mgmt"),
                ["remove-role"] = (person, _) => person.RemoveRoleAsync("spe-ih1", "instanceHost"),
            }),
        new(
            "move-instances",
            "Multi",
            new { managementServer = "spe-mgmt", source = "spe-ih1", target = "spe-ih2", dataDirectory = @"C:\Mail", instances = "", parallelCopies = 2 },
            ["spe-ih1", "spe-ih2"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)),
        new(
            "move-management-server",
            "Multi",
            new { source = "spe-mgmt", target = "spe-mgmt-new" },
            ["spe-mgmt", "spe-mgmt-new"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)
            {
                ["install"] = (person, _) => person.InstallAsync("spe-mgmt-new", "multi"),
                ["add-role"] = (person, _) => person.AddRoleAsync("spe-mgmt-new", "managementServer"),
                ["mfa-off"] = (person, _) => person.SetMfaAsync("spe-mgmt", false),
                ["transfer-licence"] = (person, _) => person.TransferLicenceAsync("spe-mgmt-new"),
                ["configure-instance-host-"] = (person, task) => person.ConfigureAsync(task["configure-instance-host-".Length..], "instanceHost", "spe-mgmt-new"),
                ["configure-client-access-"] = (person, task) => person.ConfigureAsync(task["configure-client-access-".Length..], "clientAccessServer", "spe-mgmt-new"),
                ["mfa-on"] = (person, _) => person.SetMfaAsync("spe-mgmt-new", true),
            }),
        new(
            "move-client-access-server",
            "Multi",
            new { managementServer = "spe-mgmt", source = "spe-cas", target = "spe-cas-new", clientAccessName = "archive.lab.example" },
            ["spe-cas", "spe-cas-new"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)
            {
                ["install"] = (person, _) => person.InstallAsync("spe-cas-new", "multi"),
                ["add-role"] = (person, _) => person.AddRoleAsync("spe-cas-new", "clientAccessServer"),
                ["pair"] = (person, _) => person.PairAsync("spe-cas-new", "clientAccessServer", "spe-mgmt"),
                ["choose-certificates"] = (person, _) => person.ChooseCertificatesAsync("spe-cas-new", "spe-cas"),
                ["switch-name"] = (person, _) => person.LeadAsync("archive.lab.example", "spe-cas-new"),
                ["remove-role"] = (person, _) => person.RemoveRoleAsync("spe-cas", "clientAccessServer"),
            }),
        new(
            "rename-server",
            "Single",
            new { source = "spe-old", newName = "spe-alpha" },
            ["spe-old"],
            new Dictionary<string, Func<LabPerson, string, Task>>(StringComparer.Ordinal)
            {
                ["rename-computer"] = (person, _) => person.RenameComputerAsync("spe-old", "spe-alpha"),
                ["transfer-licence"] = (person, _) => person.TransferLicenceAsync("spe-alpha"),
                ["rename-management"] = (person, _) => person.RenameRoleAsync("spe-old", "managementServer", "spe-alpha"),
                ["rename-roles"] = async (person, _) =>
                {
                    foreach (var role in new[] { "instanceHost", "clientAccessServer" })
                    {
                        await person.RenameRoleAsync("spe-old", role, "spe-alpha");
                        await person.PairAsync("spe-old", role, "localhost");
                    }
                },
            }),
    ];

    public Func<LabPerson, string, Task>? ActFor(string taskName) =>
        Acts.Where(act => taskName.StartsWith(act.Key, StringComparison.Ordinal)).OrderByDescending(act => act.Key.Length).Select(act => act.Value).FirstOrDefault();
}
