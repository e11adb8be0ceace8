using System.Text;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Fluid;
using Fluid.Values;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Expressions.Liquid;

/// <summary>Liquid templates by Fluid. They make text and change nothing.</summary>
internal sealed class LiquidExpressionHandler : IExpressionHandler
{
    private static readonly FluidParser Parser = new(new FluidParserOptions { AllowParentheses = true });
    private readonly LiquidOptions _options;
    private readonly LiquidValues _values;
    private readonly TemplateOptions _template;
    private readonly BoundedCache<string, IFluidTemplate> _templates;

    public LiquidExpressionHandler(IOptions<LiquidOptions> options)
    {
        _options = options.Value;
        _values = new LiquidValues(_options.Types);
        _template = CreateOptions();
        _templates = new BoundedCache<string, IFluidTemplate>(_options.CacheSize);
    }

    public async ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options)
    {
        var source = expression.Value as string ?? expression.Value?.ToString();
        if (string.IsNullOrEmpty(source))
        {
            return source;
        }

        var template = _templates.GetOrAdd(source, Parse);
        var limits = new LiquidLimits(_options, context.CancellationToken);
        await using var writer = new LimitedWriter(limits);
        try
        {
            await template.RenderAsync(writer, _options.Encoder, CreateContext(new ScriptScope(context, options), limits));
        }
        catch (Exception exception) when (exception is InvalidOperationException or FluidException or ArgumentException or FormatException or OverflowException)
        {
            throw new ScriptException($"The template can not be rendered: {exception.Message}", exception);
        }

        return writer.ToString();
    }

    /// <summary>What is wrong with the text of a template, or null. Nothing is rendered.</summary>
    public static string? Check(string source) => Parser.TryParse(source, out _, out var error) ? null : error;

    private static IFluidTemplate Parse(string source) => Parser.TryParse(source, out var template, out var error)
        ? LimitedTemplate.Of(template)
        : throw new ScriptException($"The template can not be read: {error}");

    private TemplateOptions CreateOptions()
    {
        var template = new TemplateOptions
        {
            MaxSteps = _options.MaxSteps,
            MaxRecursion = 100,
            StrictFilters = true,
            TimeZone = TimeZoneInfo.Utc,
            MemberAccessStrategy = new DefaultMemberAccessStrategy(),
        };
        foreach (var type in _options.Types)
        {
            template.MemberAccessStrategy.Register(type);
        }

        template.ValueConverters.Add(value => value is FluidValue ? null : _values.ToLiquid(value));
        template.Filters.AddFilter("json", (input, _, _) => new StringValue(EngineJson.Write(LiquidValues.FromLiquid(input))));
        template.Filters.AddFilter("base64", (input, _, _) => new StringValue(Convert.ToBase64String(BytesOf(input))));
        foreach (var configuration in _options.Configurations)
        {
            configuration(template);
        }

        foreach (var (name, filter) in template.Filters.ToArray())
        {
            template.Filters.AddFilter(name, (input, arguments, context) => ApplyAsync(filter, input, arguments, context));
        }

        return template;
    }

    /// <summary>A filter can double a text in one step: each result is measured.</summary>
    private static async ValueTask<FluidValue> ApplyAsync(FilterDelegate filter, FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var result = await filter(input, arguments, context);
        LiquidLimits.Of(context).CheckLength(result is StringValue text ? text.ToStringValue().Length : 0);
        return result;
    }

    private static byte[] BytesOf(FluidValue value) => LiquidValues.FromLiquid(value) switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        null => [],
        var data => EngineJson.WriteBytes(data),
    };

    private TemplateContext CreateContext(ScriptScope scope, LiquidLimits limits)
    {
        var context = new TemplateContext(_template) { Now = () => scope.Now };
        limits.ApplyTo(context);
        context.SetValue("Variables", LookUp(() => scope.VariableNames, scope.ReadVariable));
        context.SetValue("Input", LookUp(() => scope.InputNames, scope.ReadInput));
        context.SetValue("Arguments", LookUp(() => scope.Arguments.Keys, name => scope.Arguments.TryGetValue(name, out var value) ? value : null));
        context.SetValue("Output", LookUp(
            () => scope.Outputs().Select(activity => activity.Name),
            activity => LookUp(() => scope.Outputs().First(found => found.Name == activity).Outputs, output => scope.ReadOutput(activity, output))));
        context.SetValue("LastResult", _values.ToLiquid(scope.ReadLastResult()));
        context.SetValue("WorkflowInstanceId", _values.ToLiquid(scope.Run?.Id));
        context.SetValue("WorkflowInstanceName", _values.ToLiquid(scope.Run?.Name));
        context.SetValue("WorkflowDefinitionId", _values.ToLiquid(scope.Identity?.DefinitionId));
        context.SetValue("WorkflowDefinitionVersionId", _values.ToLiquid(scope.Identity?.Id));
        context.SetValue("WorkflowDefinitionVersion", _values.ToLiquid(scope.Identity?.Version));
        context.SetValue("CorrelationId", _values.ToLiquid(scope.Run?.CorrelationId));
        if (_options.AllowConfigurationAccess && scope.Context.ServiceProvider.GetService(typeof(IConfiguration)) is IConfiguration configuration)
        {
            context.SetValue("Configuration", new DictionaryValue(new ConfigurationIndex(configuration)));
        }

        return context;

        DictionaryValue LookUp(Func<IEnumerable<string>> names, Func<string, object?> read) => new(new LookUpIndex(names, read, _values, limits));
    }
}

/// <summary>Reads templates without rendering them.</summary>
internal sealed class LiquidSyntaxCheck : IExpressionSyntaxCheck
{
    public string Type => "Liquid";

    public string? Check(string source) => LiquidExpressionHandler.Check(source);
}
