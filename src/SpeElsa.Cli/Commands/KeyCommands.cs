using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe key</c>: API keys, which Elsa calls applications.</summary>
internal static class KeyCommands
{
    private const string Root = "/elsa/api/identity/applications";

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var key = new Command("key", "Makes, lists and takes away API keys for programs.");
        key.Subcommands.Add(new Command("list", "Shows the keys: what they may do, until when, and when each was used last.").Shows(
            options, screen, error,
            (_, api, cancellationToken) => ServerCommand.NeedAsync("read:application", api.GetAsync(Root, cancellationToken)),
            (to, answer) => to.Table(
                ["name", "roles", "good until", "used last", "id"],
                answer["applications"]!.AsArray().Select(one => (IReadOnlyList<string>)
                    [(string)one!["name"]!, Screen.List(one["roles"]), Screen.Time(one["expiresAt"]), one["lastUsedAt"] is { } used ? Screen.Time(used) : "never", (string)one["id"]!]),
                "There are no keys beside the administrator's, which is in api-key.txt in the server's data folder.")));
        key.Subcommands.Add(Create(options, screen, error));
        key.Subcommands.Add(Remove(options, screen, error));
        return key;
    }

    private static Command Create(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = new Argument<string>("name") { Description = "What it is called, in the audit too." };
        var roles = UserCommands.Roles();
        roles.Required = true;
        var expires = ServerCommand.TimeOption("--expires", "Until when it is good, with its offset from UTC: 2027-06-01T00:00:00Z. Left out: a year.");
        var file = new Option<string?>("--to") { HelpName = "FILE", Description = "Write the key into this new file, which only you can read, and do not show it." };
        return new Command("create", "Makes a key. It is shown this once. Example: spe key create ticketing --role operator --to ticketing-key.txt") { name, roles, expires, file }.Does(
            options, error, async (result, api, cancellationToken) =>
            {
                var target = result.GetValue(file);
                if (File.Exists(target))
                {
                    throw new Refusal($"'{target}' is there already; no key was made.", ExitCodes.Unusable);
                }

                // What can not be written is found before there is a key that nobody has.
                await using var kept = target is null ? null : PrivateFile(target);
                JsonNode made;
                try
                {
                    made = await ServerCommand.NeedAsync("create:application", api.PostAsync(
                        Root,
                        ServerCommand.Body(("name", result.GetRequiredValue(name)), ("roles", UserCommands.List(result.GetValue(roles))), ("expiresAt", result.GetValue(expires))),
                        cancellationToken));
                }
                catch when (kept is not null)
                {
                    await kept.DisposeAsync();
                    File.Delete(target!);
                    throw;
                }

                if (kept is not null)
                {
                    await kept.WriteAsync((string)made["apiKey"]!);
                    made.AsObject().Remove("apiKey");
                    made.AsObject().Remove("clientSecret");
                }

                if (options.IsJson(result))
                {
                    screen.Json(made);
                    return ExitCodes.Ok;
                }

                screen.Facts(
                    ("name", (string?)made["name"]), ("roles", Screen.List(made["roles"])), ("good until", Screen.Time(made["expiresAt"])), ("key", (string?)made["apiKey"]), ("key file", target));
                if (target is null)
                {
                    screen.Line("It is not shown again: keep it where only the program can read it.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Remove(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = new Argument<string>("key") { Description = "The name or id of the key; 'spe key list' shows it." };
        return new Command("remove", "Takes a key away at once: what uses it is refused from now on.") { name }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var wanted = result.GetRequiredValue(name);
                var all = (await ServerCommand.NeedAsync("read:application", api.GetAsync(Root, cancellationToken)))["applications"]!.AsArray();
                var found = UserCommands.IdOf(all, wanted) ?? throw new Refusal($"There is no key '{wanted}'. 'spe key list' shows them.", ExitCodes.Refused);
                return await ServerCommand.NeedAsync("delete:application", api.DeleteAsync($"{Root}/{ServerCommand.Part(found)}", cancellationToken));
            },
            (to, _) => to.Line("It is taken away."));
    }

    private static StreamWriter PrivateFile(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new StreamWriter(path, how);
    }
}
