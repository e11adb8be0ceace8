using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe definition export</c>: definitions become files, the same definition always the same bytes.</summary>
internal static class DefinitionExport
{
    private const int AtOnce = 100;

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = new Argument<string?>("definition") { Description = "The id of the definition; 'spe definition list' shows it.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All definitions, each in a file ID.json in the folder that --to names." };
        var to = new Option<string?>("--to") { HelpName = "PATH", Description = "The file, or - for standard output; with --all the folder. Default: ID.json here; with --all this folder." };
        var version = new Option<string>("--version") { HelpName = "latest|published|N", Description = "Which version.", DefaultValueFactory = _ => "latest" };
        version.CompletionSources.Add("latest", "published");
        version.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not ("latest" or "published") && !(int.TryParse(result.GetValueOrDefault<string>(), out var number) && number > 0))
            {
                result.AddError($"--version is latest, published or the number of a version, not '{result.GetValueOrDefault<string>()}'.");
            }
        });
        var force = new Option<bool>("--force") { Description = "Write over files that are there already." };
        var command = new Command(
            "export", "Writes a workflow definition, or all, as JSON files that 'spe definition import' takes. Example: spe definition export --all --to workflows") { id, all, to, version, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all))
            {
                result.AddError("Name a definition or, with --all, none.");
            }

            if (result.GetValue(all) && int.TryParse(result.GetValue(version), out _))
            {
                result.AddError("--all takes --version latest or published: a number means another thing in each definition.");
            }
        });
        return command.Does(options, error, async (result, api, cancellationToken) =>
        {
            var files = await FilesAsync(api, result.GetValue(id), result.GetValue(to), result.GetRequiredValue(version), cancellationToken);
            if (files is [(var only, Screen.StandardInput)])
            {
                screen.Output.Write(await ReadAsync(api, only, result.GetRequiredValue(version), cancellationToken));
                return ExitCodes.Ok;
            }

            Refuse(files, result.GetValue(force));
            foreach (var (definition, file) in files)
            {
                await WriteAsync(file, await ReadAsync(api, definition, result.GetRequiredValue(version), cancellationToken), result.GetValue(force), cancellationToken);
            }

            if (options.IsJson(result))
            {
                screen.Json(new JsonArray([.. files.Select(one => new JsonObject { ["definitionId"] = one.Definition, ["file"] = one.File })]));
            }
            else
            {
                screen.Line(files switch
                {
                    [] => "There is nothing to write.",
                    [var (_, file)] => $"Wrote {file}.",
                    _ => $"Wrote {files.Count} files to {Path.GetDirectoryName(files[0].File)}.",
                });
            }

            return ExitCodes.Ok;
        });
    }

    private static async Task<IReadOnlyList<(string Definition, string File)>> FilesAsync(ServerApi api, string? id, string? to, string version, CancellationToken cancellationToken)
    {
        if (id is not null)
        {
            return [(id, to ?? NameOf(id))];
        }

        if (to == Screen.StandardInput)
        {
            throw new Refusal("--all writes many files: name a folder.", ExitCodes.Unusable);
        }

        var folder = to ?? ".";
        Directory.CreateDirectory(folder);
        return [.. (await IdsAsync(api, version, cancellationToken)).Select(one => (one, Path.Combine(folder, NameOf(one))))];
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(ServerApi api, string version, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var page = 0; ; page++)
        {
            var answer = await ServerCommand.NeedAsync(
                DefinitionCommands.Read,
                api.GetAsync(ServerCommand.Query(DefinitionCommands.Root, ("versionOptions", Versions(version)), ("page", page), ("pageSize", AtOnce)), cancellationToken));
            ids.AddRange(answer["items"]!.AsArray().Select(item => (string)item!["definitionId"]!));
            if (ids.Count >= (int)answer["totalCount"]! || answer["items"]!.AsArray().Count == 0)
            {
                return [.. ids.Distinct(StringComparer.Ordinal)];
            }
        }
    }

    private static Task<string> ReadAsync(ServerApi api, string id, string version, CancellationToken cancellationToken) => DefinitionCommands.OfAsync(
        DefinitionCommands.Read, id, api.GetTextAsync(ServerCommand.Query($"{DefinitionCommands.PathOf(id)}/export", ("versionOptions", Versions(version))), cancellationToken));

    /// <summary>Looks at all files before the first is written: what can not be done whole is not begun.</summary>
    private static void Refuse(IReadOnlyList<(string Definition, string File)> files, bool force)
    {
        if (files.GroupBy(one => one.File, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new Refusal($"{string.Join(" and ", same.Select(one => $"'{one.Definition}'"))} would be the same file. Export them one by one with --to.", ExitCodes.Unusable);
        }

        var there = files.Where(one => File.Exists(one.File)).Select(one => one.File).ToList();
        if (there.Count > 0 && !force)
        {
            throw new Refusal(
                $"'{there[0]}'{(there.Count > 1 ? $" and {there.Count - 1} more are" : " is")} there already; nothing was written. --force writes over what is there.", ExitCodes.Unusable);
        }
    }

    /// <summary>A file is there whole or not at all.</summary>
    private static async Task WriteAsync(string file, string text, bool force, CancellationToken cancellationToken)
    {
        var half = $"{file}.part";
        try
        {
            await File.WriteAllTextAsync(half, text, cancellationToken);
            File.Move(half, file, force);
        }
        finally
        {
            File.Delete(half);
        }
    }

    private static string Versions(string version) => version switch
    {
        "latest" => "Latest",
        "published" => "Published",
        _ => version,
    };

    /// <summary>What every file system takes, and nothing that leads out of the folder.</summary>
    private static string NameOf(string id) => $"{new string([.. id.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')]).TrimStart('.')}.json";
}
