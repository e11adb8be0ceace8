using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe audit</c>.</summary>
internal static class AuditCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var audit = new Command("audit", "Tells who did what.");
        audit.Subcommands.Add(List(options, screen, error));
        return audit;
    }

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var actor = new Option<string?>("--actor") { HelpName = "NAME", Description = "Only of this account or key." };
        var path = new Option<string?>("--path") { HelpName = "PATH", Description = "Only what was done to this and what is below it, such as /api/moves." };
        var from = ServerCommand.TimeOption("--from", "Only from this time on, with its offset from UTC: 2026-12-01T03:00:00+01:00.");
        var until = ServerCommand.TimeOption("--to", "Only before this time.");
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows every request that was not only a look, newest first. Example: spe audit list --path /api/moves --actor anna") { actor, path, from, until, page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(
                ServerCommand.Query(
                    "/api/audit",
                    ("actor", result.GetValue(actor)), ("path", result.GetValue(path)), ("from", result.GetValue(from)), ("to", result.GetValue(until)), ("page", result.GetValue(page))),
                cancellationToken),
            (to, answer) => ServerCommand.Page(
                to, answer, ["when", "who", "from", "did", "to", "answer"],
                item => [Screen.Time(item["at"]), (string?)item["actor"] ?? "nobody", (string?)item["address"] ?? "", (string)item["method"]!, (string)item["path"]!, $"{item["status"]}"],
                "Nobody has done anything of this kind."));
    }
}
