using System.CommandLine;
using System.Text.Json.Nodes;

namespace SpeElsa.Cli.Commands;

/// <summary>A maintenance window on the command line.</summary>
internal sealed class WindowOptions
{
    private readonly Option<string?> _endsAt = ServerCommand.TimeOption("--ends-at", "When the maintenance window ends, with its offset from UTC: 2026-12-01T05:00:00+01:00.");
    private readonly Option<string?> _length = ServerCommand.SpanOption("--length", "In place of that: how long it is from the start.");
    private readonly Option<string?> _budget = ServerCommand.SpanOption("--downtime-budget", "How long services may be down in all.");

    public void AddTo(Command command)
    {
        command.Options.Add(_endsAt);
        command.Options.Add(_length);
        command.Options.Add(_budget);
    }

    /// <returns>Null when none of it was given.</returns>
    public JsonObject? Read(ParseResult result) =>
        ServerCommand.Body(("endsAt", result.GetValue(_endsAt)), ("length", result.GetValue(_length)), ("downtimeBudget", result.GetValue(_budget))) is { Count: > 0 } window ? window : null;
}
