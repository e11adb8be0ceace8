using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>A workflow that breaks a rule of a move can be saved and looked at, and is not published.</summary>
public sealed class PublishingTests
{
    private const string Move = "/elsa/api/workflow-definitions/single-server-move";

    [Fact]
    public async Task A_move_that_breaks_a_rule_stays_a_draft_and_the_reasons_are_told_in_words()
    {
        await using var host = await AccessHost.StartAsync();
        var published = await ReadAsync(host, HttpMethod.Get, Move);
        Assert.True((bool)published["isPublished"]!);
        Assert.Equal("True: ", Errors(await ReadAsync(host, HttpMethod.Get, $"{Move}/check")));

        var broken = published.DeepClone().AsObject();
        StepOf(broken, "startClientAccess")["onlyIfOff"] = A.Text("");
        broken["root"]!["connections"]!.AsArray().RemoveAll(arrow => (string)arrow!["source"]!["activity"]! == "checkLicence" && (string)arrow["source"]!["port"]! == "NotMoved");
        Assert.Equal(
            "False: never-reached licenceAgain, open-outcome checkLicence, unguarded-start startClientAccess",
            Errors(await ReadAsync(host, HttpMethod.Post, "/elsa/api/workflow-definitions/check", new JsonObject { ["model"] = broken.DeepClone() })));

        // Saving is never refused; publishing is, however it is asked for.
        var saved = (await ReadAsync(host, HttpMethod.Post, "/elsa/api/workflow-definitions", new JsonObject { ["model"] = broken.DeepClone(), ["publish"] = false }))["workflowDefinition"]!;
        await RefusedAsync(host, "/elsa/api/workflow-definitions", new JsonObject { ["model"] = saved.DeepClone(), ["publish"] = true });
        await RefusedAsync(host, $"{Move}/publish", new JsonObject());

        var latest = await ReadAsync(host, HttpMethod.Get, $"{Move}?versionOptions=Latest");
        Assert.Equal((2, false), ((int)latest["version"]!, (bool)latest["isPublished"]!));
        Assert.Equal(1, (int)(await ReadAsync(host, HttpMethod.Get, $"{Move}?versionOptions=Published"))["version"]!);
        Assert.StartsWith("False: never-reached", Errors(await ReadAsync(host, HttpMethod.Get, $"{Move}/check")), StringComparison.Ordinal);
        Assert.Equal("True: ", Errors(await ReadAsync(host, HttpMethod.Get, $"{Move}/check?versionOptions=Published")));
    }

    [Fact]
    public async Task What_is_doubtful_is_told_and_does_not_keep_a_move_from_being_published()
    {
        await using var host = await AccessHost.StartAsync();
        var model = (await ReadAsync(host, HttpMethod.Get, Move)).DeepClone().AsObject();
        StepOf(model, "dataDiffers")["outcomes"] = A.JavaScript("['CopyAgain']");

        var answer = await ReadAsync(host, HttpMethod.Post, "/elsa/api/workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = true });

        Assert.True((bool)answer["workflowDefinition"]!["isPublished"]!);
        Assert.Equal("dataDiffers", (string)Assert.Single(answer["warnings"]!.AsArray())!["activityId"]!);
        Assert.Contains("The outcomes of 'Find the difference' are made by an expression", (string)answer["warnings"]![0]!["message"]!, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(AccessHost host, string path, JsonObject body)
    {
        using var response = await host.SendAsync(HttpMethod.Post, path, host.ApiKey, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var errors = (await response.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["generalErrors"]!.AsArray().Select(error => (string)error!).ToArray();
        Assert.Equal(3, errors.Length);
        Assert.Contains(errors, error => error.Contains("No arrow leads on from the outcome 'NotMoved' of 'Licence moved?'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("'Start Client Access Server' starts the Client Access Server without looking whether the other server is off", StringComparison.Ordinal));
    }

    private static async Task<JsonObject> ReadAsync(AccessHost host, HttpMethod method, string path, JsonObject? body = null)
    {
        using var response = await host.SendAsync(method, path, host.ApiKey, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!.AsObject();
    }

    private static string Errors(JsonObject answer)
    {
        var errors = answer["findings"]!.AsArray().Where(finding => (string)finding!["severity"]! == "Error").Select(finding => $"{finding!["code"]} {finding["activityId"]}");
        return $"{(bool)answer["canPublish"]!}: {string.Join(", ", errors.Order(StringComparer.Ordinal))}";
    }

    private static JsonObject StepOf(JsonObject model, string id) => model["root"]!["activities"]!.AsArray().Select(activity => activity!.AsObject()).Single(activity => (string)activity["id"]! == id);
}
