using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>What a machine told of itself when it was looked at.</summary>
public sealed record MachineFacts
{
    /// <summary>When it was looked at.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its computer name.</summary>
    public required string ComputerName { get; init; }

    /// <summary>Its name with the domain; null where it is in none.</summary>
    public string? FullName { get; init; }

    /// <summary>Windows with its version.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>The version of the product; null where it is not installed.</summary>
    public string? ProductVersion { get; init; }

    /// <summary>Its fixed drives.</summary>
    public IReadOnlyList<MachineDrive> Drives { get; init; } = [];

    /// <summary>The services of the product: they say which roles it has.</summary>
    public IReadOnlyList<DiscoveredService> Services { get; init; } = [];

    /// <summary>The certificates in its personal store, the first to expire first.</summary>
    public IReadOnlyList<DiscoveredCertificate> Certificates { get; init; } = [];

    /// <summary>The certificate that its Client Access Server shows browsers; null where none runs.</summary>
    public string? HttpThumbprint { get; init; }

    /// <summary>The certificate that its Client Access Server shows mail programs; null where none runs.</summary>
    public string? ImapThumbprint { get; init; }

    /// <summary>What it did not tell, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A drive.</summary>
/// <param name="Root">Such as C:\.</param>
/// <param name="FreeBytes">What is free.</param>
/// <param name="SizeBytes">How large it is.</param>
public sealed record MachineDrive(string Root, long FreeBytes, long SizeBytes);

/// <summary>Looks at one machine, and changes nothing.</summary>
/// <param name="fleet">The machines.</param>
/// <param name="timeProvider">The time.</param>
public sealed class MachineLook(IFleet fleet, TimeProvider timeProvider)
{
    /// <summary>Looks.</summary>
    /// <param name="name">The machine.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it told; what it did not is a note.</returns>
    /// <exception cref="MachineScriptException">It does not even tell its name.</exception>
    public async Task<MachineFacts> RunAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var (settings, notes) = (fleet.Settings(name), new List<string>());
        var directory = settings.InstallDirectory.TrimEnd('\\');
        var facts = await fleet.ServerFactsAsync(name, directory, cancellationToken);
        var services = await AskAsync("its services", () => fleet.ServicesAsync(name, directory, cancellationToken));
        var certificates = await AskAsync("its certificates", () => fleet.CertificatesAsync(name, "My", MachineQueries.AnyName, cancellationToken));
        var isAccess = services.Any(service => service is { Role: Roles.ClientAccessServer, IsRunning: true });
        return new MachineFacts
        {
            At = timeProvider.GetUtcNow(),
            ComputerName = facts.ComputerName,
            FullName = facts.Fqdn,
            OperatingSystem = facts.OsVersion,
            ProductVersion = facts.InstallDirectoryExists ? facts.ProductVersion : null,
            Drives = [.. facts.Drives?.Select(drive => new MachineDrive(drive.Root, drive.FreeBytes, drive.SizeBytes)) ?? []],
            Services =
            [
                .. services.Where(service => service.Role is not null)
                    .Select(service => new DiscoveredService(service.Role!, service.Name, service.DisplayName ?? service.Name, service.IsRunning, service.StartMode ?? "Manual")),
            ],
            Certificates =
            [
                .. certificates.OrderBy(certificate => certificate.NotAfter ?? DateTimeOffset.MaxValue).Select(certificate => new DiscoveredCertificate(
                    certificate.Thumbprint, certificate.Subject ?? "", certificate.FriendlyName ?? "", certificate.NotAfter, certificate.HasPrivateKey, certificate.Exportable)),
            ],
            HttpThumbprint = isAccess ? (await ShownCertificate.HttpsAsync(settings, cancellationToken)).Thumbprint : null,
            ImapThumbprint = isAccess ? (await ShownCertificate.ImapAsync(settings, cancellationToken)).Thumbprint : null,
            Notes = notes,
        };

        async Task<IReadOnlyList<T>> AskAsync<T>(string what, Func<Task<IReadOnlyList<T>>> ask)
        {
            try
            {
                return await ask();
            }
            catch (Exception exception) when (exception is MachineScriptException or MachineTransportException or TimeoutException)
            {
                notes.Add($"{name} does not tell {what}: {exception.Message}");
                return [];
            }
        }
    }
}
