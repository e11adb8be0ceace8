namespace Elsa.Workflows.Attributes;

/// <summary>Names an activity type and describes it to the designer. Without it, the type name follows the CLR name, which is then a stored name.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActivityAttribute : Attribute
{
    /// <summary>Names nothing.</summary>
    public ActivityAttribute()
    {
    }

    /// <summary>Names the namespace and category.</summary>
    public ActivityAttribute(string @namespace, string? category, string? description = null)
    {
        Namespace = @namespace;
        Category = category;
        Description = description;
    }

    /// <summary>Names the namespace.</summary>
    public ActivityAttribute(string @namespace, string? description = null)
    {
        Namespace = @namespace;
        Description = description;
        Category = @namespace;
    }

    /// <summary>Names namespace, type and version.</summary>
    public ActivityAttribute(string @namespace, string? type, int version = 1, string? description = null, string? category = null)
    {
        Namespace = @namespace;
        Type = type;
        Version = version;
        Description = description;
        Category = category;
    }

    /// <summary>First part of the stored type name.</summary>
    public string? Namespace { get; set; }

    /// <summary>Last part of the stored type name; default is the class name.</summary>
    public string? Type { get; set; }

    /// <summary>Version of the activity type. Default 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Where the designer lists it.</summary>
    public string? Category { get; set; }

    /// <summary>Task and Job have effects: the engine commits an intent before they run and their result after. Default Action.</summary>
    public ActivityKind Kind { get; set; }

    /// <summary>Whether a Task runs in the background by default.</summary>
    public bool RunAsynchronously { get; set; }
}

/// <summary>Marks an input and describes it to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    /// <summary>Stored name; default is the property's.</summary>
    public string? Name { get; set; }

    /// <summary>Which editor the designer shows.</summary>
    public string? UIHint { get; set; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>The designer's tab.</summary>
    public string? Category { get; set; }

    /// <summary>Choices for lists.</summary>
    public object? Options { get; set; }

    /// <summary>Place in the form.</summary>
    public float Order { get; set; }

    /// <summary>Value when none is given.</summary>
    public object? DefaultValue { get; set; }

    /// <summary>Gives <see cref="DefaultValue"/> when it is not a constant.</summary>
    public Type? DefaultValueProvider { get; set; }

    /// <summary>Syntax the editor starts in. Default "Literal".</summary>
    public string? DefaultSyntax { get; set; }

    /// <summary>Syntaxes offered.</summary>
    public string[]? SupportedSyntaxes { get; set; }

    /// <summary>Shown but not editable.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Shown in the designer. Default true.</summary>
    public bool IsBrowsable { get; set; } = true;

    /// <summary>Evaluated before the activity runs. Default true.</summary>
    public bool AutoEvaluate { get; set; } = true;

    /// <summary>Evaluates the input in its own way.</summary>
    public Type? EvaluatorType { get; set; }

    /// <summary>Written to the definition. Default true.</summary>
    public bool IsSerializable { get; set; } = true;

    /// <summary>Its value is never written to state or journal.</summary>
    public bool CanContainSecrets { get; set; }

    /// <summary>Supplies the designer's choices.</summary>
    public Type? UIHandler { get; set; }

    /// <summary>Supply the designer's choices.</summary>
    public Type[]? UIHandlers { get; set; }
}

/// <summary>Marks an output and describes it to the designer.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    /// <summary>Stored name; default is the property's.</summary>
    public string? Name { get; set; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it is.</summary>
    public string? Description { get; set; }

    /// <summary>Shown in the designer. Default true.</summary>
    public bool IsBrowsable { get; set; } = true;

    /// <summary>Written to the definition. Default true.</summary>
    public bool IsSerializable { get; set; } = true;
}

/// <summary>Marks a property that embeds an activity, shown as a port.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PortAttribute : Attribute
{
    /// <summary>A port named as the property.</summary>
    public PortAttribute()
    {
    }

    /// <summary>A named port.</summary>
    public PortAttribute(string name, string? displayName = null)
    {
        Name = name;
        DisplayName = displayName;
    }

    /// <summary>Stored name.</summary>
    public string? Name { get; set; }

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }
}

/// <summary>Marks a composite whose root is made by its class: it is neither written to a definition nor read from one.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class JsonIgnoreCompositeRootAttribute : Attribute;

/// <summary>Marks a property of a stimulus that says nothing of what it is, such as a limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExcludeFromHashAttribute : Attribute;
