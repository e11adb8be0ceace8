using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Management;

public sealed class DefinitionFilesTests : ManagementTest, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-workflows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_published_once_and_again_when_they_change()
    {
        Write("one");
        await PublishedAsync();
        await PublishedAsync();
        Assert.Equal(1, (await LatestAsync()).Version);

        Write("two");
        await PublishedAsync();
        var published = await Definitions.FindPublishedAsync("move", default);
        Assert.Equal((2, "move.json"), (published!.Version, published.Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("""{"definitionId":5,"root":{"type":"Elsa.Sequence","activities":[[]]}}""")]
    [InlineData("""{"definitionId":"x","root":{"id":"r","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}}""")]
    [InlineData("""{"definitionId":"x","name":"bad","root":{"id":"r","type":"Elsa.Flowchart"}}""")]
    public async Task A_file_that_is_no_definition_is_left_out_and_the_others_are_published(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "a-bad.json"), text);
        File.WriteAllText(Path.Combine(_folder, "b-good.json"), A.Sequence("good").ToJson());

        var report = await PublishAsync();

        Assert.Equal(["a-bad.json"], report.LeftOut.Keys);
        Assert.NotEmpty(report.LeftOut["a-bad.json"]);
        Assert.NotNull(await Definitions.FindPublishedAsync("good", default));
        Assert.Equal(1, await Definitions.CountAsync(default));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_has_no_files() =>
        Assert.Empty((await Get<DefinitionFiles>().PublishAsync(Path.Combine(_folder, "nowhere"), default)).LeftOut);

    [Fact]
    public async Task What_the_designer_has_changed_stays_while_the_file_does()
    {
        Write("one");
        await PublishedAsync();
        await EditAsync("mine");

        await PublishedAsync();

        Assert.Equal("mine", Word(await LatestAsync()));
    }

    [Fact]
    public async Task A_file_and_a_definition_that_were_both_changed_are_a_conflict()
    {
        Write("one");
        await PublishedAsync();
        var edited = await EditAsync("mine");
        Write("theirs");

        var conflict = Assert.Single((await PublishAsync()).Conflicts);

        Assert.Equal(new DefinitionFileConflict("move.json", "move", DefinitionReader.ContentHash(Says("move", "theirs")), edited.ContentHash), conflict);
        Assert.Equal("mine", Word(await LatestAsync()));
        Assert.Equal("one", Word((await Definitions.FindPublishedAsync("move", default))!));
        Assert.Single((await PublishAsync()).Conflicts);
    }

    [Fact]
    public async Task A_conflict_can_be_ended_for_the_file()
    {
        await ConflictAsync();

        await Get<DefinitionFiles>().TakeFileAsync(PathOf("move.json"), null, default);

        Assert.Equal("theirs", Word((await Definitions.FindPublishedAsync("move", default))!));
        await PublishedAsync();
    }

    [Fact]
    public async Task A_conflict_can_be_ended_for_what_is_stored_until_the_file_changes_again()
    {
        await ConflictAsync();

        Assert.True(await Get<DefinitionFiles>().KeepStoredAsync(PathOf("move.json"), null, default));
        await PublishedAsync();
        Assert.Equal("mine", Word(await LatestAsync()));

        Write("theirs again");
        Assert.Single((await PublishAsync()).Conflicts);
    }

    [Fact]
    public async Task A_definition_that_never_came_from_the_file_is_not_overwritten()
    {
        await Definitions.PublishAsync(DefinitionJson.ToDraft(DefinitionJson.Parse(Says("move", "mine")), null, A.Moment), default);
        Write("theirs");

        Assert.Single((await PublishAsync()).Conflicts);
        Assert.Equal("mine", Word((await Definitions.FindPublishedAsync("move", default))!));
    }

    [Fact]
    public async Task A_retracted_definition_stays_so_until_its_file_changes()
    {
        Write("one");
        await PublishedAsync();
        await Definitions.RetractAsync("move", default);

        await PublishedAsync();
        Assert.Null(await Definitions.FindPublishedAsync("move", default));

        Write("two");
        await PublishedAsync();
        Assert.Equal("two", Word((await Definitions.FindPublishedAsync("move", default))!));
    }

    [Fact]
    public async Task A_publication_that_was_cut_off_is_finished_by_the_next_start()
    {
        Write("one");
        await PublishedAsync();
        await Definitions.SaveDraftAsync(DefinitionJson.ToDraft(DefinitionJson.Parse(Says("move", "two")), null, A.Moment), null, default);
        Write("two");

        await PublishedAsync();

        Assert.Equal("two", Word((await Definitions.FindPublishedAsync("move", default))!));
    }

    [Fact]
    public async Task An_editor_that_saves_while_a_file_is_published_loses_nothing()
    {
        Write("one");
        await PublishedAsync();
        Write("two");
        Check.Meanwhile = () => EditAsync("mine");

        Assert.Single((await PublishAsync()).Conflicts);
        Assert.Equal("mine", Word(await LatestAsync()));
    }

    private static string Word(DefinitionRecord version) => (string)JsonNode.Parse(version.Json)!["root"]!["activities"]![0]!["id"]!;

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Write(string word) => File.WriteAllText(PathOf("move.json"), Says("move", word));

    private Task<DefinitionFilesReport> PublishAsync() => Get<DefinitionFiles>().PublishAsync(_folder, default);

    private async Task PublishedAsync()
    {
        var report = await PublishAsync();
        Assert.Empty(report.LeftOut);
        Assert.Empty(report.Conflicts);
    }

    private async Task<DefinitionRecord> EditAsync(string word) =>
        (await Definitions.SaveDraftAsync(DefinitionJson.ToDraft(DefinitionJson.Parse(Says("move", word)), null, A.Moment), null, default)).Latest!;

    private async Task<DefinitionRecord> LatestAsync() => (await Definitions.FindAsync("move", VersionOptions.Latest, default))!;

    private async Task ConflictAsync()
    {
        Write("one");
        await PublishedAsync();
        await EditAsync("mine");
        Write("theirs");
        Assert.Single((await PublishAsync()).Conflicts);
    }
}
