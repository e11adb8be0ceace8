using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe move</c>.</summary>
internal static class MoveCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var move = new Command("move", "Plans, starts, watches, ends and undoes moves.");
        move.Subcommands.Add(List(options, screen, error));
        move.Subcommands.Add(Show(options, screen, error));
        foreach (var command in PlanCommands.OfMoves(options, screen, error))
        {
            move.Subcommands.Add(command);
        }

        move.Subcommands.Add(Start(options, screen, error));
        move.Subcommands.Add(WatchCommand.Build(options, screen, error));
        move.Subcommands.Add(Hold("pause", "Pauses a move before its next step: what has begun goes on to its end.", "It pauses before its next step.", options, screen, error));
        move.Subcommands.Add(Hold("resume", "Lets a paused move go on.", "It goes on.", options, screen, error));
        move.Subcommands.Add(Retry(options, screen, error));
        move.Subcommands.Add(Cancel(options, screen, error));
        move.Subcommands.Add(Undo(options, screen, error));
        move.Subcommands.Add(Window(options, screen, error));
        move.Subcommands.Add(Journal(options, screen, error));
        move.Subcommands.Add(Evidence(options, screen, error));
        return move;
    }

    /// <summary>Names a move.</summary>
    public static Argument<string> Id() => new("move") { Description = "The id of the move; 'spe move list' shows it." };

    /// <summary>How a move stands, in two lines.</summary>
    public static void ShowState(Screen screen, JsonNode view)
    {
        var downtime = view["downtime"]!;
        screen.Facts(
            ("move", $"{view["id"]} {view["name"]}"),
            ("status", $"{view["status"]}: {view["statusText"]}"),
            ("steps", $"{view["stepsDone"]} of {view["stepsInAll"]}"),
            ("down time", downtime["startedAt"] is null ? null : $"{Screen.Span(downtime["soFar"])}{(downtime["endedAt"] is null ? " and counting" : "")}"),
            ("window", view["window"] is { } window ? $"{window["level"]}: {window["text"]}" : null),
            ("waits for", string.Join(", ", view["openTasks"]!.AsArray().Select(task => (string)task!))),
            ("undone by", (string?)view["undoneBy"]));
    }

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows the moves, newest first.") { page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(ServerCommand.Query("/api/moves", ("page", result.GetValue(page))), cancellationToken),
            (to, answer) => ServerCommand.Page(
                to, answer, ["id", "scenario", "name", "status", "started"],
                item => [(string)item["id"]!, (string)item["scenario"]!, (string)item["name"]!, (string)item["status"]!, Screen.Time(item["createdAt"])],
                "There are no moves yet. 'spe move start --help' tells how one begins."));
    }

    private static Command Show(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("show", "Shows how a move stands, with its steps.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync($"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}", cancellationToken),
            (to, view) =>
            {
                ShowState(to, view);
                to.Line();
                to.Table(
                    ["began", "step", "status", "says"],
                    view["steps"]!.AsArray().Select(step => (IReadOnlyList<string>)[Screen.Time(step!["startedAt"]), (string)step["name"]!, (string)step["status"]!, (string?)step["message"] ?? ""]),
                    "No step has begun.");
            });
    }

    private static Command Start(ServerOptions options, Screen screen, TextWriter error)
    {
        var plan = new PlanOptions();
        var key = ServerCommand.KeyOption();
        var command = new Command("start", "Starts a move now. A plan ('spe plan') can be checked first.") { key };
        plan.AddTo(command);
        return command.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync("/api/moves", plan.Read(result), cancellationToken, result.GetValue(key)),
            (to, receipt) => to.Line($"Started {receipt["id"]}: {receipt["name"]}. 'spe move watch {receipt["id"]}' shows how it goes on."));
    }

    private static Command Retry(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("retry", "Lets a move that has failed go on where it failed. Where a step asks instead, answer its task: 'spe task list'.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => ServerCommand.FindAsync(
                $"There is no move '{result.GetValue(id)}'. 'spe move list' shows them.",
                ServerCommand.NeedAsync(
                    "write:workflow-instances", api.PostAsync($"/elsa/api/workflow-instances/{ServerCommand.Part(result.GetRequiredValue(id))}/retry", [], cancellationToken))),
            (to, _) => to.Line("It goes on."));
    }

    private static Command Hold(string verb, string description, string done, ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by, reason) = (Id(), By(), Reason());
        return new Command(verb, description) { id, by, reason }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}/{verb}",
                ServerCommand.Body(("requestedBy", result.GetValue(by)), ("reason", result.GetValue(reason))),
                cancellationToken),
            (to, _) => to.Line($"{done} 'spe move show' tells how it stands."));
    }

    private static Command Cancel(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by, reason) = (Id(), By(), Reason());
        return new Command("cancel", "Ends a move as it stands; nothing is undone.") { id, by, reason }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}/cancel",
                ServerCommand.Body(("requestedBy", result.GetValue(by)), ("reason", result.GetValue(reason))),
                cancellationToken),
            (to, _) => to.Line("The move ends as it stands."));
    }

    private static Command Undo(ServerOptions options, Screen screen, TextWriter error)
    {
        var (id, by, reason) = (Id(), By(), Reason());
        var preview = new Option<bool>("--preview") { Description = "Only show what would be done." };
        return new Command("undo", "Ends a move and brings the old server back.") { id, preview, by, reason }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var path = $"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}/undo";
            var isPreview = result.GetValue(preview);
            var answer = isPreview
                ? await api.GetAsync(path, cancellationToken)
                : await api.PostAsync(path, ServerCommand.Body(("requestedBy", result.GetValue(by)), ("reason", result.GetValue(reason))), cancellationToken);
            if (options.IsJson(result))
            {
                screen.Json(answer);
            }
            else if (isPreview)
            {
                ShowUndo(screen, answer);
            }
            else
            {
                screen.Line($"The undo is {answer["id"]}. 'spe move watch {answer["id"]}' shows how it goes on.");
            }

            return ExitCodes.Ok;
        });
    }

    private static void ShowUndo(Screen screen, JsonNode preview)
    {
        screen.Facts(("can start", (bool)preview["canStart"]! ? "yes" : $"no: {preview["why"]}"));
        foreach (var warning in preview["warnings"]?.AsArray() ?? [])
        {
            screen.Line($"! {warning}");
        }

        screen.Line();
        screen.Table(
            ["", "what", "by"],
            (preview["steps"]?.AsArray() ?? []).Select(step => (IReadOnlyList<string>)[$"{step!["number"]}", (string)step["title"]!, (bool?)step["byPerson"] == true ? "a person" : "the server"]),
            "There is nothing to undo.");
    }

    private static Command Window(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var window = new WindowOptions();
        var command = new Command("window", "Sets or changes the maintenance window of a move; without an option it takes the window away.") { id };
        window.AddTo(command);
        return command.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PutAsync($"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}/window", window.Read(result) ?? [], cancellationToken),
            (to, _) => to.Line("The window is set."));
    }

    private static Command Journal(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var after = new Option<long>("--after") { HelpName = "N", Description = "Only the rows after this one." };
        var take = new Option<int>("--take") { HelpName = "N", Description = "How many rows, at most 1000.", DefaultValueFactory = _ => 200 };
        return new Command("journal", "Shows the journal of a move, in order: what was about to happen, what came of it.") { id, after, take }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var (move, number) = (result.GetRequiredValue(id), result.GetValue(take));
            var rows = (await api.GetAsync(
                ServerCommand.Query($"/api/moves/{ServerCommand.Part(move)}/journal", ("after", result.GetValue(after)), ("take", number)), cancellationToken)).AsArray();
            if (options.IsJson(result))
            {
                screen.Json(rows);
                return ExitCodes.Ok;
            }

            screen.Table(
                ["", "when", "what", "step", "says"],
                rows.Select(row => (IReadOnlyList<string>)[$"{row!["sequence"]}", Screen.Time(row["at"]), (string)row["event"]!, (string)row["activityId"]!, (string?)row["message"] ?? ""]),
                "There are no rows after that.");
            if (rows.Count == number)
            {
                screen.Line($"There may be more: --after {rows[^1]!["sequence"]} shows them.");
            }

            return ExitCodes.Ok;
        });
    }

    private static Command Evidence(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var to = new Option<string?>("--to") { HelpName = "FILE", Description = "Where to write it. Default: move-ID.zip here." };
        return new Command("evidence", "Brings what proves a move: a signed ZIP, which 'spe verify' checks.") { id, to }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var move = result.GetRequiredValue(id);
            var target = result.GetValue(to) ?? $"move-{move}.zip";
            await api.DownloadAsync($"/api/moves/{ServerCommand.Part(move)}/evidence", target, cancellationToken);
            screen.Line(options.IsJson(result) ? new JsonObject { ["file"] = target }.ToJsonString() : $"Wrote {target}. 'spe verify {target} --key FINGERPRINT' checks it.");
            return ExitCodes.Ok;
        });
    }

    private static Option<string?> By() => new("--by") { HelpName = "NAME", Description = "Who wants it: the key does not tell.", DefaultValueFactory = _ => Environment.UserName };

    private static Option<string> Reason() => new("--reason") { Description = "Why.", Required = false };
}
