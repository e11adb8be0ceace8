using System.Reflection;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Expressions.CSharp;

/// <summary>What C# scripts are compiled with.</summary>
public sealed class CSharpOptions
{
    private readonly List<string> _scripts = [];

    /// <summary>Assemblies scripts may use beside the base library.</summary>
    public ISet<Assembly> Assemblies { get; } = new HashSet<Assembly>();

    /// <summary>
    /// Namespaces scripts need not import. Default: System, System.Collections.Generic, System.Linq, System.Text.Json, System.Text.Json.Serialization,
    /// System.Text.Json.Nodes.
    /// </summary>
    public ISet<string> Namespaces { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "System",
        "System.Collections.Generic",
        "System.Linq",
        "System.Text.Json",
        "System.Text.Json.Serialization",
        "System.Text.Json.Nodes",
    };

    /// <summary>
    /// How many compiled scripts are kept. Others are unloaded, but for those that used Variable, Input, Output or Arguments: the runtime keeps what it
    /// learned of these until the process ends. Default 200.
    /// </summary>
    public int CacheSize { get; set; } = 200;

    internal IReadOnlyList<string> Scripts => _scripts;

    /// <summary>Declares methods and types for all scripts.</summary>
    public CSharpOptions AppendScript(string script)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(script);
        _scripts.Add(script);
        return this;
    }
}

/// <summary>Refuses a cache that keeps nothing.</summary>
internal sealed class CSharpOptionsValidator : IValidateOptions<CSharpOptions>
{
    public ValidateOptionsResult Validate(string? name, CSharpOptions options) =>
        OptionRule.Result(OptionRule.Check<CSharpOptions>(options.CacheSize >= 1, nameof(options.CacheSize), "at least 1"));
}
