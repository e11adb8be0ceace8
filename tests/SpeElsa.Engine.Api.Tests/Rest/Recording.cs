using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest;

/// <summary>What a real Elsa server answered to one request.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Path">The path with its query.</param>
/// <param name="Body">What was sent.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Answer">The body of the answer.</param>
public sealed record Recording(string Method, string Path, JsonNode? Body, int Status, JsonNode? Answer)
{
    /// <summary>Reads a recording that the tests carry.</summary>
    /// <param name="name">The file's name without its ending.</param>
    public static Recording Read(string name)
    {
        using var stream = typeof(Recording).Assembly.GetManifestResourceStream($"recorded/{name}.json")
            ?? throw new InvalidOperationException($"There is no recording '{name}' among the tests.");
        var recorded = JsonNode.Parse(stream)!;
        var request = recorded["request"]!;
        var response = recorded["response"]!;
        return new Recording((string)request["method"]!, (string)request["path"]!, request["body"], (int)response["status"]!, response["body"]);
    }
}
