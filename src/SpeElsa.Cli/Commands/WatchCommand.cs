using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe move watch</c>: a line for each thing that happens and, on a terminal, one that shows the clocks.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string[] Ends = ["finished", "aborted", "failed", "set-aside"];

    public static Command Build(ServerOptions options, Screen screen, TextWriter error)
    {
        var id = MoveCommands.Id();
        var every = new Option<double>("--every") { HelpName = "SECONDS", Description = "How often to look.", DefaultValueFactory = _ => 1 };
        every.Validators.Add(result =>
        {
            if (ServerCommand.Given<double>(result) is { } seconds and not (>= 0.1 and <= 3600))
            {
                result.AddError("--every is from 0.1 to 3600 seconds.");
            }
        });
        return new Command("watch", "Shows what happens in a move until it has ended: 0 when it finished, 1 when it ended otherwise. With --output json each look is a line.") { id, every }
            .Does(options, error, (result, api, cancellationToken) =>
                new Watch(api, screen, $"/api/moves/{ServerCommand.Part(result.GetRequiredValue(id))}", options.IsJson(result)).RunAsync(TimeSpan.FromSeconds(result.GetValue(every)), cancellationToken));
    }

    private sealed class Watch(ServerApi api, Screen screen, string path, bool asJson)
    {
        private readonly Dictionary<string, string> _steps = new(StringComparer.Ordinal);
        private string _status = "";
        private int _clock;

        public async Task<int> RunAsync(TimeSpan every, CancellationToken cancellationToken)
        {
            while (true)
            {
                var view = await LookAsync(every, cancellationToken);
                if (asJson)
                {
                    screen.Line(view.ToJsonString());
                }
                else
                {
                    Tell(view);
                }

                if (Ends.Contains((string)view["status"]!))
                {
                    Clear();
                    return (string)view["status"]! == "finished" ? ExitCodes.Ok : ExitCodes.NotGenuine;
                }

                await Task.Delay(every, cancellationToken);
            }
        }

        /// <summary>A server that is started again is waited for: the move goes on, and so does who watches it.</summary>
        private async Task<JsonNode> LookAsync(TimeSpan every, CancellationToken cancellationToken)
        {
            for (var waited = TimeSpan.Zero; ; waited += every)
            {
                try
                {
                    return await api.GetAsync(path, cancellationToken);
                }
                catch (Refusal refusal) when (refusal.ExitCode is ExitCodes.Unreachable && _status.Length > 0 && waited < Patience)
                {
                    Say($"{Now()}  the server does not answer; waiting for it", "unreachable");
                    await Task.Delay(every, cancellationToken);
                }
            }
        }

        private void Tell(JsonNode view)
        {
            foreach (var step in view["steps"]!.AsArray())
            {
                var (execution, status) = ((string)step!["id"]!, $"{step["status"]}{((string?)step["message"] is { } message ? $": {message}" : "")}");
                if (!_steps.TryGetValue(execution, out var before) || before != status)
                {
                    _steps[execution] = status;
                    Clear();
                    screen.Line($"{Now()}  {step["name"]}: {status}");
                }
            }

            Say($"{Now()}  {view["status"]}: {view["statusText"]}", $"{view["status"]} {view["statusText"]}");
            if (screen.IsTerminal)
            {
                var downtime = view["downtime"]!;
                var clock = $"{Now()}  {view["stepsDone"]}/{view["stepsInAll"]}  {(downtime["startedAt"] is null ? "" : $"down {Screen.Span(downtime["soFar"])}  ")}{view["currentStep"]}";
                clock = clock.Length < Console.WindowWidth ? clock : clock[..Math.Max(0, Console.WindowWidth - 1)];
                screen.Output.Write($"\r{clock.PadRight(_clock)}");
                _clock = clock.Length;
            }
        }

        private void Say(string line, string status)
        {
            if (status != _status)
            {
                _status = status;
                Clear();
                if (!asJson)
                {
                    screen.Line(line);
                }
            }
        }

        private void Clear()
        {
            if (_clock > 0)
            {
                screen.Output.Write($"\r{new string(' ', _clock)}\r");
                _clock = 0;
            }
        }

        private static string Now() => TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
