using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>The questions that are asked inside a move and outside of one. They change nothing.</summary>
internal static class FleetQueries
{
    public static async Task<T> AskAsync<T>(this IFleet fleet, string machine, MachineScript script, JsonObject input, CancellationToken cancellationToken)
    {
        var result = await fleet.Machine(machine).InvokeAsync(script, input, cancellationToken);
        return result.Deserialize<T>(Wire.Options) ?? throw new InvalidOperationException($"{script.Name} on {machine} gave no result.");
    }

    public static Task<ServerFacts> ServerFactsAsync(this IFleet fleet, string machine, string installDirectory, CancellationToken cancellationToken) =>
        fleet.AskAsync<ServerFacts>(machine, MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = installDirectory }, cancellationToken);

    public static async Task<IReadOnlyList<ServiceFacts>> ServicesAsync(this IFleet fleet, string machine, string installDirectory, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["installDirectory"] = installDirectory, ["stems"] = fleet.Settings(machine).ServiceStems.ToScriptInput() };
        return (await fleet.AskAsync<ServicesResult>(machine, MachineScripts.GetMailStoreServices, input, cancellationToken)).Services;
    }

    public static async Task<IReadOnlyList<CertificateFacts>> CertificatesAsync(
        this IFleet fleet, string machine, string store, IReadOnlyList<string>? names, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["names"] = MachineQueries.ToArray(names ?? fleet.Settings(machine).CertificateNames), ["store"] = store };
        var found = await fleet.AskAsync<CertificatesResult>(machine, MachineScripts.GetCertificates, input, cancellationToken);
        return [.. found.Certificates.Where(certificate => certificate.Matches != false)];
    }

    public static async Task<IReadOnlyList<ManifestFile>> FilesAsync(this IFleet fleet, string machine, string directory, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["path"] = directory, ["includeFiles"] = true };
        return (await fleet.AskAsync<ManifestResult>(machine, MachineScripts.GetDirectoryManifest, input, cancellationToken)).Files ?? [];
    }
}
