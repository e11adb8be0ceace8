using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>The questions that several steps ask a machine.</summary>
internal static class MachineQueries
{
    /// <summary>Matches certificates whatever they are called; for looking one up by its thumbprint.</summary>
    public static IReadOnlyList<string> AnyName { get; } = ["*"];

    public static async Task<T> AskAsync<T>(this StepContext step, string machine, MachineScript script, JsonObject input)
    {
        var result = await step.Machine(machine).InvokeAsync(script, input, step.CancellationToken);
        return result.Deserialize<T>(Wire.Options) ?? throw new InvalidOperationException($"{script.Name} on {machine} gave no result.");
    }

    public static Task<ServerFacts> ServerFactsAsync(this StepContext step, string machine, string installDirectory) =>
        step.AskAsync<ServerFacts>(machine, MachineScripts.GetServerFacts, new JsonObject { ["installDirectory"] = installDirectory });

    /// <summary>The services of the product: those whose executable is in the install directory, whatever they are called.</summary>
    public static async Task<IReadOnlyList<ServiceFacts>> ServicesAsync(this StepContext step, string machine, string installDirectory) =>
        (await step.AskAsync<ServicesResult>(machine, MachineScripts.GetMailStoreServices, new JsonObject
        {
            ["installDirectory"] = installDirectory,
            ["stems"] = step.Settings(machine).ServiceStems.ToScriptInput(),
        })).Services;

    /// <summary>The product's certificates in a store of the machine, or those of other names; never a foreign one.</summary>
    public static async Task<IReadOnlyList<CertificateFacts>> CertificatesAsync(
        this StepContext step, string machine, string store = "My", IReadOnlyList<string>? names = null) =>
    [
        .. (await step.AskAsync<CertificatesResult>(machine, MachineScripts.GetCertificates, new JsonObject
        {
            ["names"] = ToArray(names ?? step.Settings(machine).CertificateNames),
            ["store"] = store,
        })).Certificates.Where(certificate => certificate.Matches != false),
    ];

    /// <summary>What DNS says about a name, asked from a machine; empty when there is no such name.</summary>
    public static Task<NameAnswer> ResolveAsync(this StepContext step, string machine, string name) =>
        step.AskAsync<NameAnswer>(machine, MachineScripts.ResolveHostName, new JsonObject { ["name"] = name });

    public static async Task<IReadOnlyList<PathState>> PathsAsync(this StepContext step, string machine, IEnumerable<string> paths) =>
        (await step.AskAsync<PathsResult>(machine, MachineScripts.GetPathFacts, new JsonObject { ["paths"] = ToArray(paths) })).Paths;

    /// <summary>The files of a small directory with their hashes, at once; none where it does not exist.</summary>
    public static async Task<IReadOnlyList<ManifestFile>> FilesAsync(this StepContext step, string machine, string directory) =>
        (await step.AskAsync<ManifestResult>(machine, MachineScripts.GetDirectoryManifest, new JsonObject { ["path"] = directory, ["includeFiles"] = true })).Files ?? [];

    public static JsonArray ToArray(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);
}
