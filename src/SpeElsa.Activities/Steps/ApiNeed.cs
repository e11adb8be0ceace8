using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>A call that a step needs to act.</summary>
/// <param name="Function">The function.</param>
/// <param name="Arguments">The arguments that are sent, spelled as the vendor does.</param>
/// <param name="ByHand">What a person does instead, as an instruction.</param>
internal sealed record ApiNeed(string Function, IReadOnlyList<string> Arguments, string ByHand)
{
    private const string SetHosts = "Set the Instance Host of these instances in the Management Console.";
    private const string SetDirectories = "Set the base directory of these instances in the Management Console.";

    public static ApiNeed StopInstances { get; } = new("StopInstances", ["instanceFilter"], "Stop these instances in the Management Console.");

    public static ApiNeed StartInstances { get; } = new("StartInstances", ["instanceFilter"], "Start these instances in the Management Console.");

    public static ApiNeed GetInstanceConfiguration { get; } = new("GetInstanceConfiguration", ["instanceID"], SetDirectories);

    public static ApiNeed SetInstanceConfiguration { get; } = new("SetInstanceConfiguration", ["config"], SetDirectories);

    public static ApiNeed GetInstanceHost { get; } = GetInstanceConfiguration with { ByHand = SetHosts };

    public static ApiNeed SetInstanceHost { get; } = SetInstanceConfiguration with { ByHand = SetHosts };

    public static ApiNeed RemoveInstanceHost { get; } =
        new("DeleteInstanceHost", ["serverName"], "Remove the Instance Host in the Management Console, where no instance refers to it.");

    public static ApiNeed RemoveClientAccessServer { get; } =
        new("DeleteClientAccessServer", ["serverName"], "Remove that Client Access Server in the Management Console.");

    public static ApiNeed SetSmtp { get; } = new("SetSystemSmtpConfiguration", ["config"], "Enter the SMTP password in the Management Console.");

    private static IReadOnlyList<ApiNeed> Of(string role) => role switch
    {
        Roles.InstanceHost => [.. All.Except([SetSmtp]), RemoveInstanceHost],
        Roles.ClientAccessServer => [RemoveClientAccessServer],
        _ => All,
    };

    /// <summary>Every call by which the move of a whole server changes something.</summary>
    public static IReadOnlyList<ApiNeed> All { get; } = [StopInstances, StartInstances, GetInstanceConfiguration, SetInstanceConfiguration, SetSmtp];

    /// <summary>Every call by which a move changes something.</summary>
    public static IReadOnlyList<ApiNeed> OfAnyMove { get; } = [.. All, RemoveInstanceHost, RemoveClientAccessServer];

    /// <summary>Why the steps of a move will ask a person to act, on this version of the server.</summary>
    /// <param name="metadata">What the server can do.</param>
    /// <param name="role">The role that moves by itself; empty: the whole server.</param>
    public static IReadOnlyList<string> Missing(ManagementApiMetadata metadata, string role) =>
        [.. Of(role).Select(need => metadata.Can(need.Function, need.Arguments).Why).OfType<string>()];
}
