using System.Text.Encodings.Web;
using Fluid;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Expressions.Liquid;

/// <summary>Limits of templates, and what of the program they may read.</summary>
public sealed class LiquidOptions
{
    private readonly HashSet<Type> _types = [];
    private readonly List<Action<TemplateOptions>> _configurations = [];

    /// <summary>How long one template may be rendered. It is looked at whenever the template writes, reads a value or uses a filter. Default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many statements one template may execute. Default 1 million.</summary>
    public int MaxSteps { get; set; } = 1_000_000;

    /// <summary>How long a text a template or one of its filters may make, in characters. Default 4 million.</summary>
    public int MaxLength { get; set; } = 4_000_000;

    /// <summary>How many parsed templates are kept. Default 1000.</summary>
    public int CacheSize { get; set; } = 1000;

    /// <summary>Whether templates may read the host's configuration, secrets included, as Configuration.Section.Key. Default false.</summary>
    public bool AllowConfigurationAccess { get; set; }

    /// <summary>Encodes what a template writes. Default: as it is; use <see cref="HtmlEncoder.Default"/> for pages.</summary>
    public TextEncoder Encoder { get; set; } = NullEncoder.Default;

    internal IReadOnlySet<Type> Types => _types;

    internal IReadOnlyList<Action<TemplateOptions>> Configurations => _configurations;

    /// <summary>Lets templates read the public properties of a type under their own names. Objects of other types are read as the JSON they are stored as.</summary>
    public LiquidOptions RegisterType<T>()
    {
        _types.Add(typeof(T));
        return this;
    }

    /// <summary>Adds filters and settings of the program's own.</summary>
    public LiquidOptions ConfigureTemplates(Action<TemplateOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configurations.Add(configure);
        return this;
    }
}

/// <summary>Refuses limits that would stop every template, or none.</summary>
internal sealed class LiquidOptionsValidator : IValidateOptions<LiquidOptions>
{
    public ValidateOptionsResult Validate(string? name, LiquidOptions options)
    {
        string[] errors =
        [
            .. OptionRule.CheckTime<LiquidOptions>(options.Timeout, nameof(options.Timeout)),
            .. OptionRule.Check<LiquidOptions>(options.MaxSteps >= 100, nameof(options.MaxSteps), "at least 100"),
            .. OptionRule.Check<LiquidOptions>(options.MaxLength >= 1000, nameof(options.MaxLength), "at least 1000"),
            .. OptionRule.Check<LiquidOptions>(options.CacheSize >= 1, nameof(options.CacheSize), "at least 1"),
        ];
        return OptionRule.Result(errors);
    }
}
