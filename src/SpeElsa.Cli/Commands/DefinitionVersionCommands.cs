using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary>The versions of a definition, and the file that came with the server.</summary>
internal static class DefinitionVersionCommands
{
    private const string DeleteRight = "delete:workflow-definitions";

    public static void AddTo(Command definition, ServerOptions options, Screen screen, TextWriter error)
    {
        definition.Subcommands.Add(Compare(options, screen, error));
        definition.Subcommands.Add(Revert(options, screen, error));
        definition.Subcommands.Add(Delete(options, screen, error));
    }

    private static Command Compare(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = DefinitionCommands.Id();
        var take = new Option<bool>("--take-file") { Description = "Publish what is in the file in the place of what is stored." };
        var keep = new Option<bool>("--keep-stored") { Description = "Keep what is stored, whatever is in the file now." };
        var command = new Command("compare", "Compares the latest version with the file in the server's workflows folder, and with an option decides between the two.") { id, take, keep };
        command.Validators.Add(result =>
        {
            if (result.GetValue(take) && result.GetValue(keep))
            {
                result.AddError("Take the file or keep what is stored, not both.");
            }
        });
        return command.Shows(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var name = result.GetRequiredValue(id);
                var path = $"{DefinitionCommands.PathOf(name)}/file-conflict";
                var state = await DefinitionCommands.OfAsync(DefinitionCommands.Read, name, api.GetAsync(path, cancellationToken));
                if (!result.GetValue(take) && !result.GetValue(keep))
                {
                    return state;
                }

                // A definition that has no file has none of these: the server says so.
                var seen = ServerCommand.Body(("fileHash", (string?)state["fileHash"]), ("storedHash", (string?)state["storedHash"]));
                return state["file"] is null
                    ? throw new Refusal($"'{name}' comes from no file of the server.", ExitCodes.Refused)
                    : await DefinitionCommands.OfAsync(
                        DefinitionCommands.Write, name, api.PostAsync($"{path}/{(result.GetValue(take) ? "take-file" : "keep-stored")}", seen, cancellationToken));
            },
            (to, state) =>
            {
                to.Facts(
                    ("definition", (string?)state["definitionId"]), ("file", (string?)state["file"] ?? "none: it was made here"),
                    ("stored", state["storedVersion"] is { } version ? $"version {version}" : "nothing"), ("they", state["file"] is null ? null : DefinitionCommands.StateOf((string?)state["state"])));
                if (state["differences"]?.AsArray() is { Count: > 0 } differences)
                {
                    to.Line();
                    to.Table(
                        ["where", "in the file", "stored"],
                        differences.Select(one => (IReadOnlyList<string>)[(string)one!["path"]!, (string?)one["file"] ?? "", (string?)one["stored"] ?? ""]),
                        "");
                    if ((int)state["differenceCount"]! > differences.Count)
                    {
                        to.Line($"{differences.Count} of {state["differenceCount"]}.");
                    }
                }
            });
    }

    private static Command Revert(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = DefinitionCommands.Id();
        var version = new Argument<int>("version") { Description = "The number of the version; 'spe definition show' shows them." };
        return new Command("revert", "Makes a draft of an older version; 'spe definition publish' then publishes it. Example: spe definition revert my-move 3") { id, version }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => DefinitionCommands.OfAsync(
                DefinitionCommands.Write, result.GetRequiredValue(id),
                api.PostAsync($"{DefinitionCommands.PathOf(result.GetRequiredValue(id))}/revert/{result.GetRequiredValue(version)}", [], cancellationToken)),
            (to, draft) => to.Line($"{draft["definitionId"]} version {draft["version"]} is a draft now. 'spe definition publish {draft["definitionId"]}' publishes it."));
    }

    private static Command Delete(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = DefinitionCommands.Id();
        var version = new Option<int?>("--version") { HelpName = "N", Description = "This version." };
        var all = new Option<bool>("--all") { Description = "The definition, with all its versions." };
        var command = new Command("delete", "Deletes one version of a workflow definition, or all. What runs on it keeps it from being deleted. Example: spe definition delete my-move --version 3") { id, version, all };
        command.Validators.Add(result =>
        {
            if (result.GetResult(version) is null != result.GetValue(all))
            {
                result.AddError("Say which version, with --version N, or --all.");
            }
        });
        return command.Shows(
            options, screen, error,
            (result, api, cancellationToken) =>
            {
                var path = DefinitionCommands.PathOf(result.GetRequiredValue(id));
                return DefinitionCommands.OfAsync(
                    DeleteRight, result.GetRequiredValue(id), api.DeleteAsync(result.GetValue(version) is { } number ? $"{path}/version/{number}" : path, cancellationToken));
            },
            (to, _) => to.Line("It is deleted."));
    }
}
