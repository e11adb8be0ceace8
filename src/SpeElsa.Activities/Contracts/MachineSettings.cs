using System.Text.Json.Nodes;

namespace SpeElsa.Activities;

/// <summary>What is configured for a machine. Everything the vendor does not document is here, never in code.</summary>
public sealed record MachineSettings
{
    /// <summary>Its name in the fleet.</summary>
    public required string Name { get; init; }

    /// <summary>Its full host name, as other machines reach it.</summary>
    public required string HostName { get; init; }

    /// <summary>Where the product is or will be installed.</summary>
    public string InstallDirectory { get; init; } = @"C:\Program Files\MailStore Infrastructure";

    /// <summary>How the names of the three services begin.</summary>
    public ServiceStems ServiceStems { get; init; } = new();

    /// <summary>Patterns that subject or friendly name of the product's certificates match; <c>*</c> stands for anything.</summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = ["MailStore*"];

    /// <summary>What the certificate for browsers is called, where the Client Access Server does not show which one it uses.</summary>
    public string HttpCertificateName { get; init; } = "MailStoreClientAccessServerHttp";

    /// <summary>What the certificate for mail programs is called, where the Client Access Server does not show which one it uses.</summary>
    public string ImapCertificateName { get; init; } = "MailStoreClientAccessServerImap";

    /// <summary>The administrative share of the system drive, for example <c>\\spe-old\C$</c>; null: of the host name.</summary>
    public string? AdministrativeShare { get; init; }

    /// <summary>The field of GetSystemAdministrators that tells whether MFA is on.</summary>
    public string MfaField { get; init; } = "mfaEnabled";

    /// <summary>The port of the Management API.</summary>
    public int ManagementApiPort { get; init; } = 8474;

    /// <summary>Where its Client Access Server is reached by TLS, a name or an address; null: the host name.</summary>
    public string? ClientAccessAddress { get; init; }

    /// <summary>The port of browsers.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>The port of mail programs, with STARTTLS.</summary>
    public int ImapPort { get; init; } = 143;

    /// <summary>How another machine reaches a path of this one.</summary>
    /// <param name="path">A full Windows path with a drive letter; a network path stays as it is.</param>
    /// <returns>A path below the administrative share of that drive.</returns>
    /// <exception cref="ArgumentException">The path has no drive.</exception>
    public string ToShare(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return path;
        }

        if (path.Length < 2 || path[1] != ':' || !char.IsAsciiLetter(path[0]))
        {
            throw new ArgumentException($"'{path}' is not a full Windows path.", nameof(path));
        }

        var share = (AdministrativeShare ?? $@"\\{HostName}\C$").TrimEnd('\\');
        if (share.Length > 2 && share[^1] == '$' && share[^3] == '\\')
        {
            share = $"{share[..^2]}{char.ToUpperInvariant(path[0])}$";
        }

        return share + path[2..].TrimEnd('\\');
    }
}

/// <summary>How the names of the three services begin.</summary>
/// <param name="ManagementServer">The Management Server's.</param>
/// <param name="InstanceHost">The Instance Host's.</param>
/// <param name="ClientAccessServer">The Client Access Server's.</param>
public sealed record ServiceStems(
    string ManagementServer = "MailStoreManagementServer",
    string InstanceHost = "MailStoreInstanceHost",
    string ClientAccessServer = "MailStoreClientAccessServer")
{
    internal JsonObject ToScriptInput() => new()
    {
        ["managementServer"] = ManagementServer,
        ["instanceHost"] = InstanceHost,
        ["clientAccessServer"] = ClientAccessServer,
    };
}
