using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

public sealed class ListTests : DefinitionTest
{
    [Theory]
    [InlineData("", "Alpha 1,Beta 1,Beta 2,Gamma 1")]
    [InlineData("versionOptions=", "Alpha 1,Beta 1,Beta 2,Gamma 1")]
    [InlineData("versionOptions=Latest&Page=0&PageSize=10&SearchTerm=&IsSystem=False&OrderDirection=Ascending", "Alpha 1,Beta 2")]
    [InlineData("versionOptions=Latest&OrderBy=Name&OrderDirection=Descending", "Gamma 1,Beta 2,Alpha 1")]
    [InlineData("versionoptions=latest&page=1&PAGESIZE=2&isSystem=", "Gamma 1")]
    [InlineData("versionOptions=Latest&Page=9&PageSize=10", "")]
    [InlineData("versionOptions=Latest&PageSize=1", "Alpha 1")]
    [InlineData("Page=2147483647&PageSize=2147483647", "")]
    [InlineData("versionOptions=Published", "Beta 1,Gamma 1")]
    [InlineData("versionOptions=Published&DefinitionIds=alpha&DefinitionIds=beta", "Beta 1")]
    [InlineData("versionOptions=LatestOrPublished", "Alpha 1,Beta 1,Beta 2,Gamma 1")]
    [InlineData("versionOptions=LatestAndPublished", "Gamma 1")]
    [InlineData("versionOptions=Draft", "Alpha 1,Beta 2")]
    [InlineData("versionOptions=1&SearchTerm=BET", "Beta 1")]
    [InlineData("versionOptions=AllVersions&Page=0&PageSize=10&DefinitionIds=beta&OrderBy=Version&OrderDirection=Descending", "Beta 2,Beta 1")]
    [InlineData("versionOptions=Latest&IsSystem=True", "Gamma 1")]
    [InlineData("versionOptions=Latest&searchTerm=%25", "")]
    public async Task Lists_hold_what_is_asked_for(string query, string names)
    {
        await MakeAsync();

        var list = (await GetAsync($"workflow-definitions?{query}"))!;

        Assert.Equal(names, string.Join(',', list["items"]!.AsArray().Select(item => $"{item!["name"]} {item["version"]}")));
    }

    [Fact]
    public async Task A_page_tells_how_long_the_list_is()
    {
        await MakeAsync();

        Assert.Equal(3, (int)(await GetAsync("workflow-definitions?versionOptions=Latest&Page=0&PageSize=1"))!["totalCount"]!);
        Assert.Equal(3, (int)(await GetAsync("workflow-definitions?versionOptions=Latest&Page=7&PageSize=1"))!["totalCount"]!);
    }

    [Fact]
    public async Task Versions_are_found_by_their_ids()
    {
        await MakeAsync();
        var old = (string)(await GetAsync("workflow-definitions?versionOptions=1&DefinitionIds=beta"))!["items"]![0]!["id"]!;

        Assert.Equal([1], (await GetAsync($"workflow-definitions?versionOptions=&Ids={old}&Ids=nope"))!["items"]!.AsArray().Select(item => (int)item!["version"]!));
        Assert.Equal(1, (int)(await GetAsync($"workflow-definitions/many-by-id?ids={old}&ids=nope"))!["count"]!);
        Assert.Equal(0, (int)(await GetAsync("workflow-definitions/many-by-id"))!["count"]!);
    }

    [Fact]
    public async Task A_name_is_unique_or_not()
    {
        await MakeAsync();

        Assert.False((bool)(await GetAsync("workflow-definitions/validation/is-name-unique?name=Alpha"))!["isUnique"]!);
        Assert.True((bool)(await GetAsync("workflow-definitions/validation/is-name-unique?name=Alpha&definitionId=alpha"))!["isUnique"]!);
        Assert.True((bool)(await GetAsync("workflow-definitions/validation/is-name-unique?name=Delta&definitionId="))!["isUnique"]!);
        Assert.Equal(3, (int)(await GetAsync("workflow-definitions/query/count"))!["count"]!);
    }

    [Theory]
    [InlineData("*", true, true, true)]
    [InlineData("read:*", false, false, false)]
    [InlineData("read:workflow-definitions,write:workflow-definitions", false, false, false)]
    [InlineData("read:workflow-definitions,publish:workflow-definitions", false, false, false)]
    [InlineData("read:workflow-definitions,write:workflow-definitions,publish:workflow-definitions", true, true, false)]
    [InlineData("read:workflow-definitions,delete:workflow-definitions", false, false, true)]
    public async Task Links_say_what_the_caller_may_do(string permissions, bool mayCreate, bool mayEdit, bool mayDelete)
    {
        await MakeAsync();

        using var response = await SendAsync(HttpMethod.Get, "workflow-definitions?versionOptions=Latest", permissions: permissions);
        var list = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        using var one = await SendAsync(HttpMethod.Get, "workflow-definitions/by-definition-id/alpha", permissions: permissions);

        Assert.Equal(mayCreate, Rels(list).Contains("bulk-publish"));
        Assert.All(list["items"]!.AsArray().Append(JsonNode.Parse(await one.Content.ReadAsStringAsync())), item =>
        {
            Assert.Equal(mayEdit, Rels(item!).Contains("publish"));
            Assert.Equal(mayDelete, Rels(item!).Contains("delete"));
        });
    }

    private static string[] Rels(JsonNode owner) => [.. owner["links"]!.AsArray().Select(link => (string)link!["rel"]!)];

    /// <summary>A draft; a published version with a draft after it; a published version of the machinery.</summary>
    private async Task MakeAsync()
    {
        await SaveAsync(Model("alpha", "Alpha"));
        await SaveAsync(Model("beta", "Beta"), publish: true);
        await SaveAsync(Model("beta", "Beta", "'two'"));
        var system = Model("gamma", "Gamma");
        system["isSystem"] = true;
        await SaveAsync(system, publish: true);
    }
}
