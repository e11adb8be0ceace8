using System.Text.Json.Serialization;

namespace SpeElsa.MailStore;

/// <summary>What this server can do, as it says itself (<c>get-metadata</c>).</summary>
public sealed class ManagementApiMetadata
{
    private readonly Dictionary<string, ManagementApiFunction> _functions;

    internal ManagementApiMetadata(IReadOnlyList<ManagementApiFunction> functions)
    {
        Functions = functions;
        _functions = functions.DistinctBy(function => function.Name).ToDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>All functions, in the server's order.</summary>
    public IReadOnlyList<ManagementApiFunction> Functions { get; }

    /// <summary>Whether the server has the function. A step whose function is missing is a person's.</summary>
    public bool Has(string function) => _functions.ContainsKey(function);

    /// <summary>Whether the server has a function as this client would call it.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="arguments">The names of the arguments that would be sent, spelled exactly.</param>
    /// <returns>What is missing, if anything; it is a value because a missing call is an ordinary answer: then a person does it.</returns>
    public ManagementApiCapability Can(string function, params IReadOnlyCollection<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (Find(function) is not { } found)
            return new ManagementApiCapability(function, ManagementApiGap.Function, []);
        var known = found.Arguments ?? [];
        var missing = arguments.Where(name => known.All(argument => argument.Name != name)).ToList();
        if (missing.Count > 0)
            return new ManagementApiCapability(function, ManagementApiGap.Argument, missing);
        var demanded = known.Where(argument => !argument.Nullable && !arguments.Contains(argument.Name)).Select(argument => argument.Name).ToList();
        return new ManagementApiCapability(function, demanded.Count > 0 ? ManagementApiGap.Demand : ManagementApiGap.None, demanded);
    }

    /// <summary>The function and its arguments, or null.</summary>
    public ManagementApiFunction? Find(string function) => _functions.GetValueOrDefault(function);
}

/// <summary>A function of the server.</summary>
/// <param name="Name">Its name, as it is called.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Path">Its path, where the server states one.</param>
public sealed record ManagementApiFunction(
    string Name,
    [property: JsonPropertyName("args")] IReadOnlyList<ManagementApiArgument>? Arguments = null,
    string? Path = null);

/// <summary>An argument of a function.</summary>
/// <param name="Name">Its exact name; the server's spelling differs between functions.</param>
/// <param name="Type">string, number, bool or json.</param>
/// <param name="Nullable">False means that it must be sent.</param>
public sealed record ManagementApiArgument(string Name, string? Type = null, bool Nullable = false);
