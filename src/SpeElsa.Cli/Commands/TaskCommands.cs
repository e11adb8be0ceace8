using System.CommandLine;
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
        var assign = Act("assign", "Gives a task to somebody.", new Option<string>("--to") { HelpName = "NAME", Description = "An account that may do it.", Required = true }, "It is theirs now.", options, screen, error);
        assign.Aliases.Add("reassign");
        task.Subcommands.Add(assign);
        task.Subcommands.Add(Act("send-back", "Sends a task back with the reason.", Text("Why."), "It was sent back.", options, screen, error));
        task.Subcommands.Add(Act("comment", "Writes something down about a task.", Text("What."), "It is written down.", options, screen, error, "comments"));
        TaskFileCommands.AddTo(task, options, screen, error);
        return task;
    }

    /// <summary>Names a task.</summary>
    public static Argument<string> Id() => new("task") { Description = "The id of the task; 'spe task list' shows it." };

    private static Option<string> Text(string description) => new("--text") { Description = description, Required = true };

    /// <summary>In whose name.</summary>
    public static Option<string?> By() => new("--by") { HelpName = "NAME", Description = "In whose name: the key does not tell.", DefaultValueFactory = _ => Environment.UserName };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var move = new Option<string?>("--move") { HelpName = "ID", Description = "Only those of one move." };
        var state = new Option<string?>("--state") { HelpName = "open|unclaimed|overdue|closed", Description = "Only those that stand so. Left out: the open ones." };
        state.AcceptOnlyFromAmong("open", "unclaimed", "overdue", "closed");
        var role = new Option<string?>("--role") { HelpName = "ROLE", Description = "Only those for this role, such as operator." };
        role.CompletionSources.Add("operator", "approver", "designer", "administrator");
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows what waits for people, longest first.") { move, state, role, page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(
                ServerCommand.Query("/api/tasks", ("page", result.GetValue(page)), ("moveId", result.GetValue(move)), ("state", result.GetValue(state)), ("role", result.GetValue(role))), cancellationToken),
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
                if (detail["files"]?.AsArray() is { Count: > 0 } files)
                {
                    to.Line();
                    to.Table(
                        ["file", "name", "bytes", "by", "sha256"],
                        files.Select(file => (IReadOnlyList<string>)[(string)file!["id"]!, (string)file["name"]!, $"{file["bytes"]}", (string)file["by"]!, (string)file["sha256"]!]),
                        "");
                }
            });
    }

    private static Command Complete(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by) = (Id(), By());
        var outcome = new Option<string?>("--outcome") { Description = "The answer, where there is more than one." };
        var comment = new Option<string?>("--comment") { Description = "A word about it." };
        var set = new Option<string[]>("--set") { HelpName = "FIELD=VALUE", Description = "What goes into a field.", AllowMultipleArgumentsPerToken = true };
        var secret = new Option<string[]>("--secret") { HelpName = "FIELD=FILE", Description = "What goes into a field and is not to stand on the command line: a file holds it, or - for standard input.", AllowMultipleArgumentsPerToken = true };
        var file = new Option<string[]>("--file") { HelpName = "FIELD=FILE", Description = "A file that is given as evidence, and the field it goes into.", AllowMultipleArgumentsPerToken = true };
        return new Command("complete", "Answers a task: it is done, or how it is decided. Example: spe task complete ID --secret password=smtp.txt --file shot=console.png") { id, outcome, comment, set, secret, file, by }.Shows(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var task = result.GetRequiredValue(id);
                var fields = ServerCommand.Pairs(result.GetValue(set));
                foreach (var (name, path) in ServerCommand.Texts(result.GetValue(secret)))
                {
                    fields[name] = await screen.ReadSecretAsync(path, cancellationToken);
                }

                foreach (var (name, path) in ServerCommand.Texts(result.GetValue(file)))
                {
                    fields[name] = (string)(await TaskFileCommands.AttachAsync(api, task, path, null, result.GetValue(by), cancellationToken))["id"]!;
                }

                return await api.PostAsync(
                    $"/api/tasks/{ServerCommand.Part(task)}/complete",
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
