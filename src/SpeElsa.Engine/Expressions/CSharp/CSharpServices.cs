using Elsa.Expressions.CSharp.Activities;
using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Expressions.CSharp;

namespace SpeElsa.Engine;

/// <summary>Lets workflows use C#.</summary>
public static class CSharpServices
{
    /// <summary>
    /// Adds the syntax "CSharp", and lets the activity Run C# run. Off by default: such scripts run with the rights of the process and without limits,
    /// so whoever may publish a definition then may do whatever the server may.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets assemblies, namespaces and further scripts.</param>
    public static IServiceCollection AddCSharpExpressions(this IServiceCollection services, Action<CSharpOptions>? configure = null)
    {
        var options = services.AddOptions<CSharpOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CSharpOptions>, CSharpOptionsValidator>());
        services.TryAddSingleton<CSharpRunner>();
        services.TryAddSingleton<CSharpExpressionHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActivityDescriptorModifier, OfferRunCSharp>());
        return services.AddExpressionDescriptorProvider<CSharpSyntax>();
    }
}

/// <summary>The designer offers Run C# where C# is allowed.</summary>
internal sealed class OfferRunCSharp : IActivityDescriptorModifier
{
    public void Modify(ActivityDescriptor descriptor)
    {
        if (descriptor.ClrType == typeof(RunCSharp))
        {
            descriptor.IsBrowsable = true;
        }
    }
}
