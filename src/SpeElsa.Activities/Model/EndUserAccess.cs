using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>What end users see of a Client Access Server: its certificates, and where its name leads.</summary>
/// <param name="Shown">Which certificate for which service.</param>
/// <param name="Certificates">The same certificates as the machine has them, each once.</param>
/// <param name="Problem">Why that can not be told.</param>
internal sealed record EndUserAccess(
    IReadOnlyList<BaselineEndUserCertificate> Shown, IReadOnlyList<CertificateFacts> Certificates, string? Problem = null)
{
    public const string Https = "HTTPS";
    public const string Imap = "IMAP";

    /// <summary>
    /// Asks the server itself, since a certificate may have been bought and be called anything; where it does not answer, the product's names
    /// count. The certificate by which the servers know each other never belongs to it.
    /// </summary>
    public static async Task<EndUserAccess> ReadAsync(StepContext step, IManagementApi api, string machine, string entry)
    {
        var settings = step.Settings(machine);
        var all = await step.CertificatesAsync(machine, names: MachineQueries.AnyName);
        var own = (await api.GetClientAccessServersAsync(null, withServiceStatus: false, step.CancellationToken))
            .FirstOrDefault(server => RoleEntries.AreSame(server.ServerName, entry))?.ServerCertificate?.Thumbprint;
        var shown = new List<BaselineEndUserCertificate>();
        var services = new[]
        {
            (Service: Https, Seen: await ShownCertificate.HttpsAsync(settings, step.CancellationToken), Name: settings.HttpCertificateName),
            (Service: Imap, Seen: await ShownCertificate.ImapAsync(settings, step.CancellationToken), Name: settings.ImapCertificateName),
        };
        foreach (var (service, seen, name) in services)
        {
            var found = seen.Thumbprint is { } thumbprint
                ? all.Where(certificate => RoleEntries.AreSame(certificate.Thumbprint, thumbprint)).ToArray()
                : [.. (await step.CertificatesAsync(machine, names: [name])).Where(certificate => certificate.HasPrivateKey)];
            if (found.Length == 0 && seen.Thumbprint is null && services.Any(other => other.Seen.Thumbprint is not null))
            {
                // It serves end users, but not in this way.
                continue;
            }

            if (found.Length != 1)
            {
                return Unknown(seen.Thumbprint is null
                    ? $"{machine} does not show which certificate end users see for {service} ({seen.Problem}), and {found.Length} certificates of its personal store are called {name}. "
                        + "Start its Client Access Server, or correct where it is reached (ClientAccessAddress, HttpsPort, ImapPort), then retry."
                    : $"The certificate that {machine} shows for {service} ({seen.Thumbprint}) is not in its personal store. If something else answers in its place, "
                        + "correct where it is reached (ClientAccessAddress, HttpsPort, ImapPort), then retry.");
            }

            if (RoleEntries.AreSame(found[0].Thumbprint, own))
            {
                return Unknown(
                    $"{machine} shows end users for {service} the certificate by which the Management Server knows it ({own}). That one never moves. "
                    + "Choose another one for end users in the dialog Configure Client Access Server Role, then retry.");
            }

            shown.Add(new BaselineEndUserCertificate(service, found[0].Thumbprint, found[0].FriendlyName is { Length: > 0 } friendly ? friendly : found[0].Subject, seen.Thumbprint is not null));
        }

        return new EndUserAccess(shown, [.. all.Where(certificate => shown.Exists(other => other.Thumbprint == certificate.Thumbprint))]);
    }

    /// <summary>Where a name leads, as the machine's own DNS says.</summary>
    public static async Task<BaselineEndUserName> LookUpAsync(StepContext step, string machine, string? name) => string.IsNullOrWhiteSpace(name)
        ? new BaselineEndUserName()
        : new BaselineEndUserName(
            name.Trim(),
            (await step.ResolveAsync(machine, name.Trim())).Addresses,
            (await step.ResolveAsync(machine, step.Settings(machine).HostName)).Addresses);

    private static EndUserAccess Unknown(string problem) => new([], [], problem);
}
