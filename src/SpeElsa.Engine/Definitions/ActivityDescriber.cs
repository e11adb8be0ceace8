using System.Collections;
using System.ComponentModel;
using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads an activity class into a descriptor.</summary>
internal static class ActivityDescriber
{
    public static ActivityDescriptor Describe(Type type)
    {
        var (space, name, typeName, version) = ActivityTypeNames.Of(type);
        var attribute = type.GetCustomAttribute<ActivityAttribute>(inherit: false);
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
            .ToArray();
        return new ActivityDescriptor
        {
            TypeName = typeName,
            ClrType = type,
            Namespace = space,
            Name = name,
            Version = version,
            Category = attribute?.Category ?? space.Split('.')[^1],
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(name),
            Description = attribute?.Description ?? type.GetCustomAttribute<DescriptionAttribute>()?.Description,
            Attributes = [.. type.GetCustomAttributes(inherit: true).OfType<Attribute>()],
            Kind = attribute?.Kind is { } kind && kind != ActivityKind.Action ? kind : typeof(ITrigger).IsAssignableFrom(type) ? ActivityKind.Trigger : ActivityKind.Action,
            RunAsynchronously = attribute?.RunAsynchronously ?? false,
            Inputs = [.. properties.Where(IsInput).Select(property => DescribeInput(property, type)).OrderBy(input => input.Order)],
            Outputs = [.. properties.Where(property => typeof(Output).IsAssignableFrom(property.PropertyType)).Select(DescribeOutput)],
            Ports = [.. EmbeddedPorts(type), .. FlowPorts(type)],
            IsContainer = typeof(Elsa.Workflows.Activities.Container).IsAssignableFrom(type),
            IsBrowsable = type.GetCustomAttribute<BrowsableAttribute>()?.Browsable ?? true,
            IsStart = typeof(IStartNode).IsAssignableFrom(type),
            IsTerminal = typeof(ITerminalNode).IsAssignableFrom(type),
        };
    }

    private static bool IsInput(PropertyInfo property) =>
        typeof(Input).IsAssignableFrom(property.PropertyType)
        || (property.GetCustomAttribute<InputAttribute>() is not null && !typeof(IActivity).IsAssignableFrom(property.PropertyType));

    private static InputDescriptor DescribeInput(PropertyInfo property, Type owner)
    {
        var attribute = property.GetCustomAttribute<InputAttribute>();
        var wrapped = typeof(Input).IsAssignableFrom(property.PropertyType);
        var valueType = wrapped ? property.PropertyType.GetGenericArguments().FirstOrDefault() ?? typeof(object) : property.PropertyType;
        var name = attribute?.Name ?? property.Name;
        return new InputDescriptor
        {
            Name = name,
            Type = valueType,
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(name),
            Description = attribute?.Description ?? property.GetCustomAttribute<DescriptionAttribute>()?.Description,
            Category = attribute?.Category ?? property.GetCustomAttribute<CategoryAttribute>()?.Category,
            Order = attribute?.Order ?? 0,
            IsBrowsable = attribute?.IsBrowsable ?? property.GetCustomAttribute<BrowsableAttribute>()?.Browsable ?? true,
            IsSerializable = attribute?.IsSerializable ?? true,
            IsReadOnly = attribute?.IsReadOnly ?? false,
            IsSensitive = attribute?.CanContainSecrets ?? false,
            AutoEvaluate = attribute?.AutoEvaluate ?? true,
            EvaluatorType = attribute?.EvaluatorType,
            IsWrapped = wrapped,
            UIHint = attribute?.UIHint ?? DefaultHint(valueType),
            DefaultValue = attribute?.DefaultValue ?? ProvidedDefault(attribute?.DefaultValueProvider, property, owner),
            DefaultSyntax = attribute?.DefaultSyntax,
            PropertyInfo = property,
            ValueGetter = property.GetValue,
            ValueSetter = property.SetValue,
        };
    }

    private static object? ProvidedDefault(Type? provider, PropertyInfo property, Type owner) => provider is null
        ? typeof(IActivityPropertyDefaultValueProvider).IsAssignableFrom(owner) && owner.GetConstructor(Type.EmptyTypes) is not null
            ? ((IActivityPropertyDefaultValueProvider)Activator.CreateInstance(owner)!).GetDefaultValue(property)
            : null
        : (Activator.CreateInstance(provider) as IActivityPropertyDefaultValueProvider
            ?? throw new InvalidOperationException(
                $"{owner.Name}.{property.Name} names {provider.Name} as its default value provider; it has to be an {nameof(IActivityPropertyDefaultValueProvider)}."))
            .GetDefaultValue(property);

    private static OutputDescriptor DescribeOutput(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<OutputAttribute>();
        var name = attribute?.Name ?? property.Name;
        var declaring = property.DeclaringType;
        return new OutputDescriptor
        {
            Name = name,
            Type = property.PropertyType.GetGenericArguments().FirstOrDefault() ?? typeof(object),
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(name),
            Description = attribute?.Description ?? property.GetCustomAttribute<DescriptionAttribute>()?.Description,
            IsBrowsable = attribute?.IsBrowsable ?? true,

            // Without the attribute, and for the result that a generic base declares, nothing is said of it; Elsa leaves it open too.
            IsSerializable = attribute is null || (declaring is { IsGenericType: true, IsAbstract: true } && name == "Result") ? null : attribute.IsSerializable,
            PropertyInfo = property,
            ValueGetter = property.GetValue,
            ValueSetter = property.SetValue,
        };
    }

    private static IEnumerable<Port> FlowPorts(Type type) =>
        (type.GetCustomAttribute<FlowNodeAttribute>()?.Outcomes ?? []).Select(outcome => new Port { Name = outcome, DisplayName = outcome, Type = PortType.Flow });

    private static IEnumerable<Port> EmbeddedPorts(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(property => typeof(IActivity).IsAssignableFrom(property.PropertyType) && property is { CanRead: true, CanWrite: true })
        .OrderBy(property => property.MetadataToken)
        .Select(EmbeddedPort);

    private static Port EmbeddedPort(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<PortAttribute>();
        return new Port
        {
            Name = attribute?.Name ?? property.Name,
            DisplayName = attribute?.DisplayName ?? attribute?.Name ?? property.Name,
            Type = PortType.Embedded,
            IsBrowsable = attribute is not null && property.GetCustomAttribute<BrowsableAttribute>()?.Browsable is not false,
        };
    }

    private static string DefaultHint(Type type)
    {
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual == typeof(bool) ? InputUIHints.Checkbox
            : actual == typeof(string) ? InputUIHints.SingleLine
            : actual.IsEnum ? InputUIHints.DropDown
            : typeof(Variable).IsAssignableFrom(actual) ? InputUIHints.VariablePicker
            : actual == typeof(Type) ? InputUIHints.TypePicker
            : typeof(IEnumerable).IsAssignableFrom(actual) ? InputUIHints.DropDown
            : InputUIHints.SingleLine;
    }
}
