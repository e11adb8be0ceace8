using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Expressions.JavaScript;

/// <summary>Limits of scripts, and what of the program they may reach.</summary>
public sealed class JavaScriptOptions
{
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);
    private readonly List<Action<Jint.Engine>> _configurations = [];

    /// <summary>How long one script may run. Default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much memory one script may allocate, in bytes. Default 32 MiB.</summary>
    public long MemoryBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How deep the calls of one script may nest. Default 1000.</summary>
    public int MaxRecursion { get; set; } = 1000;

    /// <summary>How many statements one script may execute. Default 100 million.</summary>
    public int MaxStatements { get; set; } = 100_000_000;

    /// <summary>How many prepared scripts are kept. Default 1000.</summary>
    public int CacheSize { get; set; } = 1000;

    /// <summary>Whether scripts may use every type of .NET, with the rights of the process. Default false.</summary>
    public bool AllowClrAccess { get; set; }

    internal IReadOnlyDictionary<string, Type> Types => _types;

    internal IReadOnlyList<Action<Jint.Engine>> Configurations => _configurations;

    /// <summary>Gives scripts one type, under its own name.</summary>
    public JavaScriptOptions RegisterType<T>() => RegisterType(typeof(T));

    /// <summary>Gives scripts one type, under its own name.</summary>
    public JavaScriptOptions RegisterType(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        _types[type.Name] = type;
        return this;
    }

    /// <summary>Adds functions and values of the program's own. It runs before every script.</summary>
    public JavaScriptOptions ConfigureEngine(Action<Jint.Engine> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configurations.Add(configure);
        return this;
    }
}

/// <summary>Refuses limits that would stop every script, or none.</summary>
internal sealed class JavaScriptOptionsValidator : IValidateOptions<JavaScriptOptions>
{
    public ValidateOptionsResult Validate(string? name, JavaScriptOptions options)
    {
        string[] errors =
        [
            .. OptionRule.CheckTime<JavaScriptOptions>(options.Timeout, nameof(options.Timeout)),
            .. OptionRule.Check<JavaScriptOptions>(options.MemoryBytes >= 1024 * 1024, nameof(options.MemoryBytes), "at least 1 MiB"),
            .. OptionRule.Check<JavaScriptOptions>(options.MaxRecursion is >= 10 and <= 10_000, nameof(options.MaxRecursion), "between 10 and 10000"),
            .. OptionRule.Check<JavaScriptOptions>(options.MaxStatements >= 1000, nameof(options.MaxStatements), "at least 1000"),
            .. OptionRule.Check<JavaScriptOptions>(options.CacheSize >= 1, nameof(options.CacheSize), "at least 1"),
        ];
        return OptionRule.Result(errors);
    }
}
