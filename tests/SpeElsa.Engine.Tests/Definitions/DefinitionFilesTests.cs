using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

public sealed class DefinitionFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-workflows-").FullName;
    private readonly InMemoryStore _store = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_published_once_and_again_when_they_change()
    {
        Write("move.json", A.Sequence("move").With(A.Line("one")).ToJson());

        Assert.Empty(await PublishAsync());
        Assert.Empty(await PublishAsync());
        Assert.Equal(1, (await _store.FindPublishedAsync("move", default))!.Version);

        Write("move.json", A.Sequence("move").With(A.Line("two")).ToJson());
        Assert.Empty(await PublishAsync());
        Assert.Equal(2, (await _store.FindPublishedAsync("move", default))!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("""{"definitionId":5,"root":{"type":"Elsa.Sequence","activities":[[]]}}""")]
    [InlineData("""{"definitionId":"x","root":{"id":"r","type":"Elsa.Flowchart","activities":[{"id":"a","type":"Elsa.Start"},{"id":"a","type":"Elsa.Start"}]}}""")]
    public async Task A_file_that_is_no_definition_is_left_out_and_the_others_are_published(string text)
    {
        Write("a-bad.json", text);
        Write("b-good.json", A.Sequence("good").ToJson());

        var leftOut = await PublishAsync();

        Assert.Equal(["a-bad.json"], leftOut.Keys);
        Assert.NotEmpty(leftOut["a-bad.json"]);
        Assert.NotNull(await _store.FindPublishedAsync("good", default));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_has_no_files() =>
        Assert.Empty(await Files().PublishAsync(Path.Combine(_folder, "nowhere"), default));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private Task<IReadOnlyDictionary<string, string>> PublishAsync() => Files().PublishAsync(_folder, default);

    private DefinitionFiles Files() =>
        new(_store, new DefinitionReader(new ActivityRegistry(), new TypeAliases()), TimeProvider.System, NullLogger<DefinitionFiles>.Instance);
}
