using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Serialization;

/// <summary>A type that variables, inputs and outputs may have.</summary>
/// <param name="Type">The type.</param>
/// <param name="Alias">Its stored name.</param>
/// <param name="Category">Where the designer lists it; null: it is understood but not offered.</param>
/// <param name="Description">What it is.</param>
public sealed record VariableType(Type Type, string Alias, string? Category = null, string? Description = null);

/// <summary>The names types have in definitions and stored state. CLR names never get there.</summary>
public sealed class TypeAliases
{
    private const string Primitives = "Primitives";
    private const string Lookups = "Lookups";
    private const string Dynamic = "Dynamic";
    private const string Data = "Data";

    private static readonly VariableType[] BuiltIn =
    [
        new(typeof(object), "Object", Primitives, "A value of any kind."),
        new(typeof(string), "String", Primitives, "Text."),
        new(typeof(bool), "Boolean", Primitives, "True or false."),
        new(typeof(short), "Int16"),
        new(typeof(int), "Int32", Primitives, "A whole number of 32 bits."),
        new(typeof(long), "Int64"),
        new(typeof(long), "Long", Primitives, "A whole number of 64 bits."),
        new(typeof(float), "Single", Primitives, "A floating-point number of 32 bits."),
        new(typeof(double), "Double", Primitives, "A floating-point number of 64 bits."),
        new(typeof(decimal), "Decimal", Primitives, "A decimal number."),
        new(typeof(Guid), "Guid", Primitives, "An id that is unique everywhere."),
        new(typeof(DateTime), "DateTime", Primitives, "A date and a time of day."),
        new(typeof(DateTimeOffset), "DateTimeOffset", Primitives, "A date, a time of day and its distance from UTC."),
        new(typeof(TimeSpan), "TimeSpan", Primitives, "A length of time."),
        new(typeof(IDictionary<string, string>), "StringDictionary", Lookups, "Texts by name."),
        new(typeof(IDictionary<string, object?>), "ObjectDictionary", Lookups, "Values by name."),
        new(typeof(Dictionary<string, string>), "StringMap"),
        new(typeof(Dictionary<string, object?>), "ObjectMap"),
        new(typeof(Elsa.Workflows.Runtime.Activities.ExecuteWorkflowResult), "ExecuteWorkflowResult"),
        new(typeof(ExpandoObject), "JSON", Dynamic, "An object whose members are read with a dot."),
        new(typeof(JsonElement), "JsonElement", Dynamic, "Any JSON, to read."),
        new(typeof(JsonNode), "JsonNode", Dynamic, "Any JSON, to read and change."),
        new(typeof(JsonObject), "JsonObject", Dynamic, "A JSON object, to read and change."),
        new(typeof(JsonArray), "JsonArray"),
        new(typeof(byte[]), "ByteArray", Data, "Bytes."),
        new(typeof(Stream), "Stream", Data, "Bytes that are read once."),
    ];

    private readonly Dictionary<string, Type> _byAlias = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, string> _byType = [];
    private readonly List<VariableType> _offered = [];

    /// <summary>Knows the aliases of Elsa's definition format.</summary>
    public TypeAliases()
        : this([])
    {
    }

    /// <summary>Knows the aliases of Elsa's definition format, and more.</summary>
    public TypeAliases(IEnumerable<VariableType> more)
    {
        foreach (var type in BuiltIn.Concat(more))
        {
            Add(type);
        }
    }

    /// <summary>The types that the designer offers for variables, inputs and outputs.</summary>
    public IReadOnlyList<VariableType> Offered => _offered;

    /// <summary>Names a type.</summary>
    public void Add(Type type, string alias) => Add(new VariableType(type, alias));

    /// <summary>Finds the type of a stored name; an unknown one is read as Object.</summary>
    /// <param name="name">An alias, as "alias[]" or "List&lt;alias&gt;" for a list of it, or an assembly-qualified name of an aliased type.</param>
    public Type Resolve(string? name) => TryResolve(name, out var type) ? type : typeof(object);

    /// <summary>Finds the type of a stored name.</summary>
    /// <returns>Whether the name is known; no name means Object.</returns>
    public bool TryResolve(string? name, out Type type)
    {
        type = typeof(object);
        if (string.IsNullOrWhiteSpace(name) || _byAlias.TryGetValue(name, out type!))
        {
            type ??= typeof(object);
            return true;
        }

        if (ItemOf(name) is { } item)
        {
            var known = TryResolve(item, out var itemType);
            type = typeof(ICollection<>).MakeGenericType(itemType);
            return known;
        }

        var fullName = name.Split(',')[0].Trim();
        type = _byType.Keys.FirstOrDefault(candidate => candidate.FullName == fullName)!;
        var found = type is not null;
        type ??= typeof(object);
        return found;
    }

    /// <summary>The stored name of a type; "alias[]" for a list.</summary>
    public string NameOf(Type type) => ElementOf(type) is { } element ? NameOf(element) + "[]" : SimpleNameOf(type);

    /// <summary>The name of a type in descriptors and nodes, where Elsa writes "List&lt;alias&gt;" for a list that is not an array.</summary>
    internal string NodeNameOf(Type type) => ElementOf(type) is not { } element
        ? SimpleNameOf(type)
        : type.IsArray ? NodeNameOf(element) + "[]" : $"List<{NodeNameOf(element)}>";

    /// <summary>The type of the items of a list, or null where the type is none or has an alias of its own.</summary>
    internal Type? ElementOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return _byType.ContainsKey(type) || type == typeof(string)
            ? null
            : type.IsArray
                ? type.GetElementType()
                : type is { IsGenericType: true } && type.GetGenericArguments() is [var item] && typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(type) ? item : null;
    }

    private static string? ItemOf(string name) =>
        name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2]
        : name.StartsWith("List<", StringComparison.Ordinal) && name.EndsWith('>') ? name[5..^1]
        : null;

    private string SimpleNameOf(Type type)
    {
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        return _byType.GetValueOrDefault(actual) ?? (actual.IsEnum ? actual.Name : "Object");
    }

    private void Add(VariableType type)
    {
        _byAlias[type.Alias] = type.Type;
        _byType.TryAdd(type.Type, type.Alias);
        if (type.Category is not null)
        {
            _offered.Add(type);
        }
    }
}
