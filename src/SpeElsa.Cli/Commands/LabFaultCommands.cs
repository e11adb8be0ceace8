using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe lab fault</c>: things that are to go wrong on the simulated farm.</summary>
internal static class LabFaultCommands
{
    private static readonly string[] Kinds =
    [
        "Delay", "Hang", "LostReply", "CutMidStream", "WrongExitCode", "PartialCopy", "BitFlip", "LockedFile", "DiskFull", "Reboot", "ClockSkew", "HostKeyChange", "ApiOff", "CertificateChanged",
    ];

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var fault = new Command("fault", "Has something go wrong on a server of the lab, to see what a move does then.");
        fault.Subcommands.Add(List(options, screen, error));
        fault.Subcommands.Add(Set(options, screen, error));
        fault.Subcommands.Add(Clear(options, screen, error));
        return fault;
    }

    private static Command List(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = LabCommands.Server();
        return new Command("list", "Shows what is still to go wrong on a server, or stays wrong until it is cleared.") { server }.ShowsLab(
            options, screen, error,
            (result, api, cancellationToken) => api.GetAsync(PathOf(result.GetRequiredValue(server)), cancellationToken),
            (to, faults) => to.Table(
                ["kind", "script", "at its run", "time"],
                faults.AsArray().Select(one => (IReadOnlyList<string>)[(string)one!["kind"]!, (string?)one["script"] ?? "any", $"{one["occurrence"]}", (string?)one["time"] ?? ""]),
                "Nothing is to go wrong there."));
    }

    private static Command Set(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = LabCommands.Server();
        var kind = new Argument<string>("kind") { HelpName = "kind", Description = $"What goes wrong: {string.Join(", ", Kinds)}." };
        kind.AcceptOnlyFromAmong(Kinds);
        var script = new Option<string?>("--script") { HelpName = "NAME", Description = "Only in this script, such as Copy-Directory. Default: in any." };
        var run = new Option<int>("--run") { HelpName = "N", Description = "At which run of it from now on. It happens once.", DefaultValueFactory = _ => 1 };
        var time = ServerCommand.SpanOption("--time", "How long, for Delay and ClockSkew. Default: one second.");
        return new Command("set", "Sets a fault. Example: spe lab fault set spe-new LostReply --script Copy-Directory") { server, kind, script, run, time }.ActsInLab(
            options, screen, error,
            (result, api, cancellationToken) => api.PostAsync(
                PathOf(result.GetRequiredValue(server)),
                ServerCommand.Body(("kind", result.GetRequiredValue(kind)), ("script", result.GetValue(script)), ("occurrence", result.GetValue(run)), ("time", result.GetValue(time))),
                cancellationToken),
            "It is set.");
    }

    private static Command Clear(ServerOptions options, Screen screen, TextWriter error)
    {
        var server = LabCommands.Server();
        return new Command("clear", "Clears all faults of a server.") { server }.ActsInLab(
            options, screen, error, (result, api, cancellationToken) => api.DeleteAsync(PathOf(result.GetRequiredValue(server)), cancellationToken), "Nothing is to go wrong there any more.");
    }

    private static string PathOf(string server) => LabCommands.PathOf(server, "faults");
}
