using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>What the unmodified designer was seen to ask of definitions and descriptors, asked here. What it asks of runs is replayed beside the tests of runs.</summary>
public sealed class StudioReplayTests : DefinitionTest
{
    /// <summary>What the recorded host had and this one has not. Its absence is tested with the descriptors.</summary>
    private static readonly string[] NotHere = ["/descriptors/activities/Demo.AllHints/", "/secrets/descriptors"];

    private static readonly string[] OfRuns = ["/workflow-instances", "/activity-execution", "/execute"];

    [Fact]
    public async Task Every_request_for_definitions_and_descriptors_is_understood()
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream("recorded/studio-requests.json")!;
        var seen = JsonNode.Parse(stream)!["requests"]!.AsArray().OfType<JsonObject>().Where(IsOurs).ToArray();

        // Each is asked of what it was asked of when it was recorded: two definitions, of which the designer deletes one again and again.
        foreach (var request in seen)
        {
            var (hello, second) = (await StoredAsync("hello"), await StoredAsync("second"));
            string Here(string text) => text
                .Replace("expense-approval", "hello", StringComparison.Ordinal)
                .Replace("hello-v1", hello, StringComparison.Ordinal).Replace("hello-v2", hello, StringComparison.Ordinal)
                .Replace("second-v1", second, StringComparison.Ordinal);
            var path = Here((string)request["path"]! + (string?)request["query"])["/elsa/api/".Length..];

            using var response = await SendAsync(new HttpMethod((string)request["method"]!), path.TrimStart('/'), request["reqBody"] is { } body ? Here(body.ToJsonString()) : null);
            Assert.True(response.IsSuccessStatusCode, $"{request["method"]} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            if (response.Content.Headers is { ContentLength: not 0, ContentType.MediaType: "application/json" })
            {
                Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync()));
            }
        }

        Assert.InRange(seen.Length, 35, 60);
    }

    [Fact]
    public async Task What_the_designer_was_seen_to_save_is_given_back_as_it_was_sent()
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream("recorded/studio-requests.json")!;
        var sent = JsonNode.Parse(stream)!["requests"]!.AsArray().OfType<JsonObject>()
            .First(request => (string)request["method"]! == "POST" && (string)request["path"]! == "/elsa/api/workflow-definitions")["reqBody"]!["model"]!.AsObject();
        sent.Remove("id");
        sent.Remove("version");

        await SaveAsync(sent);
        var opened = await OpenAsync("hello");

        foreach (var name in new[] { "name", "description" })
        {
            Assert.Equal((string)sent[name]!, (string)opened[name]!);
        }

        Assert.Equal(Names(sent["variables"]!), Names(opened["variables"]!));
        Assert.Equal(Names(sent["inputs"]!), Names(opened["inputs"]!));
        Assert.Equal(Names(sent["outputs"]!), Names(opened["outputs"]!));
        Assert.Equal(Activities(sent), Activities(opened));
        Assert.Equal(sent["root"]!["connections"]!.AsArray().Count, opened["root"]!["connections"]!.AsArray().Count);
    }

    private static IEnumerable<string> Names(JsonNode members) => members.AsArray().Select(member => $"{member!["name"]}");

    private static IEnumerable<string> Activities(JsonObject model) =>
        model["root"]!["activities"]!.AsArray().Select(activity => $"{activity!["id"]} {activity["missingTypeName"] ?? activity["type"]} {activity["metadata"]?["designer"]?["position"]?.ToJsonString()}");

    private static bool IsOurs(JsonObject seen)
    {
        var path = (string?)seen["path"] ?? "";
        return path.StartsWith("/elsa/api/", StringComparison.Ordinal) && !NotHere.Concat(OfRuns).Any(part => path.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>The version id of a definition that is there and published, made when it is not.</summary>
    private async Task<string> StoredAsync(string definitionId)
    {
        using var found = await SendAsync(HttpMethod.Get, $"workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");
        return found.IsSuccessStatusCode
            ? (string)JsonNode.Parse(await found.Content.ReadAsStringAsync())!["id"]!
            : (string)(await SaveAsync(Model(definitionId), publish: true))["id"]!;
    }
}
