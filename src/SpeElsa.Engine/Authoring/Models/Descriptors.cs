using System.Reflection;

namespace Elsa.Workflows.Models;

/// <summary>What the designer and the engine know of an activity type.</summary>
public class ActivityDescriptor
{
    /// <summary>Whose it is; null: everybody's.</summary>
    public string? TenantId { get; set; }

    /// <summary>The stored type name.</summary>
    public string TypeName { get; set; } = "";

    /// <summary>The class, for the engine only.</summary>
    public Type ClrType { get; set; } = typeof(IActivity);

    /// <summary>First part of the type name.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Last part of the type name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Version of the type. Default 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Where the designer lists it.</summary>
    public string Category { get; set; } = "";

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>Its inputs, in the order of the form.</summary>
    public ICollection<InputDescriptor> Inputs { get; set; } = [];

    /// <summary>Its outputs.</summary>
    public ICollection<OutputDescriptor> Outputs { get; set; } = [];

    /// <summary>The attributes of the class.</summary>
    public ICollection<Attribute> Attributes { get; set; } = [];

    /// <summary>Makes an instance.</summary>
    public Func<ActivityConstructorContext, ActivityConstructionResult> Constructor { get; set; } = context => context.CreateActivity(context.ActivityDescriptor.ClrType);

    /// <summary>What kind of work it does.</summary>
    public ActivityKind Kind { get; set; }

    /// <summary>Whether a Task runs in the background by default.</summary>
    public bool RunAsynchronously { get; set; }

    /// <summary>Its outcomes and embedded activities.</summary>
    public ICollection<Port> Ports { get; set; } = [];

    /// <summary>Facts for the designer.</summary>
    public IDictionary<string, object> CustomProperties { get; set; } = new Dictionary<string, object>();

    /// <summary>What the designer copies into a new node.</summary>
    public IDictionary<string, object> ConstructionProperties { get; set; } = new Dictionary<string, object>();

    /// <summary>Whether it holds a list of activities.</summary>
    public bool IsContainer { get; set; }

    /// <summary>Whether the designer offers it. Default true.</summary>
    public bool IsBrowsable { get; set; } = true;

    /// <summary>Whether a flowchart begins here.</summary>
    public bool IsStart { get; set; }

    /// <summary>Whether nothing follows it.</summary>
    public bool IsTerminal { get; set; }

    internal IActivity Construct() => Constructor(new ActivityConstructorContext(this, type => new ActivityConstructionResult((IActivity)Activator.CreateInstance(type)!))).Activity;
}

/// <summary>What a <see cref="ActivityDescriptor.Constructor"/> may ask.</summary>
/// <param name="ActivityDescriptor">The type to make an instance of.</param>
/// <param name="ActivityFactory">Makes an instance of a class.</param>
public record ActivityConstructorContext(ActivityDescriptor ActivityDescriptor, Func<Type, ActivityConstructionResult> ActivityFactory)
{
    /// <summary>Makes an instance of a class.</summary>
    public ActivityConstructionResult<T> CreateActivity<T>()
        where T : IActivity => CreateActivity(typeof(T)).Cast<T>();

    /// <summary>Makes an instance of a class.</summary>
    public ActivityConstructionResult CreateActivity(Type type) => ActivityFactory(type);
}

/// <summary>A new activity, and what went wrong while it was filled.</summary>
public class ActivityConstructionResult(IActivity activity, IEnumerable<Exception>? exceptions = null)
{
    /// <summary>The activity.</summary>
    public IActivity Activity { get; } = activity;

    /// <summary>What went wrong.</summary>
    public IEnumerable<Exception> Exceptions { get; } = exceptions ?? [];

    /// <summary>Whether anything went wrong.</summary>
    public bool HasExceptions => Exceptions.Any();

    /// <summary>The same with the type of the activity.</summary>
    public ActivityConstructionResult<TActivity> Cast<TActivity>()
        where TActivity : IActivity => new((TActivity)Activity, Exceptions);
}

/// <summary>A new activity of a known class.</summary>
public class ActivityConstructionResult<TActivity>(TActivity activity, IEnumerable<Exception>? exceptions = null) : ActivityConstructionResult(activity, exceptions)
    where TActivity : IActivity
{
    /// <summary>The activity.</summary>
    public new TActivity Activity { get; } = activity;
}

/// <summary>What is common to inputs and outputs.</summary>
public abstract class PropertyDescriptor
{
    /// <summary>The name; its camel-case form is the JSON key.</summary>
    public string Name { get; set; } = "";

    /// <summary>The type of the value.</summary>
    public Type Type { get; set; } = typeof(object);

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What it is.</summary>
    public string? Description { get; set; }

    /// <summary>Place in the form.</summary>
    public float Order { get; set; }

    /// <summary>Whether the designer shows it.</summary>
    public bool? IsBrowsable { get; set; } = true;

    /// <summary>Whether it is written to the definition.</summary>
    public bool? IsSerializable { get; set; } = true;

    /// <summary>Whether no property of the class stands for it: it lives in <see cref="IActivity.SyntheticProperties"/>.</summary>
    public bool IsSynthetic { get; set; }

    /// <summary>Reads the property of an activity.</summary>
    public Func<IActivity, object?> ValueGetter { get; set; } = _ => null;

    /// <summary>Writes the property of an activity.</summary>
    public Action<IActivity, object?> ValueSetter { get; set; } = (_, _) => { };

    /// <summary>The property, or null where there is none.</summary>
    public PropertyInfo? PropertyInfo { get; set; }
}

/// <summary>Describes an input.</summary>
public class InputDescriptor : PropertyDescriptor
{
    /// <summary>Creates a descriptor that is filled in later.</summary>
    public InputDescriptor()
    {
    }

    /// <summary>Creates a descriptor.</summary>
    public InputDescriptor(
        string name,
        Type type,
        Func<IActivity, object?> valueGetter,
        Action<IActivity, object?> valueSetter,
        bool isWrapped,
        string uiHint,
        string displayName,
        string? description = null,
        string? category = null,
        float order = 0,
        object? defaultValue = null,
        string? defaultSyntax = "Literal",
        bool isReadOnly = false,
        bool isBrowsable = true,
        bool isSerializable = true,
        bool isSynthetic = false,
        bool autoEvaluate = true,
        Type? evaluatorType = null,
        Type? storageDriverType = null,
        PropertyInfo? propertyInfo = null,
        IDictionary<string, object>? uiSpecifications = null)
    {
        Name = name;
        Type = type;
        ValueGetter = valueGetter;
        ValueSetter = valueSetter;
        IsWrapped = isWrapped;
        UIHint = uiHint;
        DisplayName = displayName;
        Description = description;
        Category = category;
        Order = order;
        DefaultValue = defaultValue;
        DefaultSyntax = defaultSyntax;
        IsReadOnly = isReadOnly;
        IsBrowsable = isBrowsable;
        IsSerializable = isSerializable;
        IsSynthetic = isSynthetic;
        AutoEvaluate = autoEvaluate;
        EvaluatorType = evaluatorType;
        StorageDriverType = storageDriverType;
        PropertyInfo = propertyInfo;
        UISpecifications = uiSpecifications ?? new Dictionary<string, object>();
    }

    /// <summary>Whether the property is an <see cref="Input{T}"/> and not a plain value. Default true.</summary>
    public bool IsWrapped { get; set; } = true;

    /// <summary>Which editor the designer shows.</summary>
    public string UIHint { get; set; } = "singleline";

    /// <summary>The designer's tab.</summary>
    public string? Category { get; set; }

    /// <summary>Value when none is given.</summary>
    public object? DefaultValue { get; set; }

    /// <summary>Syntax the editor starts in; null means Literal.</summary>
    public string? DefaultSyntax { get; set; }

    /// <summary>Shown but not editable.</summary>
    public bool? IsReadOnly { get; set; } = false;

    /// <summary>Its value is never written to state or journal.</summary>
    public bool IsSensitive { get; set; }

    /// <summary>Which driver stores the value; here all values are stored with the instance.</summary>
    public Type? StorageDriverType { get; set; }

    /// <summary>Evaluated before the activity runs. Default true.</summary>
    public bool AutoEvaluate { get; set; } = true;

    /// <summary>Evaluates the input in its own way.</summary>
    public Type? EvaluatorType { get; set; }

    /// <summary>What the editor needs: its choices, its language.</summary>
    public IDictionary<string, object> UISpecifications { get; set; } = new Dictionary<string, object>();
}

/// <summary>Describes an output.</summary>
public class OutputDescriptor : PropertyDescriptor
{
    /// <summary>Creates a descriptor that is filled in later.</summary>
    public OutputDescriptor()
    {
    }

    /// <summary>Creates a descriptor.</summary>
    public OutputDescriptor(
        string name,
        string displayName,
        Type type,
        Func<IActivity, object?> valueGetter,
        Action<IActivity, object?> valueSetter,
        PropertyInfo? propertyInfo = null,
        string? description = null,
        bool? isBrowsable = null,
        bool? isSerializable = null)
    {
        Name = name;
        DisplayName = displayName;
        Type = type;
        ValueGetter = valueGetter;
        ValueSetter = valueSetter;
        PropertyInfo = propertyInfo;
        Description = description;
        IsBrowsable = isBrowsable;
        IsSerializable = isSerializable;
    }
}

/// <summary>Describes an outcome or an embedded activity.</summary>
public class Port
{
    /// <summary>The outcome, or the property's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its name in the designer.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Outcome or embedded.</summary>
    public PortType Type { get; set; }

    /// <summary>Whether the designer shows it. Default true.</summary>
    public bool IsBrowsable { get; set; } = true;
}

/// <summary>What a port is.</summary>
public enum PortType
{
    /// <summary>Holds an activity.</summary>
    Embedded = 0,

    /// <summary>An outcome.</summary>
    Flow = 1,
}
