using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
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
        foreach (var (name, text) in Texts(pairs))
        {
            values[name] = Value(text);
        }

        return values;
    }

    /// <summary>Pairs of a name and a text.</summary>
    public static IEnumerable<(string Name, string Text)> Texts(IEnumerable<string>? pairs)
    {
        foreach (var pair in pairs ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            yield return at < 1 ? throw new Refusal($"'{pair}' is no pair: write name=value.", ExitCodes.Unusable) : (pair[..at], pair[(at + 1)..]);
        }
    }

    /// <summary>An object without what was not given.</summary>
    public static JsonObject Body(params IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Name, member.Value)));

    /// <summary>Asks Elsa's API, and names the right that it needs where the key has not got it.</summary>
    public static async Task<T> NeedAsync<T>(string right, Task<T> ask)
    {
        try
        {
            return await ask;
        }
        catch (Refusal refusal) when (refusal.Message == ServerApi.NoRight)
        {
            throw new Refusal($"This needs the right '{right}', which this key has not. 'spe user roles' shows the roles that have it; an administrator can make such a key.", refusal.ExitCode, refusal.Status);
        }
    }

    /// <summary>Asks Elsa's API, which has no words where there is no such thing.</summary>
    public static async Task<T> FindAsync<T>(string missing, Task<T> ask)
    {
        try
        {
            return await ask;
        }
        catch (Refusal refusal) when (refusal.Status is HttpStatusCode.NotFound)
        {
            throw new Refusal(missing, refusal.ExitCode, refusal.Status);
        }
    }

    /// <summary>One part of a path.</summary>
    public static string Part(string id) => Uri.EscapeDataString(id);

    /// <summary>A path with what was given of its query.</summary>
    public static string Query(string path, params IEnumerable<(string Name, object? Value)> members)
    {
        var given = members.Where(member => member.Value is not null).Select(member => $"{member.Name}={Part(Convert.ToString(member.Value, CultureInfo.InvariantCulture)!)}").ToList();
        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    /// <summary>The number that was typed; null when it is none, which is said without anybody's help.</summary>
    public static T? Given<T>(OptionResult result)
        where T : struct
    {
        try
        {
            return result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An instant.</summary>
    public static Option<string?> TimeOption(string name, string description, bool required = false) => Checked(
        new Option<string?>(name) { HelpName = "TIME", Description = description, Required = required },
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains('T', StringComparison.Ordinal),
        "is no time with its offset from UTC, such as 2026-12-01T03:00:00+01:00");

    /// <summary>How long something is.</summary>
    public static Option<string?> SpanOption(string name, string description) => Checked(
        new Option<string?>(name) { HelpName = "HH:MM:SS", Description = description },
        text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Contains(':', StringComparison.Ordinal),
        "is not how long something is, such as 01:30:00");

    /// <summary>Makes a repeat harmless.</summary>
    public static Option<string?> KeyOption() => new("--idempotency-key") { HelpName = "KEY", Description = "With it a repeat is harmless: it gets the first answer again." };

    /// <summary>Which page of a list.</summary>
    public static Option<int> PageOption()
    {
        var page = new Option<int>("--page") { HelpName = "N", Description = "Which page, from 1.", DefaultValueFactory = _ => 1 };
        page.Validators.Add(result =>
        {
            if (Given<int>(result) < 1)
            {
                result.AddError("--page is 1 or more.");
            }
        });
        return page;
    }

    /// <summary>The rows of a page, and how to see the next.</summary>
    public static void Page(Screen screen, JsonNode page, IReadOnlyList<string> columns, Func<JsonNode, IReadOnlyList<string>> row, string none) =>
        Page(screen, page["items"]!.AsArray(), ((int)page["total"]!, (int)page["page"]!, (int)page["pageSize"]!), columns, row, none);

    /// <summary>The rows of a page that says elsewhere which it is.</summary>
    public static void Page(
        Screen screen, JsonArray items, (int Total, int Number, int Size) page, IReadOnlyList<string> columns, Func<JsonNode, IReadOnlyList<string>> row, string none)
    {
        if (items.Count == 0 && page.Total > 0)
        {
            screen.Line($"There is no page {page.Number}: these are {page.Total} in all. --page 1 shows the first.");
            return;
        }

        screen.Table(columns, items.Select(item => row(item!)), none);
        if (page.Total > page.Number * page.Size)
        {
            screen.Line($"{items.Count} of {page.Total}; --page {page.Number + 1} shows the next.");
        }
    }

    private static Option<string?> Checked(Option<string?> option, Func<string, bool> isOne, string says)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !isOne(text))
            {
                result.AddError($"{option.Name} '{text}' {says}.");
            }
        });
        return option;
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
