using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe machine</c>.</summary>
internal static class MachineCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var machine = new Command("machine", "Shows and tests the machines.");
        machine.Subcommands.Add(new Command("list", "Shows the machines and how they are reached.").Shows(
            options, screen, error,
            (_, api, cancellationToken) => api.GetAsync("/api/machines", cancellationToken),
            (to, answer) => to.Table(
                ["name", "way", "place"],
                answer.AsArray().Select(one => (IReadOnlyList<string>)[(string)one!["name"]!, (string?)one["way"] ?? "", (string?)one["place"] ?? ""]),
                "There are no machines. Enter them under Machines in appsettings.json.")));
        var name = new Argument<string>("name") { Description = "The machine; 'spe machine list' shows it." };
        machine.Subcommands.Add(new Command("test", "Connects to a machine and says what is there: 0 when it can be used, 4 when not.") { name }.Does(options, error, async (result, api, cancellationToken) =>
        {
            var probe = await api.PostAsync($"/api/machines/{ServerCommand.Part(result.GetRequiredValue(name))}/test", null, cancellationToken);
            if (options.IsJson(result))
            {
                screen.Json(probe);
            }
            else
            {
                screen.Facts(probe.AsObject().Where(fact => fact.Value is not null).Select(fact => (fact.Key, (string?)(fact.Value is JsonValue ? fact.Value.ToString() : fact.Value!.ToJsonString()))));
            }

            return (bool?)probe["usable"] == true ? ExitCodes.Ok : ExitCodes.Refused;
        }));
        return machine;
    }
}
