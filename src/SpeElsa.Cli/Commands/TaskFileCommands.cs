using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary>The files of a task, and the link with which somebody answers it.</summary>
internal static class TaskFileCommands
{
    public static void AddTo(Command task, ServerOptions options, Screen screen, TextWriter error)
    {
        task.Subcommands.Add(Attach(options, screen, error));
        task.Subcommands.Add(Download(options, screen, error));
        task.Subcommands.Add(Link(options, screen, error));
    }

    /// <summary>Gives a file as evidence.</summary>
    /// <returns>What the server made of it; its id goes into the answer.</returns>
    public static Task<JsonNode> AttachAsync(ServerApi api, string task, string file, string? name, string? by, CancellationToken cancellationToken) =>
        api.PostFileAsync(ServerCommand.Query($"/api/tasks/{ServerCommand.Part(task)}/files", ("name", name ?? Path.GetFileName(file)), ("by", by)), file, cancellationToken);

    private static Command Attach(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by) = (TaskCommands.Id(), TaskCommands.By());
        var file = new Argument<string>("file") { Description = "The file: png, jpg, pdf, zip or text." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "What it is called there. Default: as here." };
        return new Command("attach", "Gives a file as evidence for a task. 'spe task complete --file' does that and answers.") { id, file, name, by }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => AttachAsync(api, result.GetRequiredValue(id), result.GetRequiredValue(file), result.GetValue(name), result.GetValue(by), cancellationToken),
            (to, kept) => to.Line($"Kept as {kept["id"]}, SHA-256 {kept["sha256"]}."));
    }

    private static Command Download(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = TaskCommands.Id();
        var file = new Argument<string>("file") { Description = "The id of the file; 'spe task show' shows it." };
        var to = new Option<string>("--to") { HelpName = "FILE", Description = "Where to write it.", Required = true };
        return new Command("download", "Brings a file that was given as evidence.") { id, file, to }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var target = result.GetRequiredValue(to);
            await api.DownloadAsync($"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}/files/{ServerCommand.Part(result.GetRequiredValue(file))}", target, cancellationToken);
            screen.Line(options.IsJson(result) ? new JsonObject { ["file"] = target }.ToJsonString() : $"Wrote {target}.");
            return ExitCodes.Ok;
        });
    }

    private static Command Link(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by) = (TaskCommands.Id(), TaskCommands.By());
        var person = new Option<string>("--to") { HelpName = "NAME", Description = "An account that may do it.", Required = true };
        var lifetime = ServerCommand.SpanOption("--lifetime", "How long it is good. Default: as the server is set, usually a day.");
        return new Command("link", "Makes a link with which one person answers this task once without signing in. It is shown this once; an older one is no good any more.") { id, person, lifetime, by }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}/links",
                ServerCommand.Body(("to", result.GetRequiredValue(person)), ("lifetime", result.GetValue(lifetime)), ("by", result.GetValue(by))),
                cancellationToken),
            (to, link) => to.Facts(("link", (string?)link["url"]), ("for", (string?)link["to"]), ("good until", Screen.Time(link["expiresAt"]))));
    }
}
