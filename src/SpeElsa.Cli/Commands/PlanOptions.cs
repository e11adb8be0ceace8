using System.CommandLine;
using System.Text.Json.Nodes;

namespace SpeElsa.Cli.Commands;

/// <summary>What a move is to do, on the command line: the same for a plan and for a move that starts now.</summary>
internal sealed class PlanOptions
{
    private readonly Argument<string> _scenario = new("scenario") { HelpName = "scenario", Description = "The procedure, such as single-server-move." };

    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "NAME=VALUE",
        Description = "An input of the procedure: source=spe-old target=spe-new hostNameChanges=true.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _name = new("--name") { Description = "A name for people." };
    private readonly WindowOptions _window = new();

    public PlanOptions() => _scenario.CompletionSources.Add(
        "single-server-move", "move-management-server", "move-instance-host", "move-client-access-server", "move-instances", "rename-server");

    public void AddTo(Command command)
    {
        command.Arguments.Add(_scenario);
        command.Options.Add(_set);
        command.Options.Add(_name);
        _window.AddTo(command);
    }

    public JsonObject Read(ParseResult result) => ServerCommand.Body(
        ("scenario", result.GetRequiredValue(_scenario)), ("plan", ServerCommand.Pairs(result.GetValue(_set))), ("name", result.GetValue(_name)), ("window", _window.Read(result)));
}
