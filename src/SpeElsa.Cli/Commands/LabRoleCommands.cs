using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary>The configuration tool of SPE in multi server mode, on the simulated farm.</summary>
internal static class LabRoleCommands
{
    public static void AddTo(Command lab, ServerOptions options, Screen screen, TextWriter error)
    {
        lab.Subcommands.Add(List(options, screen, error));
        lab.Subcommands.Add(Add(options, screen, error));
        lab.Subcommands.Add(Remove(options, screen, error));
        lab.Subcommands.Add(Configure(options, screen, error));
        lab.Subcommands.Add(Pair(options, screen, error));
        lab.Subcommands.Add(Rename(options, screen, error));
        lab.Subcommands.Add(Certificates(options, screen, error));
    }

    private static Argument<string> Role()
    {
        var role = new Argument<string>("role") { HelpName = "role", Description = "managementServer, instanceHost or clientAccessServer." };
        role.AcceptOnlyFromAmong("managementServer", "instanceHost", "clientAccessServer");
        return role;
    }

    private static Argument<string> Manager() => new("management-server") { Description = "The server with the Management Server." };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = LabCommands.Server();
        return new Command("roles", "Shows the roles that are set up on a server, as the configuration tool does.") { server }.ShowsLab(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(LabCommands.PathOf(result.GetRequiredValue(server), "roles"), cancellationToken),
            (to, roles) => to.Table(
                ["role", "goes by", "management server", "certificate"],
                roles.AsArray().Select(role => (IReadOnlyList<string>)
                    [(string)role!["role"]!, (string?)role["serverName"] ?? "", (string?)role["managementServer"] ?? "", (string?)role["thumbprint"] ?? ""]),
                "It has no role."));
    }

    private static Command Add(ServerOptions options, Screen screen, TextWriter error)
    {
        var (server, role) = (LabCommands.Server(), Role());
        return new Command("add-role", "Adds a role to a server where SPE is installed; its service does not run yet. Example: spe lab add-role spe-ih-new instanceHost") { server, role }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                LabCommands.PathOf(result.GetRequiredValue(server), "roles"), ServerCommand.Body(("role", result.GetRequiredValue(role))), cancellationToken),
            "It is added.");
    }

    private static Command Remove(ServerOptions options, Screen screen, TextWriter error)
    {
        var (server, role) = (LabCommands.Server(), Role());
        return new Command("remove-role", "Removes a role from a server; its certificates and its database stay.") { server, role }.ActsInLab(
            options, screen, error, (result, api, cancellationToken) => api.DeleteAsync(PathOf(result.GetRequiredValue(server), result.GetRequiredValue(role), ""), cancellationToken), "It is removed.");
    }

    private static Command Configure(ServerOptions options, Screen screen, TextWriter error)
    {
        var (server, role, manager) = (LabCommands.Server(), Role(), Manager());
        return new Command(
            "configure-role", "Tells a role which Management Server it belongs to: the dialog Configure… Example: spe lab configure-role spe-ih1 instanceHost spe-mgmt-new") { server, role, manager }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server), result.GetRequiredValue(role), "/management-server"), ServerCommand.Body(("managementServer", result.GetRequiredValue(manager))), cancellationToken),
            "It belongs to that one now.");
    }

    private static Command Pair(ServerOptions options, Screen screen, TextWriter error)
    {
        var (server, role, manager) = (LabCommands.Server(), Role(), Manager());
        var thumbprint = new Option<string?>("--thumbprint") { HelpName = "SHA1", Description = "Pair only if the Management Server shows this certificate." };
        return new Command("pair", "Pairs a role with its Management Server. Example: spe lab pair spe-ih-new instanceHost spe-mgmt") { server, role, manager, thumbprint }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server), result.GetRequiredValue(role), "/pair"),
                ServerCommand.Body(("managementServer", result.GetRequiredValue(manager)), ("thumbprint", result.GetValue(thumbprint))),
                cancellationToken),
            "They are paired.");
    }

    private static Command Rename(ServerOptions options, Screen screen, TextWriter error)
    {
        var (server, role) = (LabCommands.Server(), Role());
        var name = new Argument<string>("name") { Description = "The name that the role is to go by." };
        return new Command("rename-role", "Renames the server in the configuration of a role; for the name in Windows: 'spe lab rename'.") { server, role, name }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server), result.GetRequiredValue(role), "/server-name"), ServerCommand.Body(("serverName", result.GetRequiredValue(name))), cancellationToken),
            "It goes by that name now.");
    }

    private static Command Certificates(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = LabCommands.Server();
        var http = new Option<string?>("--http") { HelpName = "THUMBPRINT", Description = "The one that browsers are to see." };
        var imap = new Option<string?>("--imap") { HelpName = "THUMBPRINT", Description = "The one that mail programs are to see." };
        return new Command(
            "certificates", "Shows the certificates of a server; with --http or --imap chooses what end users see on its Client Access Server.") { server, http, imap }.ShowsLab(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var name = result.GetRequiredValue(server);
                var choice = ServerCommand.Body(("http", result.GetValue(http)), ("imap", result.GetValue(imap)));
                if (choice.Count > 0)
                {
                    await api.PostAsync(PathOf(name, "clientAccessServer", "/certificates"), choice, cancellationToken);
                }

                // Only so that a name that is not there is refused in the lab's words.
                await api.GetAsync(LabCommands.PathOf(name, "faults"), cancellationToken);
                var overview = await api.GetAsync(LabCommands.Root, cancellationToken);
                return overview["servers"]!.AsArray().First(one => string.Equals((string?)one!["name"], name, StringComparison.OrdinalIgnoreCase))!["certificates"]!;
            },
            (to, all) => to.Table(
                ["thumbprint", "name", "good until", "key"],
                all.AsArray().Select(one => (IReadOnlyList<string>)
                [
                    (string)one!["thumbprint"]!, (string?)one["friendlyName"] is { Length: > 0 } friendly ? friendly : (string)one["subject"]!, Screen.Time(one["notAfter"]),
                    !(bool)one["hasPrivateKey"]! ? "none" : (bool)one["exportable"]! ? "can be exported" : "stays there",
                ]),
                "It has no certificates."));
    }

    private static string PathOf(string server, string role, string rest) => LabCommands.PathOf(server, $"roles/{ServerCommand.Part(role)}{rest}");
}
