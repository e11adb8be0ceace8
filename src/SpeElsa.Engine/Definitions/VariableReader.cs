using System.Text.Json;
using Elsa.Workflows.Memory;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Reads variable declarations, and finds variables by id from the innermost scope outwards.</summary>
internal sealed class VariableReader(TypeAliases aliases, Action<string> report)
{
    private readonly Stack<Dictionary<string, Variable>> _scopes = new();

    /// <summary>Reads the variables of a scope and enters it.</summary>
    public ICollection<Variable> Enter(JsonElement owner)
    {
        List<Variable> variables = [.. owner.Items("variables").Select(Read)];
        var scope = new Dictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            scope[variable.Id] = variable;
        }

        _scopes.Push(scope);
        return variables;
    }

    public void Leave() => _scopes.Pop();

    public Variable? Find(string? id) =>
        id is null ? null : _scopes.Select(scope => scope.GetValueOrDefault(id)).FirstOrDefault(variable => variable is not null);

    public Variable Read(JsonElement element)
    {
        var name = element.Text("name") ?? "";
        var type = TypeOf(aliases, element, "typeName");
        var variable = (Variable)Activator.CreateInstance(typeof(Variable<>).MakeGenericType(type))!;
        variable.Name = name;
        variable.Id = element.Text("id") ?? name;
        variable.StorageDriverType = StorageDriverNames.Resolve(element.Text("storageDriverTypeName"));
        if (element.Find("value") is { ValueKind: not JsonValueKind.Null } value)
        {
            try
            {
                variable.Value = ObjectConverter.ConvertTo(InitialValue(value, type), type);
            }
            catch (Exception exception) when (exception is FormatException or NotSupportedException)
            {
                report($"variable '{name}': {exception.Message}");
            }
        }

        return variable;
    }

    /// <summary>A type by its alias; "isArray" or "isCollection" beside it make a list.</summary>
    public static Type TypeOf(TypeAliases aliases, JsonElement element, string key)
    {
        var type = aliases.Resolve(element.Text(key));
        return element.Flag("isArray") || element.Flag("isCollection") ? typeof(ICollection<>).MakeGenericType(type) : type;
    }

    /// <summary>Designers write every initial value as text; for an untyped variable, text that is JSON means the JSON.</summary>
    private static object? InitialValue(JsonElement value, Type type)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return value.Clone();
        }

        var text = value.GetString()!;
        if (text.Length == 0 && type != typeof(string))
        {
            return null;
        }

        if (type == typeof(object) && text.TrimStart() is ['{' or '[', ..])
        {
            try
            {
                return EngineJson.Read<object>(text);
            }
            catch (JsonException)
            {
                // Text that only looks like JSON is text.
            }
        }

        return text;
    }
}
