using System.CommandLine;
using System.Globalization;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe task</c>.</summary>
internal static class TaskCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var task = new Command("task", "Shows and answers what waits for people.");
        task.Subcommands.Add(List(options, screen, error));
        task.Subcommands.Add(Show(options, screen, error));
        task.Subcommands.Add(Complete(options, screen, error));
        task.Subcommands.Add(Claim(options, screen, error));
        task.Subcommands.Add(Act("release", "Gives a task back that somebody has taken.", null, "Anybody may take it now.", options, screen, error));
        task.Subcommands.Add(Act("assign", "Gives a task to somebody.", new Option<string>("--to") { HelpName = "NAME", Description = "An account that may do it.", Required = true }, "It is his now.", options, screen, error));
        task.Subcommands.Add(Act("send-back", "Sends a task back with the reason.", Text("Why."), "It was sent back.", options, screen, error));
        task.Subcommands.Add(Act("comment", "Writes something down about a task.", Text("What."), "It is written down.", options, screen, error, "comments"));
        return task;
    }

    private static Argument<string> Id() => new("task") { Description = "The id of the task; 'spe task list' shows it." };

    private static Option<string> Text(string description) => new("--text") { Description = description, Required = true };

    private static Option<string?> By() => new("--by") { HelpName = "NAME", Description = "In whose name: the key does not tell.", DefaultValueFactory = _ => Environment.UserName };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var move = new Option<string?>("--move") { HelpName = "ID", Description = "Only those of one move." };
        var state = new Option<string?>("--state") { Description = "open, unclaimed, overdue or closed." };
        var page = new Option<int>("--page") { Description = "Which page, from 1.", DefaultValueFactory = _ => 1 };
        return new Command("list", "Shows what waits for people, longest first.") { move, state, page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) =>
            {
                var query = string.Create(CultureInfo.InvariantCulture, $"/api/tasks?page={result.GetValue(page)}");
                query += result.GetValue(move) is { } id ? $"&moveId={ServerCommand.Part(id)}" : "";
                query += result.GetValue(state) is { } wanted ? $"&state={ServerCommand.Part(wanted)}" : "";
                return api.GetAsync(query, cancellationToken);
            },
            (to, answer) => ServerCommand.Page(
                to, answer, ["id", "title", "role", "waits since", "taken by"],
                item => [(string)item["id"]!, (string)item["title"]!, (string)item["role"]!, Screen.Time(item["createdAt"]), (string?)item["claimedBy"] ?? (string?)item["assignedTo"] ?? ""],
                "Nothing waits for anybody."));
    }

    private static Command Show(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("show", "Shows a task: what to do, and what has happened to it.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync($"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}", cancellationToken),
            (to, detail) =>
            {
                var task = detail["task"]!;
                to.Facts(
                    ("task", $"{task["id"]} {task["title"]}"),
                    ("found", (string?)task["finding"]),
                    ("role", (string?)task["role"]),
                    ("waits since", Screen.Time(task["createdAt"])),
                    ("due", Screen.Time(task["dueAt"])),
                    ("taken by", (string?)task["claimedBy"]),
                    ("answered", task["closedBy"] is { } by ? $"{task["outcome"]} by {by}, {Screen.Time(task["closedAt"])}" : null),
                    ("proof", task["proof"] is { } proof ? $"{proof["state"]}{(proof["text"] is { } text ? $": {text}" : "")}" : null),
                    ("answers", string.Join(", ", task["outcomes"]!.AsArray().Select(outcome => (string)outcome!))),
                    ("fields", string.Join(", ", task["fields"]!.AsArray().Select(field => $"{field!["name"]} ({field["type"]})"))));
                to.Line();
                to.Line((string?)task["instructions"] ?? "");
                to.Line();
                to.Table(
                    ["when", "who", "what", ""],
                    detail["history"]!.AsArray().Select(note => (IReadOnlyList<string>)[Screen.Time(note!["at"]), (string?)note["by"] ?? "the server", (string)note["kind"]!, (string?)note["text"] ?? ""]),
                    "Nothing has happened to it yet.");
            });
    }

    private static Command Complete(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by) = (Id(), By());
        var outcome = new Option<string?>("--outcome") { Description = "The answer, where there is more than one." };
        var comment = new Option<string?>("--comment") { Description = "A word about it." };
        var set = new Option<string[]>("--set") { HelpName = "FIELD=VALUE", Description = "What goes into a field.", AllowMultipleArgumentsPerToken = true };
        var secret = new Option<string[]>("--secret") { HelpName = "FIELD=FILE", Description = "What goes into a field and is not to stand on the command line: a file holds it, or - for standard input.", AllowMultipleArgumentsPerToken = true };
        return new Command("complete", "Answers a task: it is done, or how it is decided.") { id, outcome, comment, set, secret, by }.Shows(
            options, screen, error,
            (result, api, cancellationToken) =>
            {
                var fields = ServerCommand.Pairs(result.GetValue(set));
                foreach (var (name, file) in ServerCommand.Pairs(result.GetValue(secret)))
                {
                    fields[name] = ((string)file! == "-" ? Console.In.ReadToEnd() : File.ReadAllText((string)file!)).TrimEnd('\r', '\n');
                }

                return api.PostAsync(
                    $"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}/complete",
                    ServerCommand.Body(
                        ("outcome", result.GetValue(outcome)), ("comment", result.GetValue(comment)), ("fields", fields.Count > 0 ? fields : null), ("completedBy", result.GetValue(by))),
                    cancellationToken);
            },
            (to, receipt) => to.Line($"{receipt["status"]}: {receipt["outcome"]}."));
    }

    private static Command Claim(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by) = (Id(), By());
        var takeOver = new Option<bool>("--take-over") { Description = "Take it from whoever has it; --reason says why." };
        var reason = new Option<string?>("--reason") { Description = "Why it is taken over." };
        return new Command("claim", "Takes a task, so that nobody else does it.") { id, by, takeOver, reason }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}/claim",
                ServerCommand.Body(("by", result.GetValue(by)), ("takeOver", result.GetValue(takeOver)), ("reason", result.GetValue(reason))),
                cancellationToken),
            (to, detail) => to.Line($"It is taken until {Screen.Time(detail["task"]!["claimedUntil"])}."));
    }

    private static Command Act(
        string name, string description, Option<string>? option, string done, ServerOptions options, Screen screen, TextWriter error, string? path = null)
    {
        var (id, by) = (Id(), By());
        var command = new Command(name, description) { id, by };
        if (option is not null)
        {
            command.Options.Add(option);
        }

        return command.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/tasks/{ServerCommand.Part(result.GetRequiredValue(id))}/{path ?? name}",
                ServerCommand.Body(("by", result.GetValue(by)), (option?.Name.TrimStart('-') ?? "", option is null ? null : result.GetValue(option))),
                cancellationToken),
            (to, _) => to.Line(done));
    }
}
