using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary>What the commands have in common that talk to a server.</summary>
internal static class ServerCommand
{
    /// <summary>Gives a command what it does, with the server open.</summary>
    public static Command Does(this Command command, ServerOptions options, TextWriter error, Func<ParseResult, ServerApi, CancellationToken, Task<int>> act)
    {
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                using var api = options.Open(result);
                return await act(result, api, cancellationToken);
            }
            catch (Refusal refusal)
            {
                return await SpeCommands.SayAsync(error, refusal.Message, refusal.ExitCode);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return await SpeCommands.SayAsync(error, exception.Message);
            }
        });
        return command;
    }

    /// <summary>Asks, and shows the answer as it came or for people.</summary>
    public static Command Shows(
        this Command command, ServerOptions options, Screen screen, TextWriter error, Func<ParseResult, ServerApi, CancellationToken, Task<JsonNode>> ask, Action<Screen, JsonNode> show) =>
        command.Does(options, error, async (result, api, cancellationToken) =>
        {
            var answer = await ask(result, api, cancellationToken);
            if (options.IsJson(result))
            {
                screen.Json(answer);
            }
            else
            {
                show(screen, answer);
            }

            return ExitCodes.Ok;
        });

    /// <summary>Pairs as they stand on the command line: name=value, where the value is JSON or a text.</summary>
    public static JsonObject Pairs(IEnumerable<string>? pairs)
    {
        var values = new JsonObject();
        foreach (var pair in pairs ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new Refusal($"'{pair}' is no pair: write name=value.", ExitCodes.Unusable);
            }

            values[pair[..at]] = Value(pair[(at + 1)..]);
        }

        return values;
    }

    /// <summary>An object without what was not given.</summary>
    public static JsonObject Body(params IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));

    /// <summary>One part of a path.</summary>
    public static string Part(string id) => Uri.EscapeDataString(id);

    /// <summary>The rows of a page, and how to see the next.</summary>
    public static void Page(Screen screen, JsonNode page, IReadOnlyList<string> columns, Func<JsonNode, IReadOnlyList<string>> row, string none)
    {
        var items = page["items"]!.AsArray();
        screen.Table(columns, items.Select(item => row(item!)), none);
        var (total, number, size) = ((int)page["total"]!, (int)page["page"]!, (int)page["pageSize"]!);
        if (total > number * size)
        {
            screen.Line($"{items.Count} of {total}; --page {number + 1} shows the next.");
        }
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonValue value && value.GetValueKind() is JsonValueKind.String ? JsonValue.Create(text) : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
