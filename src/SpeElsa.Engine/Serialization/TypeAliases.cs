using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Serialization;

/// <summary>The names types have in definitions and stored state. CLR names never get there.</summary>
public sealed class TypeAliases
{
    private readonly Dictionary<string, Type> _byAlias = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, string> _byType = [];

    /// <summary>Knows the aliases of Elsa's definition format.</summary>
    public TypeAliases()
    {
        Add(typeof(object), "Object");
        Add(typeof(string), "String");
        Add(typeof(bool), "Boolean");
        Add(typeof(short), "Int16");
        Add(typeof(int), "Int32");
        Add(typeof(long), "Int64");
        _byAlias["Long"] = typeof(long);
        Add(typeof(float), "Single");
        Add(typeof(double), "Double");
        Add(typeof(decimal), "Decimal");
        Add(typeof(Guid), "Guid");
        Add(typeof(DateTime), "DateTime");
        Add(typeof(DateTimeOffset), "DateTimeOffset");
        Add(typeof(TimeSpan), "TimeSpan");
        Add(typeof(byte[]), "ByteArray");
        Add(typeof(Stream), "Stream");
        Add(typeof(ExpandoObject), "JSON");
        Add(typeof(JsonElement), "JsonElement");
        Add(typeof(JsonNode), "JsonNode");
        Add(typeof(JsonObject), "JsonObject");
        Add(typeof(JsonArray), "JsonArray");
        Add(typeof(IDictionary<string, object?>), "ObjectDictionary");
        Add(typeof(IDictionary<string, string>), "StringDictionary");
        Add(typeof(Dictionary<string, object?>), "ObjectMap");
        Add(typeof(Dictionary<string, string>), "StringMap");
    }

    /// <summary>Names a type.</summary>
    public void Add(Type type, string alias)
    {
        _byAlias[alias] = type;
        _byType[type] = alias;
    }

    /// <summary>Finds the type of a stored name; an unknown one is read as Object.</summary>
    /// <param name="name">An alias, with "[]" for a list of it, or an assembly-qualified name of an aliased type.</param>
    public Type Resolve(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return typeof(object);
        }

        if (name.EndsWith("[]", StringComparison.Ordinal))
        {
            return typeof(ICollection<>).MakeGenericType(Resolve(name[..^2]));
        }

        if (_byAlias.TryGetValue(name, out var type))
        {
            return type;
        }

        var fullName = name.Split(',')[0].Trim();
        return _byType.Keys.FirstOrDefault(candidate => candidate.FullName == fullName) ?? typeof(object);
    }

    /// <summary>The stored name of a type.</summary>
    public string NameOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        if (_byType.TryGetValue(actual, out var alias))
        {
            return alias;
        }

        var item = actual.IsArray
            ? actual.GetElementType()
            : actual.IsGenericType && actual.GetInterfaces().Append(actual).Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>)) && actual.GetGenericArguments().Length == 1
                ? actual.GetGenericArguments()[0]
                : null;
        return item is not null ? NameOf(item) + "[]" : actual.IsEnum ? $"{actual.FullName}, {actual.Assembly.GetName().Name}" : "Object";
    }
}
