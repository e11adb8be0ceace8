using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Expressions.Liquid;

namespace SpeElsa.Engine.Expressions;

/// <summary>The syntaxes every host has.</summary>
internal sealed class BuiltInSyntaxes : IExpressionDescriptorProvider
{
    public IEnumerable<ExpressionDescriptor> GetDescriptors() =>
    [
        Hidden<LiteralExpressionHandler>("Literal"),
        Hidden<ObjectExpressionHandler>("Object", "json"),
        Hidden<ObjectExpressionHandler>("Json", "json"),
        new() { Type = "Delegate", DisplayName = "Delegate", IsSerializable = false, IsBrowsable = false, HandlerFactory = Handler<DelegateExpressionHandler> },
        Describe<VariableExpressionHandler>("Variable"),
        Describe<InputExpressionHandler>("Input"),
        Hidden<OutputExpressionHandler>("Output"),
        Describe<JavaScriptExpressionHandler>("JavaScript", "javascript"),
        Describe<LiquidExpressionHandler>("Liquid", "liquid"),
    ];

    private static ExpressionDescriptor Hidden<T>(string type, string? language = null)
        where T : IExpressionHandler
    {
        var descriptor = Describe<T>(type, language);
        descriptor.IsBrowsable = false;
        return descriptor;
    }

    /// <summary>Describes a syntax that can be stored and that designers offer.</summary>
    internal static ExpressionDescriptor Describe<T>(string type, string? language = null, string? displayName = null)
        where T : IExpressionHandler => new()
        {
            Type = type,
            DisplayName = displayName ?? type,
            Properties = language is null ? new Dictionary<string, object>() : new Dictionary<string, object> { ["MonacoLanguage"] = language },
            HandlerFactory = Handler<T>,
        };

    private static IExpressionHandler Handler<T>(IServiceProvider services)
        where T : IExpressionHandler => services.GetRequiredService<T>();
}
