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
                ["name", "way", "place", "host key"],
                answer.AsArray().Select(one => (IReadOnlyList<string>)
                    [(string)one!["name"]!, (string?)one["way"] ?? "", (string?)one["place"] ?? "", (string?)one["hostKey"]?["fingerprint"] ?? (one["place"] is null ? "" : "not trusted yet")]),
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
        machine.Subcommands.Add(Trust(options, screen, error));
        return machine;
    }

    private static Command Trust(ServerOptions options, Screen screen, TextWriter error)
    {
        var name = new Argument<string>("name") { Description = "The machine; 'spe machine list' shows it." };
        var fingerprint = new Argument<string>("fingerprint") { Description = "SHA256: and 43 characters, as 'spe machine test' shows it and, on the machine itself, ssh-keygen -lf." };
        var jump = new Option<bool>("--jump-host") { Description = "It is the key of the computer that the machine is reached through." };
        return new Command("trust", "Trusts exactly this host key from now on. Compare it with the machine's own first.") { name, fingerprint, jump }.Shows(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                $"/api/machines/{ServerCommand.Part(result.GetRequiredValue(name))}/host-key",
                ServerCommand.Body(("fingerprint", result.GetRequiredValue(fingerprint)), ("jumpHost", result.GetValue(jump))),
                cancellationToken),
            (to, _) => to.Line("It is trusted. Any other key is refused."));
    }
}
