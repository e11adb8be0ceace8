using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe user</c>: the accounts of people.</summary>
internal static class UserCommands
{
    private const string Root = "/elsa/api/identity/users";

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var user = new Command("user", "Makes, lists, changes and removes the accounts of people.");
        user.Subcommands.Add(new Command("list", "Shows the accounts and their roles.").Shows(
            options, screen, error,
            (_, api, cancellationToken) => ServerCommand.NeedAsync("read:user", api.GetAsync(Root, cancellationToken)),
            (to, answer) => to.Table(
                ["name", "roles", "id"],
                answer["users"]!.AsArray().Select(one => (IReadOnlyList<string>)[(string)one!["name"]!, Screen.List(one["roles"]), (string)one["id"]!]),
                "There are no accounts yet. The first is made in the browser, with the code in set-up-link.txt in the server's data folder.")));
        user.Subcommands.Add(Create(options, screen, error));
        user.Subcommands.Add(Change(options, screen, error));
        user.Subcommands.Add(Remove(options, screen, error));
        user.Subcommands.Add(new Command("roles", "Shows the roles that accounts and keys can have, and what each may do.").Shows(
            options, screen, error,
            (_, api, cancellationToken) => api.GetAsync("/elsa/api/identity/roles", cancellationToken),
            (to, answer) => to.Table(
                ["role", "may"],
                answer["roles"]!.AsArray().Select(one => (IReadOnlyList<string>)[(string)one!["id"]!, Screen.List(one["permissions"])]),
                "There are none.")));
        return user;
    }

    /// <summary>What somebody, or a program, may do.</summary>
    public static Option<string[]> Roles()
    {
        var roles = new Option<string[]>("--role") { HelpName = "ROLE", Description = "What it may do: one or more of viewer, operator, approver, designer, administrator.", AllowMultipleArgumentsPerToken = true };
        roles.CompletionSources.Add("viewer", "operator", "approver", "designer", "administrator");
        return roles;
    }

    /// <returns>Null when none was given.</returns>
    public static JsonArray? List(string[]? texts) => texts is { Length: > 0 } ? new JsonArray([.. texts.Select(text => JsonValue.Create(text))]) : null;

    /// <summary>The id of what has this name or id; null when nothing has.</summary>
    public static string? IdOf(JsonArray all, string wanted) =>
        (string?)(all.FirstOrDefault(one => (string?)one!["name"] == wanted) ?? all.FirstOrDefault(one => (string?)one!["id"] == wanted))?["id"];

    private static Argument<string> Name() => new("user") { Description = "The name or id of the account; 'spe user list' shows it." };

    private static Option<string?> PasswordFile(string description) => new("--password-file") { HelpName = "FILE", Description = description };

    private static Command Create(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = new Argument<string>("name") { Description = "The name to sign in with." };
        var roles = Roles();
        roles.Required = true;
        var password = PasswordFile("The file with the password, or - for standard input. Left out: the server makes one up and shows it this once.");
        return new Command("create", "Makes an account. Example: spe user create anna --role operator approver") { name, roles, password }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) => await ServerCommand.NeedAsync("create:user", api.PostAsync(
                Root,
                ServerCommand.Body(
                    ("name", result.GetRequiredValue(name)), ("roles", List(result.GetValue(roles))), ("password", await ReadAsync(screen, result.GetValue(password), cancellationToken))),
                cancellationToken)),
            (to, made) =>
            {
                to.Facts(("name", (string?)made["name"]), ("roles", Screen.List(made["roles"])), ("password", (string?)made["password"]));
                if (made["password"] is not null)
                {
                    to.Line("It is not shown again. It can be changed on the page /account.");
                }
            });
    }

    private static Command Change(ServerOptions options, Screen screen, TextWriter error)
    {
        var user = Name();
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Another name." };
        var roles = Roles();
        roles.Description = "These roles in place of those it has.";
        var password = PasswordFile("The file with another password, or - for standard input.");
        return new Command("change", "Changes the name, the roles or the password of an account; what is not given stays. Example: spe user change anna --role viewer") { user, name, roles, password }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) => await ServerCommand.NeedAsync("update:user", api.PutAsync(
                await PathAsync(api, result.GetRequiredValue(user), cancellationToken),
                ServerCommand.Body(
                    ("name", result.GetValue(name)), ("roles", List(result.GetValue(roles))), ("password", await ReadAsync(screen, result.GetValue(password), cancellationToken))),
                cancellationToken)),
            (to, changed) => to.Facts(("name", (string?)changed["name"]), ("roles", Screen.List(changed["roles"]))));
    }

    private static Command Remove(ServerOptions options, Screen screen, TextWriter error)
    {
        var user = Name();
        return new Command("remove", "Removes an account and ends its sessions.") { user }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) => await ServerCommand.NeedAsync(
                "delete:user", api.DeleteAsync(await PathAsync(api, result.GetRequiredValue(user), cancellationToken), cancellationToken)),
            (to, _) => to.Line("It is removed."));
    }

    private static async Task<string> PathAsync(ServerApi api, string wanted, CancellationToken cancellationToken)
    {
        var all = (await ServerCommand.NeedAsync("read:user", api.GetAsync(Root, cancellationToken)))["users"]!.AsArray();
        return $"{Root}/{ServerCommand.Part(IdOf(all, wanted) ?? throw new Refusal($"There is no account '{wanted}'. 'spe user list' shows them.", ExitCodes.Refused))}";
    }

    private static async Task<string?> ReadAsync(Screen screen, string? file, CancellationToken cancellationToken) => file is null ? null : await screen.ReadSecretAsync(file, cancellationToken);
}
