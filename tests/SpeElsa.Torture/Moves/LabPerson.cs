using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Torture.Moves;

/// <summary>The person at the keyboard: does on the lab's servers what tasks ask for, and answers them. What was done before a kill is done already and is no error.</summary>
internal sealed class LabPerson(ServerProcess server)
{
    private static readonly string[] MfaAdministrators = ["admin", "m.berger"];

    public async Task SetMfaAsync(string machine, bool enabled)
    {
        foreach (var administrator in MfaAdministrators)
        {
            await ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/administrators/{administrator}/mfa", new { enabled });
        }
    }

    public Task TransferLicenceAsync(string machine) => ActAsync(HttpMethod.Post, "/lab/licence/transfer", new { serverName = machine });

    public Task InstallAsync(string machine, string mode) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/install", new { mode });

    public Task AddRoleAsync(string machine, string role) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/roles", new { role });

    public Task PairAsync(string machine, string role, string managementServer) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/roles/{role}/pair", new { managementServer });

    public Task ConfigureAsync(string machine, string role, string managementServer) =>
        ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/roles/{role}/management-server", new { managementServer });

    public Task RemoveRoleAsync(string machine, string role) => ActAsync(HttpMethod.Delete, $"/lab/servers/{machine}/roles/{role}", null);

    public Task LeadAsync(string name, string machine) => ActAsync(HttpMethod.Post, "/lab/dns", new { name, serverName = machine });

    public Task FaultAsync(string machine, object fault) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/faults", fault);

    /// <summary>Chooses the certificates of end users that were imported: those of the old server. The new one has some of the same names.</summary>
    public async Task ChooseCertificatesAsync(string machine, string old)
    {
        var certificates = (await OverviewAsync())["servers"]!.AsArray().First(known => (string?)known!["name"] == old)!["certificates"]!.AsArray();
        string? Thumbprint(string name) => (string?)certificates.FirstOrDefault(certificate => (string?)certificate!["friendlyName"] == name)?["thumbprint"];
        await ActAsync(
            HttpMethod.Post,
            $"/lab/servers/{machine}/roles/clientAccessServer/certificates",
            new { http = Thumbprint("MailStoreClientAccessServerHttp"), imap = Thumbprint("MailStoreClientAccessServerImap") });
    }

    public async Task<JsonNode> OverviewAsync() => (await server.Client.GetFromJsonAsync<JsonNode>("/lab/servers"))!;

    /// <summary>Answers a task. The same answer may come twice: after a kill it is not known whether the first was stored.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    public async Task<string?> AnswerAsync(JsonNode task, string? outcome, object? fields)
    {
        var id = (string)task["id"]!;
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/tasks/{id}/complete") { Content = JsonContent.Create(new { completedBy = "j.doe", outcome, comment = "done", fields }) };
        message.Headers.Add("Idempotency-Key", id);
        using var answer = await server.Client.SendAsync(message);
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict or HttpStatusCode.NotFound ? null : $"{id}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
    }

    private async Task ActAsync(HttpMethod method, string path, object? body)
    {
        using var message = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await server.Client.SendAsync(message);
    }
}
