using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe plan</c>.</summary>
internal static class PlanCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var plan = new Command("plan", "Saves, checks, shows and starts plans of moves.");
        plan.Subcommands.Add(List(options, screen, error));
        plan.Subcommands.Add(Show(options, screen, error));
        plan.Subcommands.Add(Create(options, screen, error));
        plan.Subcommands.Add(Change(options, screen, error));
        plan.Subcommands.Add(Preview(options, screen, error));
        plan.Subcommands.Add(Check(options, screen, error));
        plan.Subcommands.Add(Rehearse(options, screen, error));
        plan.Subcommands.Add(Act("start", "Starts the move of a plan now.", [], "It is started.", options, screen, error));
        plan.Subcommands.Add(Act(
            "schedule", "Has a plan start by itself.",
            [("startAt", ServerCommand.TimeOption("--at", "When, with its offset from UTC: 2026-12-01T03:00:00+01:00.", required: true))], "It starts by itself.", options, screen, error));
        plan.Subcommands.Add(Act(
            "cancel", "Calls a plan off before it starts.", [("reason", new Option<string?>("--reason") { Description = "Why.", Required = true })], "It is called off.", options, screen, error));
        return plan;
    }

    /// <summary>The commands by which a move begins, for those who look for them under <c>spe move</c>.</summary>
    public static IEnumerable<Command> OfMoves(ServerOptions options, Screen screen, TextWriter error) =>
        [Create(options, screen, error, "plan", "Saves a plan of a move, as 'spe plan create' does; nothing is started."), Check(options, screen, error), Preview(options, screen, error)];

    private static Command Check(ServerOptions options, Screen screen, TextWriter error) =>
        Act("check", "Runs the pre-flight of a plan; 'spe plan show' tells what it found.", [], "The check runs.", options, screen, error);

    private static Argument<string> Id() => new("plan") { Description = "The id of the plan; 'spe plan list' shows it." };

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var state = new Option<string?>("--state") { HelpName = "STATE", Description = "Only those that stand so: draft, scheduled, starting, started, cancelled or missed." };
        state.AcceptOnlyFromAmong("draft", "scheduled", "starting", "started", "cancelled", "missed");
        var page = ServerCommand.PageOption();
        return new Command("list", "Shows the plans: those that start by themselves first, then the newest.") { state, page }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(ServerCommand.Query("/api/plans", ("state", result.GetValue(state)), ("page", result.GetValue(page))), cancellationToken),
            (to, answer) => ServerCommand.Page(
                to, answer, ["id", "scenario", "name", "state", "starts at"],
                item => [(string)item["id"]!, (string)item["scenario"]!, (string?)item["name"] ?? "", (string)item["state"]!, Screen.Time(item["startAt"])],
                "There are no plans yet. 'spe plan create --help' tells how one is made."));
    }

    private static Command Show(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("show", "Shows a plan, with what its last check found and what came up in its last rehearsal.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync($"/api/plans/{ServerCommand.Part(result.GetRequiredValue(id))}", cancellationToken),
            (to, plan) =>
            {
                var check = plan["check"];
                to.Facts(
                    ("plan", $"{plan["id"]} {plan["name"]}"), ("scenario", (string?)plan["scenario"]), ("state", (string?)plan["state"]), ("starts at", Screen.Time(plan["startAt"])),
                    ("inputs", plan["plan"]?.ToJsonString()), ("window", Window(plan["window"])), ("move", (string?)plan["moveId"]), ("check", check is null ? "not run yet" : $"{check["status"]}, {check["level"]}"));
                if (check?["results"] is JsonArray results)
                {
                    to.Line();
                    to.Table(["", "check", "found", "cure"], results.Select(one => (IReadOnlyList<string>)[(string)one!["level"]!, (string)one["check"]!, (string?)one["message"] ?? "", (string?)one["cure"] ?? ""]), "It checked nothing.");
                }

                if (plan["rehearsal"] is { } rehearsal)
                {
                    ShowRehearsal(to, rehearsal);
                }
            });
    }

    private static Command Create(ServerOptions options, Screen screen, TextWriter error, string name = "create", string description = "Saves a plan; nothing is started.")
    {
        var plan = new PlanOptions();
        var key = ServerCommand.KeyOption();
        var command = new Command(name, description) { key };
        plan.AddTo(command);
        return command.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync("/api/plans", plan.Read(result), cancellationToken, result.GetValue(key)),
            (to, saved) => to.Line($"Saved {saved["id"]}. 'spe plan check {saved["id"]}' looks whether it could go through."));
    }

    private static Command Change(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var set = new Option<string[]>("--set") { HelpName = "NAME=VALUE", Description = "Another value of an input; the others stay.", AllowMultipleArgumentsPerToken = true };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "Another name." };
        var window = new WindowOptions();
        var command = new Command("change", "Changes a plan that has not started; what is not given stays. Example: spe plan change 7f39fed65b98 --set target=spe-new") { id, set, name };
        window.AddTo(command);
        return command.Shows(
            options, screen, error,
            async (result, api, cancellationToken) =>
            {
                var path = $"/api/plans/{ServerCommand.Part(result.GetRequiredValue(id))}";
                var stored = await api.GetAsync(path, cancellationToken);
                var inputs = stored["plan"]!.DeepClone().AsObject();
                foreach (var (input, value) in ServerCommand.Pairs(result.GetValue(set)))
                {
                    inputs[input] = value?.DeepClone();
                }

                return await api.PutAsync(
                    path,
                    ServerCommand.Body(
                        ("scenario", stored["scenario"]!.DeepClone()), ("plan", inputs), ("name", result.GetValue(name) ?? stored["name"]!.DeepClone()),
                        ("window", window.Read(result) ?? stored["window"]?.DeepClone()), ("version", stored["version"]!.DeepClone())),
                    cancellationToken);
            },
            (to, saved) => to.Line($"Changed {saved["id"]}. 'spe plan check {saved["id"]}' looks whether it could go through."));
    }

    private static Command Preview(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        return new Command("preview", "Shows what the move of a plan would do, step by step.") { id }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync($"/api/plans/{ServerCommand.Part(result.GetRequiredValue(id))}/preview", cancellationToken),
            (to, preview) =>
            {
                to.Table(
                    ["", "step", "kind", "what", "down time", "only if"],
                    preview["steps"]!.AsArray().Select(step => (IReadOnlyList<string>)
                    [
                        $"{step!["number"]}", (string)step["name"]!, (string)step["kind"]!, (string?)step["what"] ?? "", (bool?)step["downtime"] == true ? "down" : "", (string?)step["onlyIf"] ?? "",
                    ]),
                    "It has no steps.");
                to.Facts(
                    ("forecast", preview["minutes"] is { } minutes ? $"{minutes} minutes, {preview["downtimeMinutes"]} of them down time, as {preview["measuredMoves"]} finished moves had it" : "none: no move of this procedure has finished here"),
                    ("data", preview["bytes"] is { } bytes ? $"{bytes} bytes" : null));
            });
    }

    private static Command Rehearse(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var byPeople = new Option<bool>("--by-people") { Description = "People answer its tasks and act on the copies ('spe lab'). Left out: a stand-in does." };
        var faults = new Option<int>("--faults") { HelpName = "N", Description = "How many things are to go wrong, at most 50.", DefaultValueFactory = _ => 0 };
        var seed = new Option<int>("--seed") { HelpName = "N", Description = "The same number has the same things go wrong.", DefaultValueFactory = _ => 0 };
        return new Command("rehearse", "Runs the procedure on copies of the machines in the lab; nothing is changed on the machines themselves. Example: spe plan rehearse 7f39fed65b98 --faults 5") { id, byPeople, faults, seed }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/plans/{ServerCommand.Part(result.GetRequiredValue(id))}/rehearse",
                ServerCommand.Body(("answerTasks", !result.GetValue(byPeople)), ("faults", result.GetValue(faults)), ("seed", result.GetValue(seed))),
                cancellationToken),
            (to, _) => to.Line("The rehearsal runs. 'spe plan show' tells what came up."));
    }

    private static string? Window(JsonNode? window) => window is null ? null : string.Join(", ", new[]
    {
        window["endsAt"] is { } end ? $"ends {Screen.Time(end)}" : "", window["length"] is { } length ? $"{length} from the start" : "", window["downtimeBudget"] is { } budget ? $"{budget} of down time" : "",
    }.Where(part => part.Length > 0));

    /// <summary>What came up in the last rehearsal.</summary>
    private static void ShowRehearsal(Screen screen, JsonNode rehearsal)
    {
        screen.Line();
        screen.Facts(
            ("rehearsal", $"{rehearsal["id"]}: {rehearsal["status"]}"), ("minutes", rehearsal["minutes"] is { } minutes ? $"{minutes}" : null),
            ("notes", string.Join("\n", rehearsal["notes"]!.AsArray().Select(note => (string?)note))));
        screen.Line();
        screen.Table(
            ["when", "step", "", "found", "answer"],
            rehearsal["cameUp"]!.AsArray().Select(one => (IReadOnlyList<string>)
                [Screen.Time(one!["at"]), (string)one["step"]!, (string)one["kind"]!, (string?)one["what"] ?? "", (string?)one["answer"] ?? ""]),
            "Nothing has come up in it.");
    }

    private static Command Act(
        string name, string description, IReadOnlyList<(string Member, Option<string?> Option)> members, string done, ServerOptions options, Screen screen, TextWriter error)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        foreach (var (_, option) in members)
        {
            command.Options.Add(option);
        }

        return command.Does(options, error, async (result, api, cancellationToken) =>
        {
            var plan = result.GetRequiredValue(id);
            var answer = await api.PostAsync(
                $"/api/plans/{ServerCommand.Part(plan)}/{name}", ServerCommand.Body(members.Select(member => (member.Member, (JsonNode?)result.GetValue(member.Option)))), cancellationToken);
            if (options.IsJson(result))
            {
                screen.Json(answer);
            }
            else
            {
                screen.Line($"{done} 'spe plan show {plan}' tells more.");
            }

            return ExitCodes.Ok;
        });
    }
}
