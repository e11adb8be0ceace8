using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>A workflow with steps of a customer's own, saved and started as the designer does it.</summary>
public sealed class OwnStepTests
{
    private const string Canary = "canary-5f0e7c41";

    [Fact]
    public async Task A_script_runs_on_its_machine_with_its_secret_and_a_mail_without_a_mail_server_says_so()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes), ("Lab__Farm", "Single"));
        using (var stored = await server.Client.PutAsJsonAsync("/api/secrets/script-demo", new { value = Canary }))
        {
            Assert.Equal(HttpStatusCode.NoContent, stored.StatusCode);
        }

        var look = Script("look", "Write-Host 'looking'; @{ four = 2 + 2 }", null);
        var secret = Script("secret", "@{ length = $InputObject.password.Length; said = $InputObject.password }", """{"password":"secret:script-demo"}""");
        var send = A.Node("send", "Elsa.SendEmail", ("to", A.Expression("Object", """["ann@example.net"]""")), ("error", A.Line("notSent")));
        var model = JsonNode.Parse(A.Sequence("own-steps").With(look, secret, send).ToJson())!.AsObject();

        // Without an undo it is kept and not published.
        var open = model.DeepClone().AsObject();
        open["root"]!["activities"]![0]!["undoBy"] = A.Text("");
        using (var refused = await SaveAsync(server, open))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("does not say how it is undone. Choose Script, Task, Nothing or Stays", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using (var saved = await SaveAsync(server, model))
        {
            Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        }

        using var started = await server.Client.PostAsJsonAsync("/elsa/api/workflow-definitions/own-steps/dispatch", new { });
        var id = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["workflowInstanceId"]!;
        var ended = await Eventually.GetAsync(
            async () => (await server.Client.GetFromJsonAsync<JsonObject>($"/elsa/api/workflow-instances/{id}"))!,
            instance => (string)instance["status"]! == "Finished",
            instance => instance.ToJsonString());

        Assert.Equal("Finished", (string)ended["subStatus"]!);
        var journal = await server.Client.GetStringAsync(new Uri($"/elsa/api/workflow-instances/{id}/journal?pageSize=500", UriKind.Relative));
        Assert.Contains("\"looking\"", journal, StringComparison.Ordinal);
        Assert.Contains("\"four\":4", journal, StringComparison.Ordinal);
        Assert.Contains($"\"length\":{Canary.Length}", journal, StringComparison.Ordinal);
        Assert.Contains("\"said\":\"***\"", journal, StringComparison.Ordinal);
        Assert.Contains("No mail server is set up.", journal, StringComparison.Ordinal);
        Assert.Contains("notSent", journal, StringComparison.Ordinal);

        await server.StopAsync();
        Assert.DoesNotContain(Canary, server.Output, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories),
            file => Assert.False(Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(Canary, StringComparison.Ordinal), $"{file} holds the secret"));
    }

    private static JsonObject Script(string id, string script, string? input) => A.Node(
        id,
        "SpeElsa.RunScript",
        ("machine", A.Text("spe-old")),
        ("script", A.Text(script)),
        ("input", input is null ? null : A.Expression("Object", input)),
        ("undoBy", A.Text("Nothing")),
        ("undoReason", A.Text("It only looks.")));

    private static Task<HttpResponseMessage> SaveAsync(ServerProcess server, JsonObject model) =>
        server.Client.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = model.DeepClone(), ["publish"] = true });
}
