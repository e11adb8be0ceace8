using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>A host with definitions that are made, changed and read over the API.</summary>
public abstract class DefinitionTest : RestTest
{
    protected IDefinitionStore Store => Services.GetRequiredService<IDefinitionStore>();

    /// <summary>A definition as a client sends it, with one activity that writes a line.</summary>
    protected static JsonObject Model(string? definitionId, string? name = null, string text = "'hello'") => new()
    {
        ["definitionId"] = definitionId,
        ["name"] = name ?? definitionId,
        ["root"] = A.Chart("Flowchart1", [A.Say("WriteLine1", text)]),
    };

    protected static JsonObject SaveRequest(JsonNode model, bool? publish = null) => new() { ["model"] = model.DeepClone(), ["publish"] = publish };

    /// <summary>Saves and reads back what the server made of it.</summary>
    protected async Task<JsonObject> SaveAsync(JsonNode model, bool publish = false) =>
        (JsonObject)(await SendAsync("workflow-definitions", SaveRequest(model, publish)))!["workflowDefinition"]!;

    /// <summary>Opens a definition as an editor does.</summary>
    protected async Task<JsonObject> OpenAsync(string definitionId) => (JsonObject)(await GetAsync($"workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest"))!;

    /// <summary>Sends a request that is not to be a success, and reads what is told.</summary>
    protected static async Task<string> RefusalAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode} {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        return string.Join(" ", problem["errors"]!.AsObject().SelectMany(pair => pair.Value!.AsArray()).Select(message => (string)message!));
    }

    /// <summary>Changes the first activity's text.</summary>
    protected static JsonObject Edited(JsonObject model, string text)
    {
        var copy = (JsonObject)model.DeepClone();
        copy["root"]!["activities"]![0]!["text"] = A.Text(text);
        return copy;
    }

    protected static string TextOf(JsonNode model) => (string)model["root"]!["activities"]![0]!["text"]!["expression"]!["value"]!;

    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? permissions = null, string mediaType = "application/json")
    {
        var request = new HttpRequestMessage(method, "/elsa/api/" + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        if (permissions is not null)
        {
            request.Headers.Add(PermissionsHeader, permissions);
        }

        return Client.SendAsync(request);
    }
}
