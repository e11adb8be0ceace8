using System.Text.Json.Nodes;
using SpeElsa.Engine.Api.Tests.Rest.Definitions;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>Everything an unmodified Elsa Studio was seen to send about definitions, in its order: nothing may fail, since a failure breaks the designer.</summary>
public sealed class StudioReplayTests : DefinitionTest
{
    /// <summary>What the recording asks for and this host answers with 404, as for a feature it does not have.</summary>
    private static readonly string[] Absent = ["secrets/descriptors", "descriptors/activities/Demo.AllHints/options/X_refresh"];

    [Fact]
    public async Task Nothing_that_Studio_sends_fails()
    {
        await SaveAsync(Model("hello", "Hello flow"), publish: true);
        await SaveAsync(Model("def3", "Third"));
        var version = (string)(await OpenAsync("hello"))["id"]!;
        var failures = new List<string>();
        var played = 0;
        foreach (var (method, path, body) in Requests())
        {
            // The version that Studio had open is the one that is stored here.
            using var response = await SendAsync(new HttpMethod(method), path.Replace("hello-v1", version, StringComparison.Ordinal), body?.Replace("hello-v1", version, StringComparison.Ordinal));
            played++;
            var expected = Absent.Contains(path) ? 404 : 200;
            if ((int)response.StatusCode != expected)
            {
                failures.Add($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }
        }

        Assert.Equal("", string.Join('\n', failures));
        Assert.True(played >= 24, $"{played}");
        Assert.Equal("Workflow 1", (string)(await GetAsync("workflow-definitions?versionOptions=Latest&SearchTerm=Workflow 1"))!["items"]![0]!["name"]!);
        Assert.Equal((2, "Hello flow"), ((int)(await OpenAsync("hello"))["version"]!, (string)(await OpenAsync("hello"))["name"]!));
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests()
    {
        using var stream = typeof(StudioReplayTests).Assembly.GetManifestResourceStream("recorded/studio-requests.json")!;
        foreach (var request in JsonNode.Parse(stream)!["requests"]!.AsArray())
        {
            var path = (string)request!["path"]!;
            if (path.StartsWith("/elsa/api/", StringComparison.Ordinal) && IsOurs(path["/elsa/api/".Length..]))
            {
                yield return ((string)request["method"]!, path["/elsa/api/".Length..] + (string?)request["query"], request["reqBody"] switch
                {
                    null => null,
                    JsonValue text when text.TryGetValue<string>(out var written) => written,
                    var body => body.ToJsonString(),
                });
            }
        }
    }

    /// <summary>What runs has tests of its own.</summary>
    private static bool IsOurs(string path) => !path.StartsWith("workflow-instances", StringComparison.Ordinal)
        && !path.StartsWith("activity-execution", StringComparison.Ordinal)
        && !path.EndsWith("/execute", StringComparison.Ordinal);
}
