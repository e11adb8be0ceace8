using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>An activity type as the designer reads it. Written with <see cref="Serialization.EngineJson"/> it has the shape of Elsa 3.8's answer.</summary>
public sealed record ActivityDescriptorModel
{
    /// <summary>The stored type name.</summary>
    public required string TypeName { get; init; }

    /// <summary>First part of the type name.</summary>
    public required string Namespace { get; init; }

    /// <summary>Last part of the type name.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the type.</summary>
    public required int Version { get; init; }

    /// <summary>Where the designer lists it.</summary>
    public required string Category { get; init; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it does.</summary>
    public string? Description { get; init; }

    /// <summary>Its inputs, in the order of the form.</summary>
    public required IReadOnlyList<InputDescriptorModel> Inputs { get; init; }

    /// <summary>Its outputs.</summary>
    public required IReadOnlyList<OutputDescriptorModel> Outputs { get; init; }

    /// <summary>What kind of work it does.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>Whether a Task runs in the background by default.</summary>
    public required bool RunAsynchronously { get; init; }

    /// <summary>Its outcomes and embedded activities.</summary>
    public required IReadOnlyList<Port> Ports { get; init; }

    /// <summary>Facts for the designer.</summary>
    public required IDictionary<string, object> CustomProperties { get; init; }

    /// <summary>What the designer copies into a new node.</summary>
    public required IDictionary<string, object> ConstructionProperties { get; init; }

    /// <summary>Whether it holds a list of activities.</summary>
    public required bool IsContainer { get; init; }

    /// <summary>Whether the designer offers it.</summary>
    public required bool IsBrowsable { get; init; }

    /// <summary>Whether a flowchart begins here.</summary>
    public required bool IsStart { get; init; }

    /// <summary>Whether nothing follows it.</summary>
    public required bool IsTerminal { get; init; }
}

/// <summary>An input as the designer reads it.</summary>
public sealed record InputDescriptorModel
{
    /// <summary>Whether it holds an expression.</summary>
    public required bool IsWrapped { get; init; }

    /// <summary>Which editor the designer shows.</summary>
    public required string UIHint { get; init; }

    /// <summary>The designer's tab.</summary>
    public string? Category { get; init; }

    /// <summary>Value when none is given.</summary>
    public object? DefaultValue { get; init; }

    /// <summary>Syntax the editor starts in.</summary>
    public string? DefaultSyntax { get; init; }

    /// <summary>Shown but not editable.</summary>
    public bool? IsReadOnly { get; init; }

    /// <summary>Its value is never written to state or journal.</summary>
    public required bool IsSensitive { get; init; }

    /// <summary>Which driver stores the value.</summary>
    public string? StorageDriverType { get; init; }

    /// <summary>Evaluated before the activity runs.</summary>
    public required bool AutoEvaluate { get; init; }

    /// <summary>What the editor needs.</summary>
    public required IDictionary<string, object> UISpecifications { get; init; }

    /// <summary>The name; its camel-case form is the JSON key.</summary>
    public required string Name { get; init; }

    /// <summary>The type's alias.</summary>
    public required string TypeName { get; init; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Place in the form.</summary>
    public required float Order { get; init; }

    /// <summary>Whether the designer shows it.</summary>
    public bool? IsBrowsable { get; init; }

    /// <summary>Whether it is written to the definition.</summary>
    public bool? IsSerializable { get; init; }

    /// <summary>Whether no property of the class stands for it.</summary>
    public required bool IsSynthetic { get; init; }
}

/// <summary>An output as the designer reads it.</summary>
public sealed record OutputDescriptorModel
{
    /// <summary>The name; its camel-case form is the JSON key.</summary>
    public required string Name { get; init; }

    /// <summary>The type's alias.</summary>
    public required string TypeName { get; init; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Place in the form.</summary>
    public required float Order { get; init; }

    /// <summary>Whether the designer shows it.</summary>
    public bool? IsBrowsable { get; init; }

    /// <summary>Whether it is written to the definition.</summary>
    public bool? IsSerializable { get; init; }

    /// <summary>Whether no property of the class stands for it.</summary>
    public required bool IsSynthetic { get; init; }
}
