using System.Collections;
using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads an activity class into a descriptor.</summary>
internal static class ActivityDescriber
{
    public static ActivityDescriptor Describe(Type type)
    {
        var (space, name, typeName, version) = ActivityTypeNames.Of(type);
        var attribute = type.GetCustomAttribute<ActivityAttribute>(inherit: false);
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property is { CanRead: true, CanWrite: true }).ToArray();
        return new ActivityDescriptor
        {
            TypeName = typeName,
            ClrType = type,
            Namespace = space,
            Name = name,
            Version = version,
            Category = attribute?.Category ?? space,
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(name),
            Description = attribute?.Description,
            Kind = attribute?.Kind is { } kind && kind != ActivityKind.Action ? kind : typeof(ITrigger).IsAssignableFrom(type) ? ActivityKind.Trigger : ActivityKind.Action,
            Inputs = [.. properties.Where(IsInput).Select(DescribeInput).OrderBy(input => input.Order)],
            Outputs = [.. properties.Where(property => typeof(Output).IsAssignableFrom(property.PropertyType)).Select(DescribeOutput)],
            Ports = [.. FlowPorts(type), .. properties.Where(property => typeof(IActivity).IsAssignableFrom(property.PropertyType)).Select(EmbeddedPort)],
            IsContainer = properties.Any(property => typeof(IEnumerable<IActivity>).IsAssignableFrom(property.PropertyType)),
            IsStart = typeof(IStartNode).IsAssignableFrom(type),
            IsTerminal = typeof(ITerminalNode).IsAssignableFrom(type),
            Constructor = () => (IActivity)Activator.CreateInstance(type)!,
        };
    }

    private static bool IsInput(PropertyInfo property) =>
        typeof(Input).IsAssignableFrom(property.PropertyType)
        || (property.GetCustomAttribute<InputAttribute>() is not null && !typeof(IActivity).IsAssignableFrom(property.PropertyType));

    private static InputDescriptor DescribeInput(PropertyInfo property)
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
            Description = attribute?.Description,
            Category = attribute?.Category,
            Order = attribute?.Order ?? 0,
            IsBrowsable = attribute?.IsBrowsable ?? true,
            IsSerializable = attribute?.IsSerializable ?? true,
            IsReadOnly = attribute?.IsReadOnly ?? false,
            IsSensitive = attribute?.CanContainSecrets ?? false,
            AutoEvaluate = attribute?.AutoEvaluate ?? true,
            IsWrapped = wrapped,
            UIHint = attribute?.UIHint ?? DefaultHint(valueType),
            DefaultValue = attribute?.DefaultValue,
            DefaultSyntax = attribute?.DefaultSyntax ?? "Literal",
            PropertyInfo = property,
            ValueGetter = activity => property.GetValue(activity),
            ValueSetter = (activity, value) => property.SetValue(activity, value),
        };
    }

    private static OutputDescriptor DescribeOutput(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<OutputAttribute>();
        var name = attribute?.Name ?? property.Name;
        return new OutputDescriptor
        {
            Name = name,
            Type = property.PropertyType.GetGenericArguments().FirstOrDefault() ?? typeof(object),
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(name),
            Description = attribute?.Description,
            IsBrowsable = attribute?.IsBrowsable ?? true,
            IsSerializable = attribute?.IsSerializable ?? true,
            PropertyInfo = property,
            ValueGetter = activity => property.GetValue(activity),
            ValueSetter = (activity, value) => property.SetValue(activity, value),
        };
    }

    private static IEnumerable<Port> FlowPorts(Type type) =>
        (type.GetCustomAttribute<FlowNodeAttribute>()?.Outcomes ?? []).Select(outcome => new Port { Name = outcome, DisplayName = outcome, Type = PortType.Flow });

    private static Port EmbeddedPort(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<PortAttribute>();
        return new Port
        {
            Name = attribute?.Name ?? property.Name,
            DisplayName = attribute?.DisplayName ?? ActivityTypeNames.Humanize(property.Name),
            Type = PortType.Embedded,
            IsBrowsable = attribute is not null,
        };
    }

    private static string DefaultHint(Type type)
    {
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        return actual == typeof(bool) ? "checkbox"
            : actual == typeof(string) ? "singleline"
            : actual.IsEnum ? "dropdown"
            : typeof(Variable).IsAssignableFrom(actual) ? "variable-picker"
            : actual == typeof(Type) ? "type-picker"
            : typeof(IEnumerable).IsAssignableFrom(actual) ? "dropdown"
            : "singleline";
    }
}
