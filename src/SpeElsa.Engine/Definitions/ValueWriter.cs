using System.Globalization;
using System.Text.Json.Nodes;
using Elsa.Expressions.Models;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Writes what nodes hold: inputs, outputs, expressions, variables, plain values.</summary>
internal sealed class ValueWriter(TypeAliases aliases)
{
    public JsonNode? Input(InputDescriptor descriptor, Input? input) => input?.Expression is null
        ? null
        : new JsonObject { ["typeName"] = aliases.NodeNameOf(descriptor.Type), ["expression"] = Expression(input.Expression) };

    public JsonNode? Output(OutputDescriptor descriptor, Output? output)
    {
        if (output?.MemoryBlockReference() is not { Id.Length: > 0 } reference)
        {
            return null;
        }

        var json = new JsonObject { ["typeName"] = aliases.NodeNameOf(descriptor.Type), ["memoryReference"] = new JsonObject { ["id"] = reference.Id } };
        if (output.Converter is { } converter)
        {
            var converterJson = new JsonObject { ["id"] = converter.Id };
            if (converter.Settings is { } settings)
            {
                converterJson["settings"] = CanonicalJson.Of(settings);
            }

            json["converter"] = converterJson;
        }

        return json;
    }

    /// <summary>Code has no text: it lives in the program.</summary>
    public JsonObject Expression(Expression expression)
    {
        var json = new JsonObject { ["type"] = expression.Type };
        var value = expression.Value switch
        {
            null or Delegate => null,
            Variable variable => JsonValue.Create(VariableReference(variable).ToJsonString(EngineJson.Options)),
            MemoryBlockReference reference => JsonValue.Create(new JsonObject { ["id"] = reference.Id }.ToJsonString(EngineJson.Options)),
            var literal => Literal(literal),
        };
        if (value is not null)
        {
            json["value"] = value;
        }

        return json;
    }

    public JsonNode? Plain(object? value) => value switch
    {
        Variable variable => VariableReference(variable),
        Type type => JsonValue.Create(aliases.NodeNameOf(type)),
        _ => CanonicalJson.Of(value),
    };

    public JsonArray Variables(IEnumerable<Variable> variables) => new([.. variables.Select(VariableJson)]);

    private JsonObject VariableJson(Variable variable)
    {
        var element = aliases.ElementOf(variable.ValueType);
        var json = new JsonObject
        {
            ["id"] = variable.Id,
            ["name"] = variable.Name,
            ["typeName"] = aliases.NameOf(element ?? variable.ValueType),
            ["isArray"] = element is not null,
        };
        if (InitialValue(variable) is { } value)
        {
            json["value"] = value;
        }

        json.AddText("storageDriverTypeName", StorageDriverNames.NameOf(variable.StorageDriverType));
        return json;
    }

    /// <summary>A node that points at a variable repeats its declaration, but not its value.</summary>
    private JsonObject VariableReference(Variable variable)
    {
        var json = VariableJson(variable);
        json.Remove("value");
        return json;
    }

    /// <summary>Designers write an initial value as text. Only an untyped variable keeps the kind of a number or truth value.</summary>
    private static JsonNode? InitialValue(Variable variable) => variable.Value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool or double or float or long or int when variable.ValueType == typeof(object) => Literal(variable.Value),
        IFormattable scalar => JsonValue.Create(ObjectConverter.ConvertTo<string>(scalar)),
        bool flag => JsonValue.Create(flag ? bool.TrueString : bool.FalseString),
        var value => Text(CanonicalJson.Of(value)),
    };

    /// <summary>What JSON writes as a string already (bytes, an address) needs no second pair of quotes.</summary>
    private static JsonValue? Text(JsonNode? value) =>
        value is JsonValue text && text.TryGetValue<string>(out var bare) ? JsonValue.Create(bare) : JsonValue.Create(value?.ToJsonString(EngineJson.Options));

    private static JsonNode? Literal(object value) => value switch
    {
        string text => JsonValue.Create(text),
        double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity or float.NegativeInfinity =>
            JsonValue.Create(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),

        // As numbers they would come back with fewer digits.
        decimal or ulong => JsonValue.Create(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
        _ => CanonicalJson.Of(value),
    };
}
