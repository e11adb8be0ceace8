using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>The questions that several steps ask a machine.</summary>
internal static class MachineQueries
{
    /// <summary>Matches certificates whatever they are called; for looking one up by its thumbprint.</summary>
    public static IReadOnlyList<string> AnyName { get; } = ["*"];

    public static Task<T> AskAsync<T>(this StepContext step, string machine, MachineScript script, JsonObject input) =>
        step.Fleet.AskAsync<T>(machine, script, input, step.CancellationToken);

    public static Task<ServerFacts> ServerFactsAsync(this StepContext step, string machine, string installDirectory) =>
        step.Fleet.ServerFactsAsync(machine, installDirectory, step.CancellationToken);

    /// <summary>The services of the product: those whose executable is in the install directory, whatever they are called.</summary>
    public static Task<IReadOnlyList<ServiceFacts>> ServicesAsync(this StepContext step, string machine, string installDirectory) =>
        step.Fleet.ServicesAsync(machine, installDirectory, step.CancellationToken);

    /// <summary>The product's certificates in a store of the machine, or those of other names; never a foreign one.</summary>
    public static Task<IReadOnlyList<CertificateFacts>> CertificatesAsync(this StepContext step, string machine, string store = "My", IReadOnlyList<string>? names = null) =>
        step.Fleet.CertificatesAsync(machine, store, names, step.CancellationToken);

    /// <summary>What DNS says about a name, asked from a machine; empty when there is no such name.</summary>
    public static Task<NameAnswer> ResolveAsync(this StepContext step, string machine, string name) =>
        step.AskAsync<NameAnswer>(machine, MachineScripts.ResolveHostName, new JsonObject { ["name"] = name });

    public static async Task<IReadOnlyList<PathState>> PathsAsync(this StepContext step, string machine, IEnumerable<string> paths) =>
        (await step.AskAsync<PathsResult>(machine, MachineScripts.GetPathFacts, new JsonObject { ["paths"] = ToArray(paths) })).Paths;

    /// <summary>The files of a small directory with their hashes, at once; none where it does not exist.</summary>
    public static Task<IReadOnlyList<ManifestFile>> FilesAsync(this StepContext step, string machine, string directory) =>
        step.Fleet.FilesAsync(machine, directory, step.CancellationToken);

    public static JsonArray ToArray(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);
}
