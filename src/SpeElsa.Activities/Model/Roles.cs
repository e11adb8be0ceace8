namespace SpeElsa.Activities;

/// <summary>The three roles of the product, by the names that scripts and definitions use.</summary>
internal static class Roles
{
    public const string ManagementServer = "managementServer";
    public const string InstanceHost = "instanceHost";
    public const string ClientAccessServer = "clientAccessServer";

    public static IReadOnlyList<string> All { get; } = [ManagementServer, InstanceHost, ClientAccessServer];

    public static string Title(string role) => role switch
    {
        ManagementServer => "Management Server",
        InstanceHost => "Instance Host",
        ClientAccessServer => "Client Access Server",
        _ => throw new InvalidOperationException($"'{role}' is not a role; use one of {string.Join(", ", All)}."),
    };
}
