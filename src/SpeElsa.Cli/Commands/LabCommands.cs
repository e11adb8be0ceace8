using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe lab</c>: what a person does on the servers of the simulated farm.</summary>
internal static class LabCommands
{
    /// <summary>Where the API has its servers.</summary>
    public const string Root = "/lab/servers";

    private const string Id = "server";

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var lab = new Command("lab", "For the simulated farm only, never for real servers: what a person does there, such as installing SPE or moving the licence.");
        lab.Subcommands.Add(Servers(options, screen, error));
        lab.Subcommands.Add(Dashboard(options, screen, error));
        lab.Subcommands.Add(Fingerprint(options, screen, error));
        lab.Subcommands.Add(Effects(options, screen, error));
        lab.Subcommands.Add(Install(options, screen, error));
        lab.Subcommands.Add(Licence(options, screen, error));
        lab.Subcommands.Add(Mfa(options, screen, error));
        lab.Subcommands.Add(Smtp(options, screen, error));
        lab.Subcommands.Add(Reboot(options, screen, error));
        LabRoleCommands.AddTo(lab, options, screen, error);
        lab.Subcommands.Add(Rename(options, screen, error));
        lab.Subcommands.Add(Dns(options, screen, error));
        lab.Subcommands.Add(LabFaultCommands.Build(options, screen, error));
        return lab;
    }

    /// <summary>Names a server of the lab.</summary>
    public static Argument<string> Server() => new(Id) { Description = "A server of the lab, or of a rehearsal (spe-old~PLAN); 'spe lab servers' shows them." };

    public static string PathOf(string server, string rest) => $"{Root}/{ServerCommand.Part(server)}/{rest}";

    /// <summary>Shows something of the lab.</summary>
    public static Command ShowsLab(
        this Command command, ServerOptions options, Screen screen, TextWriter error, Func<ParseResult, ServerApi, CancellationToken, Task<JsonNode>> ask, Action<Screen, JsonNode> show) =>
        command.Shows(options, screen, error, async (result, api, cancellationToken) => await InLabAsync(api, ask(result, api, cancellationToken), cancellationToken), show);

    /// <summary>Does something on a server of the lab and says what.</summary>
    public static Command ActsInLab(
        this Command command, ServerOptions options, Screen screen, TextWriter error, Func<ParseResult, ServerApi, CancellationToken, Task<JsonNode>> act, string done) =>
        command.ShowsLab(options, screen, error, act, (to, _) => to.Line(done));

    /// <summary>Where nothing is simulated, that is what there is to say, not that one server is missing.</summary>
    private static async Task<JsonNode> InLabAsync(ServerApi api, Task<JsonNode> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask;
        }
        catch (Refusal refusal) when (refusal.Status is not null && refusal.ExitCode is ExitCodes.Refused)
        {
            await ServersAsync(api, cancellationToken);
            throw;
        }
    }

    private static async Task<JsonNode> ServersAsync(ServerApi api, CancellationToken cancellationToken)
    {
        var overview = await api.GetAsync(Root, cancellationToken);
        return overview["servers"]!.AsArray().Count > 0
            ? overview
            : throw new Refusal("This server has no lab. Set Lab:Enabled to true in its appsettings.json, or Lab__Enabled=true in its environment, and start it again.", ExitCodes.Refused);
    }

    private static Command Servers(ServerOptions options, Screen screen, TextWriter error) =>
        new Command("servers", "Shows the simulated servers: what runs there, and where the licences are.").Shows(
            options, screen, error,
            (_, api, cancellationToken) => ServersAsync(api, cancellationToken),
            (to, overview) =>
            {
                to.Table(
                    ["server", "services", "licence", "files", "started"],
                    overview["servers"]!.AsArray().Select(server => (IReadOnlyList<string>)
                    [
                        (string)server!["name"]!,
                        string.Join(", ", server["services"]!.AsArray().Select(service => $"{service!["name"]} ({((string)service["state"]!).ToLowerInvariant()})")),
                        (bool)server["licensed"]! ? "here" : "", $"{server["files"]}", Screen.Time(server["bootedAt"]),
                    ]),
                    "");
                foreach (var licence in overview["licences"]!.AsArray())
                {
                    to.Line($"The licence {licence!["licenseeID"]} of the farm '{licence["farm"]}' is bound to {licence["serverName"] ?? "no server"}.");
                }

                foreach (var violation in overview["violations"]!.AsArray())
                {
                    to.Line($"! {violation!["kind"]}: {violation["role"]} ran at the same time on {Screen.List(violation["servers"])}, from {Screen.Time(violation["timestamp"])} on.");
                }
            });

    private static Command Dashboard(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        return new Command("dashboard", "Shows the dashboard of the Management Console of a server.") { server }.ShowsLab(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(PathOf(result.GetRequiredValue(server), "dashboard"), cancellationToken),
            (to, messages) => to.Table(["", "says"], messages.AsArray().Select(one => (IReadOnlyList<string>)[(string)one!["type"]!, (string)one["text"]!]), "It shows nothing."));
    }

    private static Command Fingerprint(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        return new Command("fingerprint", "Tells whether a server is as it was: the same facts have the same hash. With --output json all facts.") { server }.ShowsLab(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(PathOf(result.GetRequiredValue(server), "fingerprint"), cancellationToken),
            (to, answer) =>
            {
                var facts = answer["facts"]!;
                to.Facts(
                    ("hash", (string?)answer["hash"]),
                    ("server", (string?)facts["server"]),
                    ("licence of its farm", (string?)facts["licensedServer"]),
                    ("services", string.Join("\n", facts["services"]!.AsArray().Select(one => $"{one!["name"]}: {one["state"]}, {one["startMode"]}"))),
                    ("certificates", string.Join("\n", facts["certificates"]!.AsArray().Select(one => $"{one!["thumbprint"]} {one["friendlyName"]}"))),
                    ("instances", string.Join("\n", facts["instances"]!.AsObject().Select(one => $"{one.Key}: {one.Value}"))),
                    ("data", string.Join("\n", facts["data"]!.AsObject().Select(one => one.Key))));
            });
    }

    private static Command Effects(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        var last = new Option<int>("--last") { HelpName = "N", Description = "How many of them, the newest last.", DefaultValueFactory = _ => 25 };
        return new Command("effects", "Shows what really happened on a server, in order. With --output json all of it.") { server, last }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var all = (await InLabAsync(api, api.GetAsync(PathOf(result.GetRequiredValue(server), "effects"), cancellationToken), cancellationToken)).AsArray();
            if (options.IsJson(result))
            {
                screen.Json(all);
                return ExitCodes.Ok;
            }

            var shown = all.TakeLast(result.GetValue(last)).ToList();
            screen.Table(
                ["", "when", "what", "to what"],
                shown.Select(one => (IReadOnlyList<string>)[$"{one!["sequence"]}", Screen.Time(one["timestamp"]), (string)one["kind"]!, (string)one["target"]!]),
                "Nothing has happened there yet.");
            if (all.Count > shown.Count)
            {
                screen.Line($"{shown.Count} of {all.Count}; --last {all.Count} shows all.");
            }

            return ExitCodes.Ok;
        });
    }

    private static Command Install(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        var mode = new Option<string>("--mode") { HelpName = "single|multi", Description = "single: everything, set up and running; multi: the programs, and no role yet ('spe lab add-role').", DefaultValueFactory = _ => "single" };
        mode.AcceptOnlyFromAmong("single", "multi");
        var version = new Option<string?>("--product-version") { HelpName = "VERSION", Description = "Which version of SPE, such as 25.3.1.0. Default: that of the farm." };
        return new Command("install", "Installs MailStore SPE on a server. Example: spe lab install spe-new") { server, mode, version }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server), "install"), ServerCommand.Body(("mode", result.GetValue(mode)), ("version", result.GetValue(version))), cancellationToken),
            "It is installed.");
    }

    private static Command Licence(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        return new Command("licence", "Transfers the licence of its farm to a server, as the licence portal does.") { server }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync("/lab/licence/transfer", ServerCommand.Body(("serverName", result.GetRequiredValue(server))), cancellationToken),
            "The licence is bound to it.");
    }

    private static Command Mfa(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        var user = new Argument<string>("user") { Description = "A system administrator of SPE, such as admin." };
        var state = new Argument<string>("state") { HelpName = "on|off", Description = "How it is to be." };
        state.AcceptOnlyFromAmong("on", "off");
        return new Command("mfa", "Switches the second factor of a system administrator on or off. Example: spe lab mfa spe-old admin off") { server, user, state }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server), $"administrators/{ServerCommand.Part(result.GetRequiredValue(user))}/mfa"),
                ServerCommand.Body(("enabled", result.GetRequiredValue(state) == "on")),
                cancellationToken),
            "It is switched.");
    }

    private static Command Smtp(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        var file = new Option<string>("--password-file") { HelpName = "FILE", Description = "The file with the password, or - for standard input.", Required = true };
        return new Command("smtp", "Enters the password of the mail account. Example: spe lab smtp spe-new --password-file data/lab-smtp-password.txt") { server, file }.ActsInLab(
            options, screen, error,
            async (result, api, cancellationToken) => await api.PostAsync(
                PathOf(result.GetRequiredValue(server), "smtp"), ServerCommand.Body(("password", await screen.ReadSecretAsync(result.GetRequiredValue(file), cancellationToken))), cancellationToken),
            "It is entered.");
    }

    private static Command Reboot(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        return new Command("reboot", "Restarts a server: what starts with Windows starts, what is disabled does not.") { server }.ActsInLab(
            options, screen, error, (result, api, cancellationToken) => api.PostAsync(PathOf(result.GetRequiredValue(server), "reboot"), null, cancellationToken), "It has restarted.");
    }

    private static Command Rename(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = Server();
        var name = new Argument<string>("name") { Description = "The name that Windows is to have." };
        return new Command("rename", "Renames the computer in Windows and restarts it. The lab finds it by its first name all the same.") { server, name }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(PathOf(result.GetRequiredValue(server), "computer-name"), ServerCommand.Body(("computerName", result.GetRequiredValue(name))), cancellationToken),
            "It is renamed and has restarted.");
    }

    private static Command Dns(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = new Argument<string>("name") { Description = "A name of the domain, such as archive.lab.example." };
        var server = Server();
        return new Command("dns", "Lets a name lead to a server; others may remember the old answer for 5 minutes. Example: spe lab dns archive.lab.example spe-cas-new") { name, server }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                "/lab/dns", ServerCommand.Body(("name", result.GetRequiredValue(name)), ("serverName", result.GetRequiredValue(server))), cancellationToken),
            "It leads there.");
    }
}
