namespace SpeElsa.Activities;

/// <summary>The three roles of the product, by the names that scripts and definitions use.</summary>
internal static class Roles
{
    public const string ManagementServer = "managementServer";
    public const string InstanceHost = "instanceHost";
    public const string ClientAccessServer = "clientAccessServer";

    public static IReadOnlyList<string> All { get; } = [ManagementServer, InstanceHost, ClientAccessServer];

    /// <summary>What the service launcher runs before the role, if it is in the config directory, such as a command that connects a share.</summary>
    public static string StartupScript(string role) => $"MailStore{Title(role).Replace(" ", "", StringComparison.Ordinal)}Startup.cmd";

    public static string Title(string role) => role switch
    {
        ManagementServer => "Management Server",
        InstanceHost => "Instance Host",
        ClientAccessServer => "Client Access Server",
        _ => throw new InvalidOperationException($"'{role}' is not a role; use one of {string.Join(", ", All)}."),
    };
}
