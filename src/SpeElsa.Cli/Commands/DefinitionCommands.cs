using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe definition</c>: the workflows that the designer shows.</summary>
internal static class DefinitionCommands
{
    /// <summary>Where Elsa's API has them.</summary>
    public const string Root = "/elsa/api/workflow-definitions";

    public const string Read = "read:workflow-definitions";
    public const string Write = "write:workflow-definitions";
    private const string PublishRight = "publish:workflow-definitions";
    private const string RetractRight = "retract:workflow-definitions";
    private const int PageSize = 25;

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var definition = new Command("definition", "Shows, exports, imports, checks and publishes workflow definitions.");
        definition.Subcommands.Add(List(options, screen, error));
        definition.Subcommands.Add(Show(options, screen, error));
        definition.Subcommands.Add(DefinitionExport.Build(options, screen, error));
        definition.Subcommands.Add(DefinitionImport.Build(options, screen, error));
        definition.Subcommands.Add(Check(options, screen, error));
        definition.Subcommands.Add(Publish(options, screen, error));
        definition.Subcommands.Add(Retract(options, screen, error));
        DefinitionVersionCommands.AddTo(definition, options, screen, error);
        return definition;
    }

    /// <summary>Names a definition.</summary>
    public static Argument<string> Id() => new("definition") { Description = "The id of the definition, such as single-server-move; 'spe definition list' shows it." };

    /// <summary>Asks about one definition, and says so in words when it is not there.</summary>
    public static Task<T> OfAsync<T>(string right, string id, Task<T> ask) => ServerCommand.FindAsync(
        $"There is no workflow definition '{id}', or not that version of it. 'spe definition list' shows them.", ServerCommand.NeedAsync(right, ask));

    public static string PathOf(string id) => $"{Root}/{ServerCommand.Part(id)}";

    /// <summary>A page of the latest versions, by their names.</summary>
    public static Task<JsonNode> ListAsync(ServerApi api, string? search, int page, int size, CancellationToken cancellationToken) => ServerCommand.NeedAsync(
        Read, api.GetAsync(ServerCommand.Query(Root, ("versionOptions", "Latest"), ("searchTerm", search), ("page", page - 1), ("pageSize", size)), cancellationToken));

    /// <summary>What a check has found, in words.</summary>
    /// <returns>How the program ends.</returns>
    public static int ShowFindings(Screen screen, JsonNode answer, string what)
    {
        var findings = answer["findings"]!.AsArray();
        var errors = findings.Count(IsError);
        if (findings.Count > 0)
        {
            screen.Table(
                ["", "activity", "what", "code"],
                findings.Select(one => (IReadOnlyList<string>)[((string)one!["severity"]!).ToLowerInvariant(), (string?)one["activityId"] ?? "", (string)one["message"]!, (string)one["code"]!]),
                "");
        }

        var rest = findings.Count - errors;
        screen.Line(
            errors > 0 ? $"{what} can not be published: {Count(errors, "error")}."
            : rest > 0 ? $"{what} can be published; {Count(rest, "finding")} to look at."
            : $"{what} can be published; nothing was found.");
        return CanPublish(answer) ? ExitCodes.Ok : ExitCodes.Refused;
    }

    public static bool CanPublish(JsonNode answer) => (bool)answer["canPublish"]!;

    /// <summary>Checks a definition that is not stored.</summary>
    public static Task<JsonNode> CheckTextAsync(ServerApi api, string json, CancellationToken cancellationToken) =>
        ServerCommand.NeedAsync(Read, api.PostTextAsync($"{Root}/check", $$"""{"model":{{json}}}""", cancellationToken));

    /// <summary>Publishes the latest version.</summary>
    public static Task<JsonNode> PublishAsync(ServerApi api, string id, CancellationToken cancellationToken) => OfAsync(PublishRight, id, api.PostAsync($"{PathOf(id)}/publish", [], cancellationToken));

    /// <summary>What came of publishing, in words.</summary>
    public static void ShowPublished(Screen screen, JsonNode answer)
    {
        var version = answer["workflowDefinition"]!;
        screen.Line((bool?)answer["alreadyPublished"] == true
            ? $"{version["definitionId"]} version {version["version"]} is published already."
            : $"Published {version["definitionId"]} version {version["version"]}. What runs stays on the version it began with.");
        foreach (var warning in answer["warnings"]?.AsArray() ?? [])
        {
            screen.Line($"! {(warning!["activityId"] is { } activity ? $"{activity}: " : "")}{warning["message"]}");
        }
    }

    /// <summary>How a definition and its file stand, in words.</summary>
    public static string StateOf(string? state) => state switch
    {
        "Same" => "the latest version is as it is there",
        "FileChanged" => "the file is newer",
        "StoredChanged" => "it was changed here since",
        "Conflict" => "both were changed since; the designer lets you choose",
        "FileOnly" => "it is not stored yet",
        _ => state ?? "",
    };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var search = new Option<string?>("--search") { HelpName = "TEXT", Description = "Only those that have this in their name, description or id." };
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows the workflow definitions by name, with their latest and their published version.") { search, page }.Does(
            options, error, async (result, api, cancellationToken) =>
            {
                var answer = await ListAsync(api, result.GetValue(search), result.GetValue(page), PageSize, cancellationToken);
                if (options.IsJson(result))
                {
                    screen.Json(answer);
                    return ExitCodes.Ok;
                }

                var items = answer["items"]!.AsArray();
                var published = await PublishedAsync(api, items, cancellationToken);
                ServerCommand.Page(
                    screen, items, ((int)answer["totalCount"]!, result.GetValue(page), PageSize), ["id", "name", "latest", "published"],
                    item =>
                    [
                        (string)item["definitionId"]!, (string)item["name"]!, $"{item["version"]}{((bool)item["isPublished"]! ? "" : " (draft)")}",
                        published.TryGetValue((string)item["definitionId"]!, out var version) ? $"{version}" : "",
                    ],
                    result.GetValue(search) is { } text ? $"Nothing has '{text}' in it." : "There are no definitions. 'spe definition import FILE' brings one.");
                return ExitCodes.Ok;
            });
    }

    /// <summary>Which version of each is published.</summary>
    private static async Task<Dictionary<string, int>> PublishedAsync(ServerApi api, JsonArray items, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return [];
        }

        var ids = items.Select(item => ("definitionIds", (object?)(string)item!["definitionId"]!));
        var answer = await api.GetAsync(ServerCommand.Query(Root, [("versionOptions", "Published"), .. ids]), cancellationToken);
        return answer["items"]!.AsArray().ToDictionary(item => (string)item!["definitionId"]!, item => (int)item!["version"]!, StringComparer.Ordinal);
    }

    private static Command Show(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("show", "Shows a workflow definition with its versions. What it consists of: 'spe definition export'.") { id }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var name = result.GetRequiredValue(id);
                var definition = await OfAsync(Read, name, api.GetAsync(PathOf(name), cancellationToken));
                var versions = await api.GetAsync(
                    ServerCommand.Query(Root, ("definitionIds", name), ("versionOptions", "AllVersions"), ("orderBy", "Version"), ("orderDirection", "Descending")), cancellationToken);
                var file = await OfAsync(Read, name, api.GetAsync($"{PathOf(name)}/file-conflict", cancellationToken));
                return new JsonObject { ["definition"] = definition.DeepClone(), ["versions"] = versions["items"]!.DeepClone(), ["file"] = file.DeepClone() };
            },
            (to, answer) =>
            {
                var (definition, versions, file) = (answer["definition"]!, answer["versions"]!.AsArray(), answer["file"]!);
                to.Facts(
                    ("definition", $"{definition["definitionId"]} {definition["name"]}"),
                    ("says", (string?)definition["description"]),
                    ("published", versions.FirstOrDefault(IsPublished) is { } published ? $"version {published["version"]}" : "no: it can not be started"),
                    ("locked", (bool?)definition["isReadonly"] == true ? "yes" : null),
                    ("inputs", string.Join(", ", definition["inputs"]!.AsArray().Select(input => $"{input!["name"]} ({input["type"]})"))),
                    ("file", file["file"] is { } path ? $"{path}: {StateOf((string?)file["state"])}" : null));
                to.Line();
                to.Table(
                    ["version", "saved", ""],
                    versions.Select(one => (IReadOnlyList<string>)[$"{one!["version"]}", Screen.Time(one["createdAt"]), IsPublished(one) ? "published" : (bool)one["isLatest"]! ? "draft" : ""]),
                    "It has no versions.");
            });
    }

    private static Command Check(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = new Argument<string?>("definition") { Description = "The id of a definition: its latest version is checked.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file") { HelpName = "FILE", Description = "In place of that: a file that is not imported yet, or - for standard input." };
        var command = new Command(
            "check", "Says what publishing would find, and changes nothing: 0 when it could be published, 4 when there are errors. Example: spe definition check --file my-move.json") { id, file };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetValue(file) is null)
            {
                result.AddError("Name a definition or, with --file, a file.");
            }
        });
        return command.Does(options, error, async (result, api, cancellationToken) =>
        {
            var what = result.GetValue(id) ?? result.GetValue(file)!;
            var answer = result.GetValue(id) is { } name
                ? await OfAsync(Read, name, api.GetAsync($"{PathOf(name)}/check", cancellationToken))
                : await CheckTextAsync(api, await DefinitionImport.ReadAsync(screen, what, cancellationToken), cancellationToken);
            if (options.IsJson(result))
            {
                screen.Json(answer);
                return CanPublish(answer) ? ExitCodes.Ok : ExitCodes.Refused;
            }

            return ShowFindings(screen, answer, DefinitionImport.NameOf(what));
        });
    }

    private static Command Publish(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("publish", "Publishes the latest version of a workflow definition.") { id }.Shows(
            options, screen, error, (result, api, cancellationToken) => PublishAsync(api, result.GetRequiredValue(id), cancellationToken), ShowPublished);
    }

    private static Command Retract(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("retract", "Ends the publication of a workflow definition: it is not started any more. What runs goes on.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => OfAsync(RetractRight, result.GetRequiredValue(id), api.PostAsync($"{PathOf(result.GetRequiredValue(id))}/retract", [], cancellationToken)),
            (to, retracted) => to.Line($"{retracted["definitionId"]} version {retracted["version"]} is not published any more."));
    }

    private static bool IsError(JsonNode? finding) => (string?)finding!["severity"] == "Error";

    private static bool IsPublished(JsonNode? version) => (bool)version!["isPublished"]!;

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
