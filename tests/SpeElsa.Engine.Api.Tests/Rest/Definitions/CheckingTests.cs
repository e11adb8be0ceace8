using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>What publishing would find is told without publishing, and without storing anything.</summary>
public sealed class CheckingTests : DefinitionTest
{
    [Fact]
    public async Task A_stored_version_is_checked_and_stays_as_it_is()
    {
        await SaveAsync(Model("flow"), publish: true);
        await SaveAsync(Model("flow", text: "1 +"));

        var latest = (await GetAsync("workflow-definitions/flow/check"))!;
        Assert.False((bool)latest["canPublish"]!);
        var finding = Assert.Single(latest["findings"]!.AsArray())!;
        Assert.Equal(("Error", "WriteLine1"), ((string)finding["severity"]!, (string)finding["activityId"]!));
        Assert.NotEmpty((string)finding["message"]!);
        Assert.NotEmpty((string)finding["code"]!);
        Assert.True((bool)(await GetAsync("workflow-definitions/flow/check?versionOptions=Published"))!["canPublish"]!);
        Assert.Null((await Store.FindAsync("flow", VersionOptions.Latest, default))!.PublishedAt);
    }

    [Fact]
    public async Task A_definition_is_checked_as_it_is_sent_and_not_stored()
    {
        var model = Model("new");
        model["root"]!["activities"]!.AsArray().Add(new JsonObject { ["id"] = "Odd1", ["type"] = "Nowhere.Odd", ["version"] = 1 });
        model["root"]!["connections"]!.AsArray().Add(A.Connection("WriteLine1 -> Odd1"));

        var answer = (await SendAsync("workflow-definitions/check", new JsonObject { ["model"] = model }))!;

        Assert.True((bool)answer["canPublish"]!);
        Assert.Equal("Warning Odd1", $"{answer["findings"]![0]!["severity"]} {answer["findings"]![0]!["activityId"]}");
        Assert.Equal(0, await Store.CountAsync(default));
    }

    [Fact]
    public async Task What_is_not_there_or_no_definition_is_refused()
    {
        using var unknown = await SendAsync(HttpMethod.Get, "workflow-definitions/nowhere/check");
        Assert.Equal(404, (int)unknown.StatusCode);
        using var none = await SendAsync(HttpMethod.Post, "workflow-definitions/check", "{}");
        Assert.Contains("A definition is needed", await RefusalAsync(none, 400), StringComparison.Ordinal);
    }
}
