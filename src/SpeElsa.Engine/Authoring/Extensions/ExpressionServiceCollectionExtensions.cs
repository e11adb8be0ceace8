using Elsa.Expressions.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Elsa.Extensions;

/// <summary>Adds expression syntaxes to a host.</summary>
public static class ExpressionServiceCollectionExtensions
{
    /// <summary>Adds the syntaxes of a provider. One with the name of another replaces it.</summary>
    public static IServiceCollection AddExpressionDescriptorProvider<T>(this IServiceCollection services)
        where T : class, IExpressionDescriptorProvider
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExpressionDescriptorProvider, T>());
        return services;
    }
}
