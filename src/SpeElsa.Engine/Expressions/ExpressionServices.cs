using Elsa.Expressions.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Expressions.Liquid;

namespace SpeElsa.Engine.Expressions;

/// <summary>Adds expressions to a host.</summary>
internal static class ExpressionServices
{
    public static IServiceCollection AddExpressions(this IServiceCollection services)
    {
        services.AddOptions<JavaScriptOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JavaScriptOptions>, JavaScriptOptionsValidator>());
        services.AddOptions<LiquidOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LiquidOptions>, LiquidOptionsValidator>());
        services.AddSingleton<LiteralExpressionHandler>();
        services.AddSingleton<ObjectExpressionHandler>();
        services.AddSingleton<DelegateExpressionHandler>();
        services.AddSingleton<VariableExpressionHandler>();
        services.AddSingleton<InputExpressionHandler>();
        services.AddSingleton<OutputExpressionHandler>();
        services.AddSingleton<JavaScriptRunner>();
        services.AddSingleton<JavaScriptDeclarations>();
        services.AddSingleton<JavaScriptExpressionHandler>();
        services.AddSingleton<LiquidExpressionHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExpressionDescriptorProvider, BuiltInSyntaxes>());
        services.TryAddSingleton<IExpressionDescriptorRegistry, ExpressionDescriptorRegistry>();
        services.AddSingleton<IExpressionSyntaxCheck, JavaScriptSyntaxCheck>();
        services.AddSingleton<IExpressionSyntaxCheck, LiquidSyntaxCheck>();
        services.TryAddSingleton<ExpressionEvaluator>();
        services.TryAddSingleton<IExpressionEvaluator>(provider => provider.GetRequiredService<ExpressionEvaluator>());
        return services;
    }
}
