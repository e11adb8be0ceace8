using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Identity;

namespace SpeElsa.Server.Tests;

/// <summary>The description of the API, for programs and for people.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Every_request_with_a_JSON_body_has_an_example_with_members_that_there_are()
    {
        await using var host = await AccessHost.StartAsync();
        using var answer = await host.SendAsync(HttpMethod.Get, "/openapi/v1.json", host.ApiKey);
        var document = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;

        var calls = (from path in document["paths"]!.AsObject()
                     from operation in path.Value!.AsObject()
                     let media = operation.Value!["requestBody"]?["content"]?["application/json"]
                     where media is not null
                     select (Call: $"{operation.Key} {path.Key}", Media: media!)).ToList();

        Assert.True(calls.Count > 20, $"only {calls.Count} calls have a body");
        Assert.All(calls, call =>
        {
            var example = call.Media["example"] as JsonObject;
            Assert.True(example is not null, $"{call.Call} has no example");
            var known = Properties(document, call.Media["schema"]!).ToHashSet(StringComparer.Ordinal);
            Assert.All(example, member => Assert.True(known.Contains(member.Key), $"{call.Call}: the example has '{member.Key}', and there are {string.Join(", ", known)}"));
        });
    }

    [Fact]
    public async Task The_page_is_for_who_is_signed_in_and_asks_nobody_else_for_anything()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("anna", "viewer");
        using var browser = host.OpenBrowser();

        var stranger = await browser.GoAsync("/api-docs/index.html");
        var asked = browser.Location;
        await browser.SignInAsync("anna");
        var page = await browser.GoAsync("/api-docs/index.html");

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK), (stranger, page));
        Assert.StartsWith("/sign-in?returnUrl=", asked, StringComparison.Ordinal);
        Assert.DoesNotContain("://", browser.Page.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.GoAsync("/api-docs/swagger-ui-bundle.js"));
        Assert.Equal(HttpStatusCode.OK, await browser.GoAsync("/openapi/v1.json"));
    }

    private static IEnumerable<string> Properties(JsonObject document, JsonNode schema)
    {
        var named = (string?)schema["$ref"];
        var resolved = named is null ? schema : document["components"]!["schemas"]![named.Split('/')[^1]]!;
        return (resolved["properties"]?.AsObject().Select(property => property.Key) ?? [])
            .Concat((resolved["oneOf"] ?? resolved["anyOf"] ?? resolved["allOf"])?.AsArray().SelectMany(part => Properties(document, part!)) ?? []);
    }
}
