using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe notice</c>: mails and webhooks.</summary>
internal static class NoticeCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var notice = new Command("notice", "Tells who was told what by mail or webhook, and tries again.");
        notice.Subcommands.Add(List(options, screen, error));
        var id = new Argument<string>("notice") { Description = "The id of the notice; 'spe notice list' shows it." };
        notice.Subcommands.Add(new Command("retry", "Tries again to tell somebody.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync($"/api/notices/{ServerCommand.Part(result.GetRequiredValue(id))}/retry", null, cancellationToken),
            (to, _) => to.Line("It is tried again. 'spe notice list' tells what came of it.")));
        return notice;
    }

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var state = new Option<string?>("--state") { HelpName = "waiting|sent|failed", Description = "Only those that stand so." };
        state.AcceptOnlyFromAmong("waiting", "sent", "failed");
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows who was told what, newest first.") { state, page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(ServerCommand.Query("/api/notices", ("state", result.GetValue(state)), ("page", result.GetValue(page))), cancellationToken),
            (to, answer) => ServerCommand.Page(
                to, answer, ["id", "since", "to", "what", "state", "why not"],
                item =>
                [
                    (string)item["id"]!, Screen.Time(item["createdAt"]), $"{item["channel"]} {item["recipient"]}", (string?)item["notice"]?["title"] ?? "", (string)item["state"]!, (string?)item["error"] ?? "",
                ],
                "Nobody was told anything. Notices in appsettings.json says who is."));
    }
}
