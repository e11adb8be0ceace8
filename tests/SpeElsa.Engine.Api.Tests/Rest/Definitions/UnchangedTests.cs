using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>Saving without a change is no change: no new version, and the same bytes.</summary>
public sealed class UnchangedTests : DefinitionTest
{
    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "workflows");

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_shipped_definition_saved_as_Studio_saves_it_is_unchanged(string file)
    {
        var model = DefinitionJson.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, file)));
        var stored = await StoreAsync(model);

        var saved = await SaveAsync(AsStudioSends(await OpenAsync(stored.DefinitionId)));

        var latest = (await Store.FindAsync(stored.DefinitionId, VersionOptions.Latest, default))!;
        Assert.Equal((stored.Id, stored.Revision, stored.ContentHash), (latest.Id, latest.Revision, latest.ContentHash));
        Assert.Equal(stored.Json, latest.Json);
        Assert.Equal((string)saved["id"]!, latest.Id);
    }

    [Fact]
    public async Task A_moved_activity_changes_the_layout_and_nothing_else()
    {
        var file = Path.Combine(Folder, Shipped.First().Data);
        var stored = await StoreAsync(DefinitionJson.Parse(await File.ReadAllTextAsync(file)));
        var sent = AsStudioSends(await OpenAsync(stored.DefinitionId));
        sent["root"]!["activities"]![0]!["metadata"]!["designer"] = JsonNode.Parse("""{"position":{"x":777,"y":1}}""");

        await SaveAsync(sent);

        var latest = (await Store.FindAsync(stored.DefinitionId, VersionOptions.Latest, default))!;
        Assert.Equal(stored.ContentHash, latest.ContentHash);
        Assert.Contains("777", latest.Json, StringComparison.Ordinal);
    }

    /// <summary>What the designer does to a definition: paths and nulls everywhere, members it does not know dropped, members in another order.</summary>
    private static JsonObject AsStudioSends(JsonObject opened)
    {
        var sent = new JsonObject();
        foreach (var name in new[]
        {
            "definitionId", "name", "description", "toolVersion", "variables", "inputs", "outputs", "outcomes", "customProperties", "isReadonly", "options", "root",
            "links", "createdAt", "version", "isLatest", "isPublished", "id",
        })
        {
            sent[name] = name is "links" ? null : opened[name]?.DeepClone();
        }

        foreach (var name in new[] { "activationStrategyType", "usableAsActivity", "autoUpdateConsumingWorkflows", "activityCategory", "incidentStrategyType", "commitStrategyName" })
        {
            if (!sent["options"]!.AsObject().ContainsKey(name))
            {
                sent["options"]![name] = null;
            }
        }

        foreach (var variable in sent["variables"]!.AsArray())
        {
            if (variable!["value"] is { } value && value.GetValueKind() is not System.Text.Json.JsonValueKind.String)
            {
                variable["value"] = value.ToJsonString();
            }

            variable["isArray"] ??= false;
        }

        return sent;
    }

    private async Task<Storage.DefinitionRecord> StoreAsync(JsonObject model)
    {
        var draft = await Store.SaveDraftAsync(DefinitionJson.ToDraft(model, null, Testing.A.Moment), null, default);
        return draft.Latest!;
    }
}
