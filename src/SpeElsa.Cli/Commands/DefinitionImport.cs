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
                    read.Add((file, await ReadAsync(screen, file, cancellationToken)));
                }

                await new Import(api, screen, result.GetValue(publish), options.IsJson(result)).RunAsync(read, cancellationToken);
                return ExitCodes.Ok;
            });
    }

    /// <summary>Reads a definition.</summary>
    /// <exception cref="Refusal">It is none.</exception>
    public static async Task<string> ReadAsync(Screen screen, string file, CancellationToken cancellationToken)
    {
        var json = await screen.ReadAsync(file, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ServerApi.Depth });
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? json
                : throw new Refusal($"{NameOf(file)} holds no workflow definition: that is a JSON object.", ExitCodes.Unusable);
        }
        catch (JsonException exception)
        {
            throw new Refusal($"{NameOf(file)} is no JSON: {exception.Message}", ExitCodes.Unusable);
        }
    }

    /// <summary>A file in words.</summary>
    public static string NameOf(string file) => file == Screen.StandardInput ? "Standard input" : file;

    private sealed class Import(ServerApi api, Screen screen, bool publish, bool asJson)
    {
        private readonly JsonArray _done = [];

        /// <summary>Ends at the first that can not be stored or published. What was done until then is told in any case.</summary>
        public async Task RunAsync(IEnumerable<(string File, string Json)> files, CancellationToken cancellationToken)
        {
            try
            {
                foreach (var (file, json) in files)
                {
                    await OneAsync(file, json, cancellationToken);
                }
            }
            finally
            {
                if (asJson)
                {
                    screen.Json(_done);
                }
            }
        }

        private async Task OneAsync(string file, string json, CancellationToken cancellationToken)
        {
            var isStored = false;
            try
            {
                if (publish)
                {
                    await CheckAsync(file, json, cancellationToken);
                }

                var stored = await ServerCommand.NeedAsync(DefinitionCommands.Write, api.PostTextAsync($"{DefinitionCommands.Root}/import", json, cancellationToken));
                isStored = true;
                var published = publish ? await DefinitionCommands.PublishAsync(api, (string)stored["definitionId"]!, cancellationToken) : null;
                Tell(file, stored, published);
            }
            catch (Refusal refusal)
            {
                var draft = isStored ? " It is stored as a draft." : "";
                var before = _done.Count switch
                {
                    0 => "",
                    1 => " 1 before it was stored.",
                    _ => $" {_done.Count} before it were stored.",
                };
                throw new Refusal($"{NameOf(file)}: {refusal.Message}{draft}{before}", refusal.ExitCode, refusal.Status);
            }
        }

        private async Task CheckAsync(string file, string json, CancellationToken cancellationToken)
        {
            var check = await DefinitionCommands.CheckTextAsync(api, json, cancellationToken);
            if (DefinitionCommands.CanPublish(check))
            {
                return;
            }

            if (!asJson)
            {
                DefinitionCommands.ShowFindings(screen, check, NameOf(file));
            }

            throw new Refusal($"It has errors and was not stored. 'spe definition check --file {file}' tells them.", ExitCodes.Refused);
        }

        private void Tell(string file, JsonNode stored, JsonNode? published)
        {
            var version = published?["workflowDefinition"] ?? stored;
            var (id, number, isPublished) = (version["definitionId"], version["version"], (bool)version["isPublished"]!);
            _done.Add(new JsonObject { ["file"] = file, ["definitionId"] = (string?)id, ["version"] = (int)number!, ["isPublished"] = isPublished });
            if (asJson)
            {
                return;
            }

            if (published is not null)
            {
                screen.Output.Write($"{NameOf(file)}: ");
                DefinitionCommands.ShowPublished(screen, published);
                return;
            }

            screen.Line(isPublished
                ? $"{NameOf(file)}: {id} version {number} is published already and has nothing else in it."
                : $"{NameOf(file)}: {id} version {number} is a draft now. 'spe definition publish {id}' publishes it.");
        }
    }
}
