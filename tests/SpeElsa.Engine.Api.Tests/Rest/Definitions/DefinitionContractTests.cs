using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>The recorded life of a definition, played again in order and compared with what a real Elsa server answered.</summary>
public sealed class DefinitionContractTests : DefinitionTest
{
    /// <summary>Where ours differs and why; below a definition wherever it stands in an answer.</summary>
    private static readonly (string Path, string Reason)[] Allowed =
    [
        ("root", "comes back as it was sent; Elsa writes every input of every activity anew"),
        ("variables[].value", "comes back as it was sent"),
        ("variables[].isArray", "comes back as it was sent; Elsa's list of versions leaves it out"),
        ("warnings", "what is doubtful and did not keep it from being published"),
        ("type", "problem details too"),
        ("title", "problem details too"),
        ("status", "problem details too"),
        ("detail", "problem details too"),
    ];

    /// <summary>Where ours differs in one answer, and why.</summary>
    private static readonly (string Recording, string Path, string Reason)[] AllowedOnce =
    [
        ("046-definitions-subgraph", "activity", "as it was sent"),
        ("047-definitions-subgraph-segments", "childNode.activity", "as it was sent"),
        ("047-definitions-subgraph-segments", "container.activity.root", "as it was sent"),
        ("060-definitions-export", "", "the file form leaves out what differs between servers; has tests of its own"),
        ("061-definitions-export-latest-post", "", "as 060"),
        ("062-definitions-bulk-export", "", "an archive; has a test of its own"),
    ];

    private static readonly string[] Places = ["", "workflowDefinition.", "items[].", "[]."];

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    [Fact]
    public async Task A_definition_lives_as_recorded()
    {
        var differences = new List<string>();
        foreach (var name in Names())
        {
            var recording = Recording.Read(name);
            var (status, answer) = await PlayAsync(recording);
            if (status != recording.Status)
            {
                differences.Add($"{name}: {status} instead of {recording.Status}: {answer?.ToJsonString()}");
                continue;
            }

            Learn(recording.Answer, answer);
            string[] allowed = [.. Places.SelectMany(place => Allowed.Select(difference => place + difference.Path)), .. AllowedOnce.Where(difference => difference.Recording == name).Select(difference => difference.Path)];
            if (!allowed.Contains(""))
            {
                differences.AddRange(Shape.Differences(recording.Answer, WithoutMarks(answer), allowed).Select(difference => $"{name}: {difference}"));
            }
        }

        Assert.Equal("", string.Join("\n", differences));
    }

    private static IEnumerable<string> Names() => typeof(DefinitionContractTests).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("recorded/", StringComparison.Ordinal))
        .Select(name => name["recorded/".Length..^".json".Length])
        .Where(name => string.CompareOrdinal(name, "037") > 0 && string.CompareOrdinal(name, "075") < 0)
        .Order(StringComparer.Ordinal);

    /// <summary>Elsa has nothing by which a later save would be known to be based on what was read.</summary>
    private static JsonNode? WithoutMarks(JsonNode? answer)
    {
        foreach (var definition in new[] { answer, answer?.GetValueKind() is JsonValueKind.Object ? answer["workflowDefinition"] : null }
            .Concat(answer?.GetValueKind() is JsonValueKind.Object ? answer["items"] as JsonArray ?? [] : []))
        {
            ((definition as JsonObject)?["customProperties"] as JsonObject)?.Remove("SpeElsa.Editing");
        }

        return answer;
    }

    private async Task<(int Status, JsonNode? Answer)> PlayAsync(Recording recording)
    {
        var path = _ids.Aggregate(recording.Path["/elsa/api/".Length..], (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
        var body = recording.Body is JsonObject { Count: 1 } raw && raw["$text"] is { } text ? (string)text! : recording.Body?.ToJsonString();
        if (body is not null)
        {
            body = _ids.Aggregate(body, (written, pair) => written.Replace(pair.Key, pair.Value, StringComparison.Ordinal));
        }

        using var response = await SendAsync(new HttpMethod(recording.Method), path, body);
        var answer = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, answer.Length > 0 && answer[0] is '{' or '[' ? JsonNode.Parse(answer) : null);
    }

    /// <summary>Version ids are the server's own: what the recording calls a version is called otherwise here.</summary>
    private void Learn(JsonNode? recorded, JsonNode? ours)
    {
        if (recorded is JsonObject one && ours is JsonObject other)
        {
            if (one["definitionId"] is not null && one["id"] is JsonValue id && other["id"] is JsonValue own)
            {
                _ids[(string)id!] = (string)own!;
            }

            Learn(one["workflowDefinition"], other["workflowDefinition"]);
        }
    }
}
