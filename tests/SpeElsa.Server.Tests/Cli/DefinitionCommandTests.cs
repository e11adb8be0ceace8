using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>Workflow definitions from a terminal.</summary>
[Collection(nameof(SpeCommandsOfServer))]
public sealed class DefinitionCommandTests(SpeBench bench)
{
    [Fact]
    public async Task A_definition_goes_out_is_changed_comes_back_and_is_published_under_the_next_version()
    {
        var spe = bench.Spe;
        var file = bench.NewFile("round.json");

        var (code, imported, error) = await spe.RunWithInputAsync(TaskHost.Ask("round").ToJson(), "definition", "import", "-", "--publish");
        Assert.True(code == 0, error);
        Assert.Contains("Standard input: Published asks-round version 1.", imported, StringComparison.Ordinal);
        await spe.OutputAsync("definition", "export", "asks-round", "--to", file);
        var first = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, Changed(first, model => model["name"] = "Asks and goes round"), TestContext.Current.CancellationToken);

        Assert.Contains("can be published", await spe.OutputAsync("definition", "check", "--file", file), StringComparison.Ordinal);
        Assert.Contains("version 2 is a draft now", await spe.OutputAsync("definition", "import", file), StringComparison.Ordinal);
        Assert.Matches(@"\nasks-round +Asks and goes round +2 \(draft\) +1 *\n", Lines(await spe.OutputAsync("definition", "list", "--search", "goes round")));
        Assert.Contains("nothing was found", await spe.OutputAsync("definition", "check", "asks-round"), StringComparison.Ordinal);
        Assert.Contains("Published asks-round version 2.", await spe.OutputAsync("definition", "publish", "asks-round"), StringComparison.Ordinal);
        Assert.Matches(@"\nasks-round +Asks and goes round +2 +2 *\n", Lines(await spe.OutputAsync("definition", "list", "--search", "goes round")));
        Assert.Contains("is published already", await spe.OutputAsync("definition", "import", file), StringComparison.Ordinal);
        Assert.Equal(first, await spe.OutputAsync("definition", "export", "asks-round", "--version", "1", "--to", "-"));

        await spe.OutputAsync("definition", "retract", "asks-round");
        var shown = await spe.OutputAsync("definition", "show", "asks-round");
        Assert.Contains("no: it can not be started", shown, StringComparison.Ordinal);
        Assert.Equal(2, (await spe.JsonAsync("definition", "show", "asks-round"))["versions"]!.AsArray().Count);
        await spe.FailsAsync(4, "is not published", "definition", "retract", "asks-round");
    }

    [Fact]
    public async Task What_has_errors_is_told_in_words_and_is_not_stored_to_be_published()
    {
        var spe = bench.Spe;
        var (good, bad, none) = (bench.NewFile("good.json"), bench.NewFile("bad.json"), bench.NewFile("none.json"));
        await File.WriteAllTextAsync(good, TaskHost.Ask("good").ToJson(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bad, Changed(TaskHost.Ask("bad").ToJson(), model => model["root"]!["activities"]!.AsArray().Add(A.Node("listen", "Elsa.HttpEndpoint"))), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(none, "{\"definitionId\":", TestContext.Current.CancellationToken);

        var check = await spe.RunAsync("definition", "check", "--file", bad);
        Assert.Equal((4, ""), (check.Code, check.Error));
        Assert.Contains("can not be published: 1 error.", check.Output, StringComparison.Ordinal);
        Assert.Contains("needs a value for", check.Output, StringComparison.Ordinal);
        await spe.FailsAsync(2, "is no JSON", "definition", "import", good, none);
        await spe.FailsAsync(4, "There is no workflow definition 'asks-good'", "definition", "show", "asks-good");

        var import = await spe.RunAsync("definition", "import", good, bad, "--publish");
        Assert.Equal(4, import.Code);
        Assert.Contains("It has errors and was not stored.", import.Error, StringComparison.Ordinal);
        Assert.Contains("1 before it was stored.", import.Error, StringComparison.Ordinal);
        Assert.Contains("Published asks-good version 1.", import.Output, StringComparison.Ordinal);
        await spe.FailsAsync(4, "There is no workflow definition 'asks-bad'", "definition", "show", "asks-bad");

        // As a draft it may be wrong; it can not be published later either.
        await spe.OutputAsync("definition", "import", bad);
        Assert.Equal(4, (await spe.RunAsync("definition", "check", "asks-bad")).Code);
        await spe.FailsAsync(4, "needs a value for", "definition", "publish", "asks-bad");
    }

    [Fact]
    public async Task Versions_are_brought_back_and_deleted_and_compared_with_the_file_they_came_from()
    {
        var spe = bench.Spe;
        foreach (var name in new[] { "First thoughts", "Second thoughts" })
        {
            var (code, _, error) = await spe.RunWithInputAsync(Changed(TaskHost.Ask("thoughts").ToJson(), model => model["name"] = name), "definition", "import", "-", "--publish");
            Assert.True(code == 0, error);
        }

        Assert.Contains("version 3 is a draft now", await spe.OutputAsync("definition", "revert", "asks-thoughts", "1"), StringComparison.Ordinal);
        Assert.Contains("First thoughts", await spe.OutputAsync("definition", "show", "asks-thoughts"), StringComparison.Ordinal);
        await spe.OutputAsync("definition", "delete", "asks-thoughts", "--version", "3");
        Assert.Contains("Second thoughts", await spe.OutputAsync("definition", "show", "asks-thoughts"), StringComparison.Ordinal);
        Assert.Contains("it was made here", await spe.OutputAsync("definition", "compare", "asks-thoughts"), StringComparison.Ordinal);
        await spe.FailsAsync(4, "comes from no file", "definition", "compare", "asks-thoughts", "--keep-stored");
        await spe.OutputAsync("definition", "delete", "asks-thoughts", "--all");
        await spe.FailsAsync(4, "There is no workflow definition 'asks-thoughts'", "definition", "delete", "asks-thoughts", "--all");

        var stock = Changed(await spe.OutputAsync("definition", "export", "rename-server", "--to", "-"), model => model["name"] = "Rename it");
        await spe.RunWithInputAsync(stock, "definition", "import", "-");
        Assert.Contains("Rename it", await spe.OutputAsync("definition", "compare", "rename-server"), StringComparison.Ordinal);
        Assert.Contains("the latest version is as it is there", await spe.OutputAsync("definition", "compare", "rename-server", "--take-file"), StringComparison.Ordinal);
        await spe.FailsAsync(4, "There is no move 'nothing'", "move", "retry", "nothing");
    }

    [Fact]
    public async Task An_export_writes_over_nothing_unless_it_is_told_to()
    {
        var spe = bench.Spe;
        var folder = Path.GetDirectoryName(bench.NewFile("x"))!;
        var kept = Path.Combine(folder, "single-server-move.json");
        await File.WriteAllTextAsync(kept, "mine", TestContext.Current.CancellationToken);

        await spe.FailsAsync(2, "--force writes over", "definition", "export", "single-server-move", "--to", kept);
        await spe.FailsAsync(2, "nothing was written", "definition", "export", "--all", "--to", folder);
        Assert.Equal("mine", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken));
        Assert.Single(Directory.EnumerateFiles(folder));

        await spe.OutputAsync("definition", "export", "--all", "--version", "published", "--to", folder, "--force");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), (string?)JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["definitionId"]);
        }

        Assert.Superset(
            new HashSet<string> { "single-server-move.json", "move-instance-host.json", "rename-server.json", "pre-flight.json" },
            Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).ToHashSet());
        await spe.FailsAsync(2, "name a folder", "definition", "export", "--all", "--to", "-");
        await spe.FailsAsync(2, "Name a definition", "definition", "export");
        await spe.FailsAsync(4, "or not that version of it", "definition", "export", "single-server-move", "--version", "99", "--to", "-");
    }

    [Fact]
    public async Task A_key_that_only_reads_is_told_which_right_it_has_not()
    {
        var spe = bench.Spe;
        var key = bench.NewFile("viewer.txt");
        await spe.OutputAsync("key", "create", "viewer-of-definitions", "--role", "viewer", "--to", key);

        Assert.Contains("single-server-move", await spe.OutputAsync("definition", "list", "--key-file", key), StringComparison.Ordinal);
        await spe.FailsAsync(4, "'publish:workflow-definitions'", "definition", "publish", "single-server-move", "--key-file", key);
        await spe.FailsAsync(4, "'retract:workflow-definitions'", "definition", "retract", "single-server-move", "--key-file", key);
        var (code, _, error) = await spe.RunWithInputAsync(TaskHost.Ask("denied").ToJson(), "definition", "import", "-", "--key-file", key);
        Assert.Equal(4, code);
        Assert.Contains("'write:workflow-definitions'", error, StringComparison.Ordinal);
    }

    private static string Changed(string json, Action<JsonNode> change)
    {
        var model = JsonNode.Parse(json)!;
        change(model);
        return model.ToJsonString();
    }

    private static string Lines(string table) => table.ReplaceLineEndings("\n");
}
