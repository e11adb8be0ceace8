using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe secret</c>. A secret is in a file or comes through a pipe; it never stands on the command line, and nothing shows it again.</summary>
internal static class SecretCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var secret = new Command("secret", "Lists, stores and forgets keys and passwords that the settings name, or that scripts may have. Nobody is shown them again.");
        secret.Subcommands.Add(List(options, screen, error));
        secret.Subcommands.Add(Set(options, screen, error));
        var name = Name();
        secret.Subcommands.Add(new Command("remove", "Forgets a secret; harmless when it is gone. What needs it can not sign in any more.") { name }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.DeleteAsync(PathOf(result.GetRequiredValue(name)), cancellationToken),
            (to, _) => to.Line("It is forgotten.")));
        return secret;
    }

    private static Argument<string> Name() => new("name") { Description = "What the settings call it, such as spe-old-password; names that begin with script- are for scripts." };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows what the secrets are called and which settings name them, those first that are missing.") { page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(ServerCommand.Query("/api/secrets", ("page", result.GetValue(page))), cancellationToken),
            (to, answer) => ServerCommand.Page(
                to, answer, ["name", "state", "stored", "by", "needed by"],
                item =>
                [
                    (string)item["name"]!, (bool)item["isStored"]! ? "stored" : "missing", Screen.Time(item["storedAt"]), (string?)item["storedBy"] ?? "",
                    string.Join("\n", item["neededBy"]!.AsArray().Select(setting => (string)setting!)),
                ],
                "The settings name no secret and none is stored. 'spe secret set --help' tells how one is."));
    }

    private static Command Set(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = Name();
        var file = new Option<string>("--file") { HelpName = "FILE", Description = "The file with the key or password, or - for standard input. A last line end is left out.", Required = true };
        return new Command("set", "Stores a secret in the place of the one before. Example: spe secret set spe-old-password --file -") { name, file }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) => await api.PutAsync(
                PathOf(result.GetRequiredValue(name)), ServerCommand.Body(("value", await screen.ReadSecretAsync(result.GetRequiredValue(file), cancellationToken))), cancellationToken),
            (to, _) => to.Line("It is stored."));
    }

    private static string PathOf(string name) => $"/api/secrets/{ServerCommand.Part(name)}";
}
