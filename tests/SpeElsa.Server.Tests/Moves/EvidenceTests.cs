using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Cli.Evidence;
using SpeElsa.Engine.Runtime.Migration;
using SpeElsa.Server.Evidence;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>What the server hands out as proof, checked by the verifier, which shares no code with it.</summary>
public sealed class EvidenceTests
{
    private const int Flips = 200;
    private const string Markup = "<script>alert('x')</script>";

    /// <summary>The evidence of a single-server move that has ended. Called by the test that has run one, because a run costs more than this.</summary>
    internal static async Task CheckAsync(HttpClient client, string dataDirectory, string moveId)
    {
        var path = new Uri($"/api/moves/{moveId}/evidence", UriKind.Relative);
        using var answer = await client.GetAsync(path);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"move-{moveId}.zip", answer.Content.Headers.ContentDisposition?.FileName);
        var zip = await answer.Content.ReadAsByteArrayAsync();
        var key = (await client.GetFromJsonAsync<JsonObject>("/api/evidence/key"))!;
        var pin = (string)key["fingerprint"]!;
        var verdict = BundleVerifier.Verify(zip, pin);
        Assert.True(verdict.IsGenuine, Faults(verdict));
        Assert.Equal((string)key["publicKey"]!, await File.ReadAllTextAsync(Path.Combine(dataDirectory, EvidenceKey.PublicFile)));

        // The same evidence has the same bytes; a signature is another one each time.
        var files = Read(zip);
        var again = Read(await client.GetByteArrayAsync(path));
        Assert.Equal(files.Keys, again.Keys);
        Assert.Equal(["signature.json"], files.Keys.Where(name => !files[name].AsSpan().SequenceEqual(again[name])));

        var evidence = JsonNode.Parse(files["evidence.json"])!;
        var move = (await client.GetFromJsonAsync<JsonObject>($"/api/moves/{moveId}"))!;
        Assert.Equal("finished", (string)evidence["move"]!["status"]!);
        Assert.Equal("spe-old", (string)evidence["move"]!["plan"]!["source"]!);
        Assert.Equal(move["steps"]!.AsArray().Select(step => (string)step!["id"]!), evidence["instances"]![0]!["steps"]!.AsArray().Select(step => (string)step!["id"]!));
        Assert.All(evidence["tasks"]!.AsArray(), task => Assert.Equal(("j.doe", "Done", "done"), ((string)task!["answeredBy"]!, (string)task["outcome"]!, (string)task["comment"]!)));
        Assert.Contains(evidence["tasks"]!.AsArray(), task => ((string)task!["title"]!).StartsWith("Sign off the move", StringComparison.Ordinal));
        string[] proved = ["install-1 confirmed", "mfa-off-1 confirmed", "mfa-on-1 confirmed", "rename-server-1 claimed", "sign-off-1 claimed", "smtp-password-1 confirmed", "transfer-licence-1 confirmed"];
        Assert.Equal(proved, Proofs(evidence["tasks"]!));
        Assert.Equal(proved, Proofs((await client.GetFromJsonAsync<JsonNode>($"/api/tasks?moveId={moveId}&state=closed&pageSize=50"))!["items"]!));
        Assert.Equal((string)move["definitionHash"]!, (string)evidence["definitions"]![0]!["contentHash"]!);
        var statistics = evidence["statistics"]!;
        Assert.Equal(3, statistics["before"]![0]!["facts"]!["instances"]!.AsArray().Count);
        Assert.Equal(3, statistics["after"]![0]!["facts"]!["instances"]!.AsArray().Count);
        var verified = evidence["manifests"]!.AsArray().Single(item => (string)item!["activityId"]! == "verifyData")!["facts"]!["directories"]!.AsArray();
        Assert.All(verified, directory => Assert.Equal((string)directory!["sourceDigest"]!, (string)directory["digest"]!));
        Assert.Equal(5, evidence["thumbprints"]!.AsArray().Single(item => (string)item!["activityId"]! == "transferCertificates")!["facts"]!["certificates"]!.AsArray().Count);
        var report = Encoding.UTF8.GetString(files["report.html"]);
        Assert.Contains("Sign off the move from spe-old to spe-new", report, StringComparison.Ordinal);
        Assert.Contains(pin, report, StringComparison.Ordinal);
        Assert.DoesNotContain("has not ended", report, StringComparison.Ordinal);
        Assert.Contains("MFA off?&#x27; found it done.", report, StringComparison.Ordinal);
        Assert.Contains("Claimed: no step of the workflow looked whether it was done.", report, StringComparison.Ordinal);

        string[] Proofs(JsonNode tasks) =>
            [.. tasks.AsArray().Select(task => $"{((string)task!["id"]!)[(moveId.Length + 1)..]} {task["proof"]!["state"]}").Order(StringComparer.Ordinal)];

        Assert.Empty(Missed(zip, pin));
    }

    [Fact]
    public async Task A_move_that_goes_on_is_shown_as_it_stands_with_the_workflows_that_it_started()
    {
        await using var host = await AccessHost.StartAsync();
        await PublishAsync(host, Child("ask"));
        await PublishAsync(host, A.Sequence("parent").With(A.Node("run", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text("child: flow.1")))));
        using var started = await host.SendAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "parent", plan = new { }, name = Markup });
        var moveId = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        JsonNode? task = null;
        await Eventually.TrueAsync(async () => (task = (await GetAsync(host, "/api/tasks"))["items"]!.AsArray().FirstOrDefault()) is not null, "the child does not ask");

        var (open, openReport) = await EvidenceAsync(host, moveId);

        Assert.False((bool)open["move"]!["isFinished"]!);
        Assert.Equal(["parent", "child: flow.1"], open["instances"]!.AsArray().Select(instance => (string)instance!["definitionId"]!));
        Assert.Equal(moveId, (string)open["instances"]![1]!["parentId"]!);
        Assert.Null(open["tasks"]![0]!["answeredBy"]);
        Assert.Equal(["definitions/parent.v1.json", "definitions/child--flow-1.v1.json"], open["definitions"]!.AsArray().Select(definition => (string)definition!["file"]!));
        Assert.Contains("This move has not ended.", openReport, StringComparison.Ordinal);
        Assert.DoesNotContain(Markup, openReport, StringComparison.Ordinal);

        // A workflow may change its version on the way; then both are evidence.
        var childId = (string)open["instances"]![1]!["id"]!;
        var next = await PublishAsync(host, Child("ask", "then"));
        await host.Services.GetRequiredService<InstanceMigration>().MigrateAsync(childId, next, new Dictionary<string, string>(), "next", default);
        await Eventually.TrueAsync(async () => (int)(await GetAsync(host, $"/api/moves/{childId}"))["definitionVersion"]! == 2, "the child stays on its version");

        var taskId = (string)task!["id"]!;
        using var answer = await host.SendAsync(HttpMethod.Post, $"/api/tasks/{taskId}/complete", host.ApiKey, new { completedBy = "ada", comment = Markup });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.TrueAsync(async () => (string)(await GetAsync(host, $"/api/moves/{moveId}"))["status"]! == "finished", "the move goes on");
        var (ended, endedReport) = await EvidenceAsync(host, moveId);

        Assert.True((bool)ended["move"]!["isFinished"]!);
        Assert.Equal("ada", (string)ended["tasks"]![0]!["answeredBy"]!);
        Assert.Equal([1, 1, 2], ended["definitions"]!.AsArray().Select(definition => (int)definition!["version"]!));
        Assert.All(ended["definitions"]!.AsArray(), definition => Assert.NotNull(definition!["file"]));
        Assert.DoesNotContain(Markup, endedReport, StringComparison.Ordinal);
        Assert.DoesNotContain("has not ended", endedReport, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_stays_and_is_told_to_readers_only_and_never_replaced_silently()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("ada", ServerRoles.Viewer);
        var reader = $"Bearer {(string)(await host.LoginAsync("ada"))["accessToken"]!}";
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/api/evidence/key"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/api/moves/none/evidence"));
        using var key = await host.SendAsync(HttpMethod.Get, "/api/evidence/key", reader);
        var fingerprint = (string)(await key.Content.ReadFromJsonAsync<JsonObject>())!["fingerprint"]!;
        await AnswerTests.AssertProblemAsync(await host.SendAsync(HttpMethod.Get, "/api/moves/none/evidence", reader), HttpStatusCode.NotFound);
        var file = Path.Combine(host.DataDirectory, "keys", "evidence.key");
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await host.RestartAsync();
        Assert.Equal(fingerprint, (string)(await GetAsync(host, "/api/evidence/key"))["fingerprint"]!);

        await File.WriteAllBytesAsync(file, new byte[100]);
        await host.RestartAsync();
        await AnswerTests.AssertProblemAsync(await host.SendAsync(HttpMethod.Get, "/api/evidence/key", host.ApiKey), HttpStatusCode.ServiceUnavailable);
        await AnswerTests.AssertProblemAsync(await host.SendAsync(HttpMethod.Get, "/api/moves/none/evidence", host.ApiKey), HttpStatusCode.ServiceUnavailable);
        Assert.Equal(100, new FileInfo(file).Length);

        File.Delete(file);
        await host.RestartAsync();
        Assert.False(File.Exists(file));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.StatusAsync(HttpMethod.Get, "/api/evidence/key", host.ApiKey));

        File.Delete(Path.Combine(host.DataDirectory, EvidenceKey.PublicFile));
        await host.RestartAsync();
        Assert.NotEqual(fingerprint, (string)(await GetAsync(host, "/api/evidence/key"))["fingerprint"]!);
    }

    /// <summary>Places where a bit can be changed unnoticed. That every single byte counts is shown on a small bundle by the tests of the verifier.</summary>
    private static List<int> Missed(byte[] zip, string pin)
    {
        var random = new Random(4711);
        var missed = new List<int>();
        foreach (var at in Enumerable.Range(0, Flips).Select(_ => random.Next(zip.Length)).Append(zip.Length - 1))
        {
            var mask = (byte)(1 << random.Next(8));
            zip[at] ^= mask;
            if (BundleVerifier.Verify(zip, pin).IsGenuine)
            {
                missed.Add(at);
            }

            zip[at] ^= mask;
        }

        return missed;
    }

    private static async Task<(JsonNode Evidence, string Report)> EvidenceAsync(AccessHost host, string moveId)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, $"/api/moves/{moveId}/evidence", host.ApiKey);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var zip = await answer.Content.ReadAsByteArrayAsync();
        var verdict = BundleVerifier.Verify(zip, (string)(await GetAsync(host, "/api/evidence/key"))["fingerprint"]!);
        Assert.True(verdict.IsGenuine, Faults(verdict));
        var files = Read(zip);
        return (JsonNode.Parse(files["evidence.json"])!, Encoding.UTF8.GetString(files["report.html"]));
    }

    private static async Task<JsonObject> GetAsync(AccessHost host, string path)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, path, host.ApiKey);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static DefinitionBuilder Child(params string[] tasks) => A.Sequence("child: flow.1").With(
        [.. tasks.Select(id => A.Node(id, id == "ask" ? "SpeElsa.HumanTask" : "Elsa.WriteLine", ("taskName", A.Text(id)), ("title", A.Text($"Look {Markup}")), ("text", A.Text(id))))]);

    /// <returns>The version that is published now.</returns>
    private static async Task<string> PublishAsync(AccessHost host, DefinitionBuilder definition)
    {
        using var answer = await host.SendAsync(
            HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = JsonNode.Parse(definition.ToJson()), ["publish"] = true });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text)!["workflowDefinition"]!["id"]!;
    }

    private static Dictionary<string, byte[]> Read(byte[] zip) => BundleZip.Read(zip).ToDictionary(file => file.Name, file => file.Content.ToArray());

    private static string Faults(Verdict verdict) => string.Join('\n', verdict.Checks.SelectMany(check => check.Faults.Select(fault => $"{check.Name}: {fault}")));
}
