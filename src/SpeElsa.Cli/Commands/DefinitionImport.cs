using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe definition import</c>: files become drafts, or published versions.</summary>
internal static class DefinitionImport
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var files = new Argument<string[]>("file") { Description = "JSON files as 'spe definition export' writes them, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        var publish = new Option<bool>("--publish") { Description = "Publish them too, in their order. One with errors is not stored, and those after it are not looked at." };
        return new Command(
            "import", "Takes workflow definitions from files: each becomes the draft of its definition, or a new definition. Example: spe definition import my-move.json --publish") { files, publish }
            .Does(options, error, async (result, api, cancellationToken) =>
            {
                // What is no JSON is found before anything is stored.
                var read = new List<(string File, string Json)>();
                foreach (var file in result.GetRequiredValue(files))
                {
                    read.Add(await ReadAsync(screen, file, cancellationToken));
                }

                var isJson = options.IsJson(result);
                var done = new JsonArray();
                foreach (var (file, json) in read)
                {
                    if (result.GetValue(publish) && await DefinitionCommands.CheckTextAsync(api, json, cancellationToken) is var check && !DefinitionCommands.CanPublish(check))
                    {
                        if (isJson)
                        {
                            done.Add(new JsonObject { ["file"] = file, ["findings"] = check["findings"]!.DeepClone() });
                            screen.Json(done);
                        }
                        else
                        {
                            DefinitionCommands.ShowFindings(screen, check, NameOf(file));
                        }

                        throw new Refusal($"{NameOf(file)} was not stored: it has errors.{Before(done.Count - (isJson ? 1 : 0))}", ExitCodes.Refused);
                    }

                    done.Add(await StoreAsync(api, screen, file, json, result.GetValue(publish), isJson, done.Count, cancellationToken));
                }

                if (isJson)
                {
                    screen.Json(done);
                }

                return ExitCodes.Ok;
            });
    }

    /// <summary>Reads a definition.</summary>
    /// <exception cref="Refusal">It is none.</exception>
    public static async Task<(string File, string Json)> ReadAsync(Screen screen, string file, CancellationToken cancellationToken)
    {
        var json = await screen.ReadAsync(file, cancellationToken);
        var name = file == Screen.StandardInput ? NameOf(file) : $"'{file}'";
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ServerApi.Depth });
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? (file, json)
                : throw new Refusal($"{name} holds no workflow definition: that is a JSON object.", ExitCodes.Unusable);
        }
        catch (JsonException exception)
        {
            throw new Refusal($"{name} is no JSON: {exception.Message}", ExitCodes.Unusable);
        }
    }

    public static string NameOf(string file) => file == Screen.StandardInput ? "Standard input" : file;

    private static async Task<JsonNode> StoreAsync(ServerApi api, Screen screen, string file, string json, bool publish, bool isJson, int before, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await ServerCommand.NeedAsync(DefinitionCommands.Write, api.PostTextAsync($"{DefinitionCommands.Root}/import", json, cancellationToken));
            var id = (string)stored["definitionId"]!;
            var published = publish ? await DefinitionCommands.PublishAsync(api, id, cancellationToken) : null;
            if (!isJson)
            {
                Tell(screen, file, stored, published);
            }

            var version = published?["workflowDefinition"] ?? stored;
            return new JsonObject { ["file"] = file, ["definitionId"] = id, ["version"] = (int)version["version"]!, ["isPublished"] = (bool)version["isPublished"]! };
        }
        catch (Refusal refusal)
        {
            throw new Refusal($"{NameOf(file)}: {refusal.Message}{Before(before)}", refusal.ExitCode, refusal.Status);
        }
    }

    private static void Tell(Screen screen, string file, JsonNode stored, JsonNode? published)
    {
        var (id, version) = (stored["definitionId"], stored["version"]);
        if (published is null)
        {
            screen.Line((bool)stored["isPublished"]!
                ? $"{NameOf(file)}: {id} version {version} is published already and has nothing else in it."
                : $"{NameOf(file)}: {id} version {version} is a draft now. 'spe definition publish {id}' publishes it.");
            return;
        }

        screen.Output.Write($"{NameOf(file)}: ");
        DefinitionCommands.ShowPublished(screen, published);
    }

    private static string Before(int number) => number == 0 ? "" : $" {number} before it {(number == 1 ? "was" : "were")} stored.";
}
