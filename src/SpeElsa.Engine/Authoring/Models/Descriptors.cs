using System.Reflection;

namespace Elsa.Workflows.Models;

/// <summary>What the designer and the engine know of an activity type.</summary>
public class ActivityDescriptor
{
    /// <summary>The stored type name.</summary>
    public required string TypeName { get; init; }

    /// <summary>The class, for the engine only.</summary>
    public required Type ClrType { get; init; }

    /// <summary>First part of the type name.</summary>
    public required string Namespace { get; init; }

    /// <summary>Last part of the type name.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the type.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Where the designer lists it.</summary>
    public required string Category { get; init; }

    /// <summary>Its name in the designer.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>Its inputs.</summary>
    public ICollection<InputDescriptor> Inputs { get; init; } = [];

    /// <summary>Its outputs.</summary>
    public ICollection<OutputDescriptor> Outputs { get; init; } = [];

    /// <summary>What kind of work it does.</summary>
    public ActivityKind Kind { get; init; }

    /// <summary>Its outcomes and embedded activities.</summary>
    public ICollection<Port> Ports { get; init; } = [];

    /// <summary>Whether it holds a list of activities.</summary>
    public bool IsContainer { get; init; }

    /// <summary>Whether the designer offers it.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>Whether a flowchart begins here.</summary>
    public bool IsStart { get; init; }

    /// <summary>Whether nothing follows it.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Makes an instance.</summary>
    public required Func<IActivity> Constructor { get; init; }
}

/// <summary>What is common to inputs and outputs.</summary>
public abstract class PropertyDescriptor
{
    /// <summary>The name; its camel-case form is the JSON key.</summary>
    public required string Name { get; init; }

    /// <summary>The type of the value.</summary>
    public required Type Type { get; init; }

    /// <summary>Its name in the designer.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Place in the form.</summary>
    public float Order { get; init; }

    /// <summary>Whether the designer shows it.</summary>
    public bool IsBrowsable { get; init; } = true;

    /// <summary>Whether it is written to the definition.</summary>
    public bool IsSerializable { get; init; } = true;

    /// <summary>Reads the property of an activity.</summary>
    public required Func<IActivity, object?> ValueGetter { get; init; }

    /// <summary>Writes the property of an activity.</summary>
    public required Action<IActivity, object?> ValueSetter { get; init; }

    /// <summary>The property.</summary>
    public PropertyInfo? PropertyInfo { get; init; }
}

/// <summary>Describes an input.</summary>
public class InputDescriptor : PropertyDescriptor
{
    /// <summary>Whether the property is an <see cref="Input{T}"/> and not a plain value.</summary>
    public bool IsWrapped { get; init; } = true;

    /// <summary>Which editor the designer shows.</summary>
    public string UIHint { get; init; } = "singleline";

    /// <summary>The designer's tab.</summary>
    public string? Category { get; init; }

    /// <summary>Value when none is given.</summary>
    public object? DefaultValue { get; init; }

    /// <summary>Syntax the editor starts in.</summary>
    public string DefaultSyntax { get; init; } = "Literal";

    /// <summary>Shown but not editable.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Its value is never written to state or journal.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Evaluated before the activity runs.</summary>
    public bool AutoEvaluate { get; init; } = true;
}

/// <summary>Describes an output.</summary>
public class OutputDescriptor : PropertyDescriptor;

/// <summary>Describes an outcome or an embedded activity.</summary>
public class Port
{
    /// <summary>The outcome, or the property's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the designer.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Outcome or embedded.</summary>
    public PortType Type { get; init; }

    /// <summary>Whether the designer shows it.</summary>
    public bool IsBrowsable { get; init; } = true;
}

/// <summary>What a port is.</summary>
public enum PortType
{
    /// <summary>Holds an activity.</summary>
    Embedded = 0,

    /// <summary>An outcome.</summary>
    Flow = 1,
}
