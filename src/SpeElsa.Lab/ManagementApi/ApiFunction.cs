using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

/// <summary>
/// A function of the Management API. One that may run on takes the gate for each of its steps; any other is called under it.
/// </summary>
internal sealed record ApiFunction(
    string Name, Func<ApiCall, Task<JsonNode?>> Handler, IReadOnlyList<ApiArgument> Arguments, bool MayRunOn = false)
{
    public static ApiFunction Of(string name, Func<ApiCall, JsonNode?> handler, params ApiArgument[] arguments) =>
        new(name, call => Task.FromResult(handler(call)), arguments);
}

/// <summary>An argument: string, number, bool or json; what is not nullable must be sent.</summary>
internal sealed record ApiArgument(string Name, string Type = "string", bool Nullable = false);

/// <summary>One call: who calls which Management Server with what.</summary>
internal sealed class ApiCall(
    RunningRole manager, string userName, IReadOnlyDictionary<string, string> arguments, TimeSpan slowStep, ApiOperation? operation)
{
    public RunningRole Manager => manager;

    public ManagementDatabase Database => manager.Database!;

    public string UserName => userName;

    public string Text(string name) => arguments[name];

    public string? Optional(string name) => arguments.GetValueOrDefault(name);

    public bool Flag(string name) => arguments[name] == "true";

    public JsonObject Json(string name) => JsonNode.Parse(arguments[name]) as JsonObject
        ?? throw new ApiRefusedException($"Argument '{name}' is not a JSON object.");

    /// <summary>Between two steps of a slow call: tells how far it is and takes the time the lab's options say.</summary>
    public async Task StepAsync(int percent, string text)
    {
        if (operation is null)
        {
            return;
        }

        operation.Report(percent, text);
        await Task.Delay(slowStep, operation.Cancellation);
    }

    /// <summary>Checks what was sent against what the function takes, as strictly as the real server does.</summary>
    public static void Check(ApiFunction function, IReadOnlyDictionary<string, string> arguments)
    {
        foreach (var name in arguments.Keys.Where(name => function.Arguments.All(argument => argument.Name != name)))
        {
            throw new ApiRefusedException($"Function '{function.Name}' has no argument '{name}'.");
        }

        foreach (var argument in function.Arguments)
        {
            if (!arguments.TryGetValue(argument.Name, out var value))
            {
                if (!argument.Nullable)
                {
                    throw new ApiRefusedException($"Argument '{argument.Name}' is missing.");
                }
            }
            else if (value.Length == 0
                || (argument.Type == "bool" && value is not ("true" or "false"))
                || (argument.Type == "json" && !IsJson(value)))
            {
                throw new ApiRefusedException($"The value of argument '{argument.Name}' is invalid.");
            }
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
