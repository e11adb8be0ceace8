using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>A file and a definition that were both changed: shown, and decided by a person.</summary>
public sealed class FileConflictTests : DefinitionTest
{
    private const string Path = "workflow-definitions/flow/file-conflict";
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-files-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_definition_without_a_file_says_so()
    {
        await SaveAsync(Model("flow"));
        var standing = (await GetAsync(Path))!;

        Assert.Equal(("StoredOnly", null, 1), ((string)standing["state"]!, (string?)standing["file"], (int)standing["storedVersion"]!));
    }

    [Fact]
    public async Task How_file_and_definition_stand_is_told()
    {
        await WriteAsync("'one'");
        await ReadFilesAsync();
        Assert.Equal("Same", (string)(await GetAsync(Path))!["state"]!);

        await SaveAsync(Edited(await OpenAsync("flow"), "mine"));
        Assert.Equal("StoredChanged", (string)(await GetAsync(Path))!["state"]!);

        await WriteAsync("'theirs'");
        var conflict = (await GetAsync(Path))!;
        Assert.Equal(("Conflict", "flow.json", 2), ((string)conflict["state"]!, (string)conflict["file"]!, (int)conflict["storedVersion"]!));
        Assert.NotEqual((string)conflict["fileHash"]!, (string)conflict["storedHash"]!);
        var changed = conflict["differences"]!.AsArray().Single(difference => ((string)difference!["path"]!).EndsWith("expression.value", StringComparison.Ordinal))!;
        Assert.Equal(
            ("root.activities[WriteLine1].text.expression.value", "Changed", "\"'theirs'\"", "\"mine\""),
            ((string)changed["path"]!, (string)changed["kind"]!, (string)changed["file"]!, (string)changed["stored"]!));
    }

    [Fact]
    public async Task The_file_is_taken_when_somebody_says_so_who_has_seen_both()
    {
        var seen = await ConflictAsync();

        var after = (await SendAsync($"{Path}/take-file", Choice(seen)))!;

        Assert.Equal("Same", (string)after["state"]!);
        Assert.Equal("'theirs'", TextOf((await GetAsync("workflow-definitions/by-definition-id/flow?versionOptions=Published"))!));
    }

    [Fact]
    public async Task What_is_stored_is_kept_when_somebody_says_so_who_has_seen_both()
    {
        var seen = await ConflictAsync();

        Assert.Equal("StoredChanged", (string)(await SendAsync($"{Path}/keep-stored", Choice(seen)))!["state"]!);
        Assert.Empty((await ReadFilesAsync()).Conflicts);
        Assert.Equal("mine", TextOf(await OpenAsync("flow")));
    }

    [Theory]
    [InlineData("take-file")]
    [InlineData("keep-stored")]
    public async Task A_choice_between_other_contents_than_there_are_now_is_refused(string choice)
    {
        var seen = await ConflictAsync();
        await SaveAsync(Edited(await OpenAsync("flow"), "mine again"));

        using var response = await PostAsync($"{Path}/{choice}", Choice(seen));

        Assert.Contains("look again", await RefusalAsync(response, 409), StringComparison.Ordinal);
        Assert.Equal("mine again", TextOf(await OpenAsync("flow")));
    }

    [Fact]
    public async Task A_file_that_can_not_be_published_is_not_taken()
    {
        await ConflictAsync();
        await WriteAsync("1 +");

        using var response = await PostAsync($"{Path}/take-file", Choice((await GetAsync(Path))!));

        Assert.NotEmpty(await RefusalAsync(response, 400));
        Assert.Equal("mine", TextOf(await OpenAsync("flow")));
    }

    private static JsonObject Choice(JsonNode seen) => new() { ["fileHash"] = (string)seen["fileHash"]!, ["storedHash"] = (string)seen["storedHash"]! };

    private Task WriteAsync(string text) => File.WriteAllTextAsync(System.IO.Path.Combine(_folder, "flow.json"), Model("flow", text: text).ToJsonString());

    private Task<DefinitionFilesReport> ReadFilesAsync() => Services.GetRequiredService<DefinitionFiles>().PublishAsync(_folder, default);

    private async Task<JsonNode> ConflictAsync()
    {
        await WriteAsync("'one'");
        await ReadFilesAsync();
        await SaveAsync(Edited(await OpenAsync("flow"), "mine"));
        await WriteAsync("'theirs'");
        Assert.Single((await ReadFilesAsync()).Conflicts);
        return (await GetAsync(Path))!;
    }
}
