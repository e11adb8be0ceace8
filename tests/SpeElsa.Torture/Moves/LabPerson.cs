using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Torture.Moves;

/// <summary>The person at the keyboard: does on the lab's servers what tasks ask for, and answers them. What was done before a kill is done already and is no error.</summary>
internal sealed class LabPerson(ServerProcess server, MoveProcedure procedure)
{
    private static readonly string[] MfaAdministrators = ["admin", "m.berger"];

    /// <summary>The same move on another farm has the same tasks: what was done is known here, where the farm is.</summary>
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>Does what the open tasks of a move ask for, and says so.</summary>
    /// <returns>What was refused.</returns>
    public async Task<IReadOnlyList<string>> AnswerTasksAsync(string moveId)
    {
        var wrong = new List<string>();
        foreach (var task in (await server.Client.GetFromJsonAsync<JsonNode>($"/api/tasks?moveId={moveId}"))!["items"]!.AsArray())
        {
            if (await DoAsync(task!) is { } refused)
            {
                wrong.Add(refused);
            }
        }

        return wrong;
    }

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

    public Task RenameComputerAsync(string machine, string computerName) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/computer-name", new { computerName });

    public Task RenameRoleAsync(string machine, string role, string serverName) => ActAsync(HttpMethod.Post, $"/lab/servers/{machine}/roles/{role}/server-name", new { serverName });

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

    private async Task<string?> DoAsync(JsonNode task)
    {
        var (id, name) = ((string)task["id"]!, (string)task["taskName"]!);
        if ((string?)task["kind"] == "decision")
        {
            return await AnswerAsync(task, "Retry", null);
        }

        if (procedure.ActFor(name) is { } act && !_done.Contains(id))
        {
            await act(this, name);
            _done.Add(id);
        }

        var outcomes = task["outcomes"]!.AsArray().Select(outcome => (string)outcome!).ToArray();
        return name switch
        {
            "smtp-password" => await AnswerAsync(task, null, new { password = File.ReadAllText(Path.Combine(server.DataDirectory, procedure.Farm == "Multi" ? "lab-multi-smtp-password.txt" : "lab-smtp-password.txt")) }),
            "left-behind" => await AnswerAsync(task, "Accept", new { reason = "nothing of it is used" }),
            _ => await AnswerAsync(task, outcomes.Length > 1 ? outcomes[0] : null, null),
        };
    }

    /// <summary>Answers a task. The same answer may come twice: after a kill it is not known whether the first was stored.</summary>
    /// <returns>What is wrong; null when all is well.</returns>
    private async Task<string?> AnswerAsync(JsonNode task, string? outcome, object? fields)
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
