namespace SpeElsa.Activities;

// How things stood before the move. Stored as plain data in a variable of the workflow; the names are a stored format.

/// <summary>The old installation as it was.</summary>
internal sealed record MoveBaseline
{
    public string ComputerName { get; init; } = "";

    public string FullName { get; init; } = "";

    public string ProductVersion { get; init; } = "";

    public string ApiVersion { get; init; } = "";

    public string ServerName { get; init; } = "";

    public IReadOnlyList<ServiceFacts> Services { get; init; } = [];

    /// <summary>The product's certificates only; of a Client Access Server that moves alone those that end users see.</summary>
    public IReadOnlyList<CertificateFacts> Certificates { get; init; } = [];

    public IReadOnlyList<BaselineMessage> Messages { get; init; } = [];

    /// <summary>Empty in a baseline of an earlier version, which did not look.</summary>
    public IReadOnlyList<BaselineRole> Roles { get; init; } = [];

    /// <summary>The role that moves alone; empty where the whole server does.</summary>
    public string Role { get; init; } = "";

    /// <summary>The machine of the Management Server, where the role moves without it; empty where it is on the old server.</summary>
    public string ManagementServer { get; init; } = "";

    /// <summary>Under which names the Management Server knows the Instance Host and the Client Access Server of the old server, by role.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; init; } = new Dictionary<string, string>();

    /// <summary>Which certificates end users see; only where a Client Access Server moves alone.</summary>
    public IReadOnlyList<BaselineEndUserCertificate> EndUserCertificates { get; init; } = [];

    /// <summary>Where the name led by which end users reach the Client Access Server; only where the plan names it.</summary>
    public BaselineEndUserName EndUserName { get; init; } = new();

    /// <summary>The instances whose data moves: all, or those of the Instance Host that moves.</summary>
    public IReadOnlyList<BaselineInstance> Instances { get; init; } = [];

    /// <summary>Instances that stay where they are, and are only compared.</summary>
    public IReadOnlyList<BaselineInstance> OtherInstances { get; init; } = [];

    public IReadOnlyList<BaselineAdministrator> Administrators { get; init; } = [];

    public BaselineSmtp Smtp { get; init; } = new();

    /// <summary>Which steps will ask a person, since this Management Server can not be asked; empty in a baseline of an earlier version.</summary>
    public IReadOnlyList<string> ByHand { get; init; } = [];

    public double DataMegabytes =>
        Instances.Sum(instance => Math.Max(instance.Megabytes, instance.Stores.Sum(store => store.Bytes) / 1048576d));

    public IEnumerable<string> MfaAdministrators =>
        Administrators.Where(administrator => administrator.Mfa == true).Select(administrator => administrator.UserName);

    /// <summary>As if there were this instance only.</summary>
    /// <param name="instanceId">The instance; empty: all.</param>
    /// <exception cref="InvalidOperationException">It is none of those that move.</exception>
    public MoveBaseline Only(string? instanceId) => string.IsNullOrEmpty(instanceId)
        ? this
        : this with
        {
            Instances =
            [
                Instances.FirstOrDefault(instance => instance.Id == instanceId)
                    ?? throw new InvalidOperationException($"The instance '{instanceId}' is not among those that move: {string.Join(", ", Instances.Select(instance => instance.Id))}."),
            ],
        };

    public static MoveBaseline Read(object? value) =>
        Wire.Read<MoveBaseline>(value)
            ?? throw new InvalidOperationException(
                "There is no baseline: run 'Take baseline' first, and bind its output to the variable that this input reads.");
}

internal sealed record BaselineMessage(string Type, string? Text, string? Tag);

/// <summary>A role as the Management Server knows it; whether it is connected is null when that can not be told.</summary>
internal sealed record BaselineRole(string Role, string ServerName, bool? IsConnected, string? Problem = null);

/// <summary>A certificate that end users see.</summary>
/// <param name="Service">HTTPS or IMAP.</param>
/// <param name="Thumbprint">Which one.</param>
/// <param name="Subject">Whose name it has.</param>
/// <param name="IsShown">Whether the server showed it; otherwise it is the one of the product's name.</param>
internal sealed record BaselineEndUserCertificate(string Service, string Thumbprint, string? Subject, bool IsShown);

/// <summary>A name in DNS as it was before the move.</summary>
/// <param name="Name">The name; empty where the plan names none.</param>
/// <param name="Addresses">Where it led; empty when it could not be looked up.</param>
/// <param name="ServerAddresses">The addresses of the old server itself.</param>
internal sealed record BaselineEndUserName(string Name = "", IReadOnlyList<string>? Addresses = null, IReadOnlyList<string>? ServerAddresses = null);

internal sealed record BaselineAdministrator(string UserName, string? FullName, bool? Mfa);

/// <summary>The password is never readable; that a user name is set tells that there is one to enter again.</summary>
internal sealed record BaselineSmtp(bool IsSet = false, string? UserName = null, string? HostName = null);

internal sealed record BaselineInstance
{
    public required string Id { get; init; }

    public string? DisplayName { get; init; }

    public string? Status { get; init; }

    public string? StartStopError { get; init; }

    public bool WasRunning { get; init; }

    public string? StartMode { get; init; }

    public required string BaseDirectory { get; init; }

    public string? InstanceHost { get; init; }

    public long? Messages { get; init; }

    public double Megabytes { get; init; }

    public IReadOnlyList<BaselineStore> Stores { get; init; } = [];

    public bool StartsByItself =>
        !string.Equals(StartMode, "manual", StringComparison.OrdinalIgnoreCase) && !string.Equals(
            StartMode, "disabled", StringComparison.OrdinalIgnoreCase);
}

internal sealed record BaselineStore(
    int Id, string? Name, string? Path, string? RequestedState, string? Error, bool NeedsRebuild, bool NeedsUpgrade, long Bytes);
