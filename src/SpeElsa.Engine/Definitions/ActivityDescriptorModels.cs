using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes what the designer reads of activity types; the choices of its editors are asked for each time.</summary>
public sealed class ActivityDescriptorModels(TypeAliases aliases, IEnumerable<IUIHintHandler> hintHandlers, IServiceProvider services)
{
    private readonly ILookup<string, IUIHintHandler> _hintHandlers = hintHandlers.ToLookup(handler => handler.UIHint, StringComparer.Ordinal);

    /// <summary>An activity type as the designer reads it.</summary>
    public async Task<ActivityDescriptorModel> CreateAsync(ActivityDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var inputs = new List<InputDescriptorModel>();
        foreach (var input in descriptor.Inputs.OrderBy(input => input.Order))
        {
            inputs.Add(Input(input, await GetUISpecificationsAsync(input, null, cancellationToken)));
        }

        return new ActivityDescriptorModel
        {
            TypeName = descriptor.TypeName,
            Namespace = descriptor.Namespace,
            Name = descriptor.Name,
            Version = descriptor.Version,
            Category = descriptor.Category,
            DisplayName = descriptor.DisplayName,
            Description = descriptor.Description,
            Inputs = inputs,
            Outputs = [.. descriptor.Outputs.Select(Output)],
            Kind = descriptor.Kind,
            RunAsynchronously = descriptor.RunAsynchronously,
            Ports = [.. descriptor.Ports],
            CustomProperties = descriptor.CustomProperties,
            ConstructionProperties = descriptor.ConstructionProperties,
            IsContainer = descriptor.IsContainer,
            IsBrowsable = descriptor.IsBrowsable,
            IsStart = descriptor.IsStart,
            IsTerminal = descriptor.IsTerminal,
        };
    }

    /// <summary>What the editor of an input needs now.</summary>
    /// <param name="input">The input.</param>
    /// <param name="context">What the user has entered so far, or null.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IDictionary<string, object>> GetUISpecificationsAsync(InputDescriptor input, object? context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var specifications = new Dictionary<string, object>(input.UISpecifications, StringComparer.Ordinal);
        if (input.PropertyInfo is not { } property)
        {
            return specifications;
        }

        var handlers = new List<IPropertyUIHandler>();
        foreach (var type in await HandlersOfAsync(input.UIHint, property, cancellationToken))
        {
            handlers.Add((IPropertyUIHandler)ActivatorUtilities.GetServiceOrCreateInstance(services, type));
        }

        foreach (var handler in handlers.OrderBy(handler => handler.Priority))
        {
            foreach (var (key, value) in await handler.GetUIPropertiesAsync(property, context, cancellationToken))
            {
                specifications[key] = value;
            }
        }

        return specifications;
    }

    /// <summary>Those the input names, after those that serve every editor of its kind.</summary>
    private async Task<List<Type>> HandlersOfAsync(string hint, PropertyInfo property, CancellationToken cancellationToken)
    {
        var types = new List<Type>();
        foreach (var handler in _hintHandlers[hint])
        {
            types.AddRange(await handler.GetPropertyUIHandlersAsync(property, cancellationToken));
        }

        var attribute = property.GetCustomAttribute<InputAttribute>();
        types.AddRange(attribute?.UIHandlers ?? []);
        if (attribute?.UIHandler is { } own)
        {
            types.Add(own);
        }

        return types;
    }

    private InputDescriptorModel Input(InputDescriptor input, IDictionary<string, object> specifications) => new()
    {
        IsWrapped = input.IsWrapped,
        UIHint = input.UIHint,
        Category = input.Category,
        DefaultValue = input.DefaultValue,
        DefaultSyntax = input.DefaultSyntax,
        IsReadOnly = input.IsReadOnly,
        IsSensitive = input.IsSensitive,
        StorageDriverType = StorageDriverNames.NameOf(input.StorageDriverType),
        AutoEvaluate = input.AutoEvaluate,
        UISpecifications = specifications,
        Name = input.Name,
        TypeName = aliases.NodeNameOf(input.Type),
        DisplayName = input.DisplayName,
        Description = input.Description,
        Order = input.Order,
        IsBrowsable = input.IsBrowsable,
        IsSerializable = input.IsSerializable,
        IsSynthetic = input.IsSynthetic,
    };

    private OutputDescriptorModel Output(OutputDescriptor output) => new()
    {
        Name = output.Name,
        TypeName = aliases.NodeNameOf(output.Type),
        DisplayName = output.DisplayName,
        Description = output.Description,
        Order = output.Order,
        IsBrowsable = output.IsBrowsable,
        IsSerializable = output.IsSerializable,
        IsSynthetic = output.IsSynthetic,
    };
}
