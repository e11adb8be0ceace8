using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SpeElsa.Server.Startup;

/// <summary>Shows for each request with a body one that could be sent as it stands, but for the ids. What a call takes changes here, too: a test reads them all.</summary>
internal sealed class ApiExamples : IOpenApiOperationTransformer
{
    private const string Plan = """{"scenario":"single-server-move","plan":{"source":"spe-old","target":"spe-new","hostNameChanges":true},"name":"Move of December","window":{"length":"02:00:00","downtimeBudget":"01:00:00"}}""";

    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["POST api/moves"] = Plan,
        ["POST api/moves/{id}/cancel"] = """{"requestedBy":"j.doe","reason":"The customer is not ready."}""",
        ["POST api/moves/{id}/pause"] = """{"requestedBy":"j.doe","reason":"We wait for the network team."}""",
        ["POST api/moves/{id}/resume"] = """{"requestedBy":"j.doe","reason":"The network is back."}""",
        ["POST api/moves/{id}/undo"] = """{"requestedBy":"j.doe","reason":"The new server is too slow."}""",
        ["PUT api/moves/{id}/window"] = """{"endsAt":"2030-12-01T05:00:00+01:00","downtimeBudget":"01:30:00"}""",
        ["POST api/plans"] = Plan,
        ["PUT api/plans/{id}"] = Plan,
        ["POST api/plans/{id}/rehearse"] = """{"answerTasks":true,"faults":0,"seed":0}""",
        ["POST api/plans/{id}/schedule"] = """{"startAt":"2030-12-01T03:00:00+01:00"}""",
        ["POST api/plans/{id}/cancel"] = """{"reason":"The customer is not ready."}""",
        ["POST api/tasks/{id}/complete"] = """{"outcome":"Done","comment":"Both are off.","fields":{}}""",
        ["POST api/tasks/{id}/claim"] = """{"takeOver":false}""",
        ["POST api/tasks/{id}/release"] = """{"by":"j.doe"}""",
        ["POST api/tasks/{id}/assign"] = """{"to":"anna"}""",
        ["POST api/tasks/{id}/send-back"] = """{"text":"The licence is for another server."}""",
        ["POST api/tasks/{id}/comments"] = """{"text":"The portal is slow today."}""",
        ["POST api/tasks/{id}/links"] = """{"to":"anna"}""",
        ["POST api/machines/{name}/host-key"] = """{"fingerprint":"SHA256:aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6kL9nO2q"}""",
        ["PUT api/secrets/{name}"] = """{"value":"the password of the account"}""",
        ["POST lab/servers/{name}/install"] = """{"mode":"single"}""",
        ["POST lab/licence/transfer"] = """{"serverName":"spe-new"}""",
        ["POST lab/servers/{name}/administrators/{user}/mfa"] = """{"enabled":false}""",
        ["POST lab/servers/{name}/smtp"] = """{"password":"the SMTP password"}""",
        ["POST lab/servers/{name}/faults"] = """{"kind":"LostReply","script":"Copy-Directory","occurrence":1}""",
        ["POST lab/dns"] = """{"name":"archive.lab.example","serverName":"spe-cas-new"}""",
        ["POST lab/servers/{name}/computer-name"] = """{"computerName":"spe-alpha"}""",
        ["POST lab/servers/{name}/roles"] = """{"role":"instanceHost"}""",
        ["POST lab/servers/{name}/roles/{role}/management-server"] = """{"managementServer":"spe-mgmt-new"}""",
        ["POST lab/servers/{name}/roles/{role}/pair"] = """{"managementServer":"spe-mgmt"}""",
        ["POST lab/servers/{name}/roles/clientAccessServer/certificates"] = """{"http":"0123456789ABCDEF0123456789ABCDEF01234567"}""",
        ["POST lab/servers/{name}/roles/{role}/server-name"] = """{"serverName":"spe-new"}""",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var call = $"{context.Description.HttpMethod} {context.Description.RelativePath?.TrimEnd('/')}";
        if (Bodies.TryGetValue(call, out var body) && operation.RequestBody?.Content is { } content)
        {
            foreach (var media in content.Values.OfType<OpenApiMediaType>())
            {
                media.Example = JsonNode.Parse(body);
            }
        }

        return Task.CompletedTask;
    }
}
