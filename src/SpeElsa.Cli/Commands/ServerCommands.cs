using System.CommandLine;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe server</c>.</summary>
internal static class ServerCommands
{
    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = new Command("server", "Tells how the server itself is.");
        server.Subcommands.Add(new Command("show", "Says whether the server can work, and with which key it signs evidence: 0 when it is ready, 3 when not.").Shows(
            options, screen, error,
            async (_, api, cancellationToken) =>
            {
                var ready = await api.GetAsync("/health/ready", cancellationToken);
                var key = await api.GetAsync("/api/evidence/key", cancellationToken);
                return new JsonObject { ["server"] = api.Address.ToString(), ["status"] = (string?)ready["status"], ["evidenceKey"] = key.DeepClone() };
            },
            (to, answer) => to.Facts(("server", (string?)answer["server"]), ("status", (string?)answer["status"]), ("evidence key", (string?)answer["evidenceKey"]!["fingerprint"]))));
        return server;
    }
}
