namespace SpeElsa.Activities;

/// <summary>What a pre-flight looks at.</summary>
/// <param name="Source">The old server, by its name in the fleet.</param>
/// <param name="Target">The new server.</param>
/// <param name="Baseline">How the old server stands.</param>
/// <param name="DataDirectory">Where instance data goes; empty: to the same paths.</param>
/// <param name="HostNameChanges">Whether the new server serves under another host name.</param>
/// <param name="Facts">What the new server is.</param>
/// <param name="IsInstalled">Whether the product is on the new server already.</param>
internal sealed record PreFlightPlan(
    string Source, string Target, MoveBaseline Baseline, string? DataDirectory, bool HostNameChanges, ServerFacts Facts, bool IsInstalled)
{
    private const int ConsolePort = 8470;
    private const int ManagementPort = 8471;
    private const int InstanceHostPort = 8472;
    private const int ClientAccessPort = 8473;

    /// <summary>The directory on the old server that the management database is pulled from, where that moves alone.</summary>
    public string? ConfigDirectory { get; init; }

    public IReadOnlyList<DataMove> Directories { get; } = DataMove.Of(Baseline, DataDirectory);

    /// <summary>The ports of all roles.</summary>
    public static IReadOnlyList<int> AllPortsOn(MachineSettings machine) =>
        [ConsolePort, ManagementPort, machine.ManagementApiPort, InstanceHostPort, ClientAccessPort, machine.HttpsPort, machine.ImapPort];

    public bool Moves(string role) => Baseline.Role.Length == 0 || Baseline.Role == role;

    /// <summary>The ports of the roles that move: those the vendor documents for servers among themselves, and those that are configured.</summary>
    public IReadOnlyList<int> PortsOn(MachineSettings target) =>
    [
        .. Moves(Roles.ManagementServer) ? new[] { ConsolePort, ManagementPort, target.ManagementApiPort } : [],
        .. Moves(Roles.InstanceHost) ? new[] { InstanceHostPort } : [],
        .. Moves(Roles.ClientAccessServer) ? new[] { ClientAccessPort, target.HttpsPort, target.ImapPort } : [],
    ];
}
