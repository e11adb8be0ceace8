using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes activities from the nodes of a definition. One reader per definition: it knows its variables.</summary>
internal sealed class ActivityReader(ActivityRegistry registry, TypeAliases aliases)
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);

    /// <summary>What could not be read, one sentence each.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Reads variable declarations and remembers them for the activities in their scope.</summary>
    public ICollection<Variable> ReadVariables(JsonElement owner)
    {
        var variables = new List<Variable>();
        foreach (var element in Items(owner, "variables"))
        {
            var variable = ReadVariable(element);
            _variables[variable.Id] = variable;
            variables.Add(variable);
        }

        return variables;
    }

    /// <summary>Reads one node with all it embeds. An unknown type becomes a <see cref="NotFoundActivity"/>.</summary>
    public IActivity ReadActivity(JsonElement element)
    {
        var typeName = Text(element, "type") ?? "";
        var version = element.TryGetProperty("version", out var number) && number.TryGetInt32(out var parsed) ? parsed : 0;
        var descriptor = registry.Find(typeName, version);
        var activity = descriptor?.Constructor() ?? new NotFoundActivity { MissingTypeName = typeName, MissingTypeVersion = version, OriginalActivityJson = element.GetRawText() };
        activity.Id = Text(element, "id") ?? "";
        activity.Name = Text(element, "name");
        activity.CustomProperties = ReadMap(element, "customProperties");
        activity.Metadata = ReadMap(element, "metadata");
        if (descriptor is null)
        {
            return activity;
        }

        if (activity is Container container)
        {
            container.Variables = ReadVariables(element);
        }

        ReadEmbedded(activity, element);
        foreach (var input in descriptor.Inputs)
        {
            ReadInput(activity, input, element);
        }

        foreach (var output in descriptor.Outputs)
        {
            ReadOutput(activity, output, element);
        }

        if (activity is Flowchart flowchart)
        {
            ReadConnections(flowchart, element);
        }

        return activity;
    }

    private void ReadEmbedded(IActivity activity, JsonElement element)
    {
        foreach (var property in activity.GetType().GetProperties().Where(property => property is { CanRead: true, CanWrite: true }))
        {
            if (!element.TryGetProperty(ActivityTypeNames.JsonKey(property.Name), out var value))
            {
                continue;
            }

            if (typeof(IActivity).IsAssignableFrom(property.PropertyType) && value.ValueKind is JsonValueKind.Object && property.Name != "Start")
            {
                property.SetValue(activity, ReadActivity(value));
            }
            else if (property.PropertyType == typeof(ICollection<IActivity>) && value.ValueKind is JsonValueKind.Array)
            {
                property.SetValue(activity, value.EnumerateArray().Select(ReadActivity).ToList());
            }
        }
    }

    private void ReadInput(IActivity activity, InputDescriptor descriptor, JsonElement element)
    {
        if (!element.TryGetProperty(ActivityTypeNames.JsonKey(descriptor.Name), out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            if (descriptor is { IsWrapped: true, DefaultValue: not null } && descriptor.ValueGetter(activity) is null)
            {
                descriptor.ValueSetter(activity, Wrap(descriptor, new Expression("Literal", descriptor.DefaultValue)));
            }

            return;
        }

        try
        {
            descriptor.ValueSetter(activity, descriptor.IsWrapped ? Wrap(descriptor, ReadExpression(value)) : ReadPlain(descriptor.Type, value));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            Errors.Add($"Activity '{activity.Id}', input {descriptor.Name}: {exception.Message}");
        }
    }

    private object? ReadPlain(Type type, JsonElement value) =>
        typeof(Variable).IsAssignableFrom(type)
            ? FindVariable(Text(value, "id")) ?? ReadVariable(value)
            : type == typeof(ICollection<SwitchCase>) ? Items(value).Select(item => new SwitchCase(
                Text(item, "label") ?? "",
                ReadCondition(item),
                item.TryGetProperty("activity", out var activity) && activity.ValueKind is JsonValueKind.Object ? ReadActivity(activity) : null!)).ToList()
            : type == typeof(ICollection<FlowSwitchCase>) ? Items(value).Select(item => new FlowSwitchCase(Text(item, "label") ?? "", ReadCondition(item))).ToList()
            : ObjectConverter.ConvertTo(value, type);

    private static Expression ReadCondition(JsonElement item) => item.TryGetProperty("condition", out var condition)
        ? new Expression(Text(condition, "type") ?? "Literal", condition.TryGetProperty("value", out var value) ? ObjectConverter.ConvertTo<string>(value) : null)
        : Expression.LiteralExpression(false);

    private static object Wrap(InputDescriptor descriptor, Expression? expression) =>
        Activator.CreateInstance(typeof(Input<>).MakeGenericType(descriptor.Type), expression, new MemoryBlockReference())!;

    /// <summary>A wrapped input holds an expression; people also write the bare value.</summary>
    private static Expression? ReadExpression(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty("expression", out var expression))
        {
            return value.ValueKind is JsonValueKind.Object && value.TryGetProperty("typeName", out _)
                ? null
                : new Expression(value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? "Object" : "Literal", value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText());
        }

        if (expression.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        var content = expression.TryGetProperty("value", out var found) ? found : default;
        object? text = content.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.String => content.GetString(),
            _ => content.GetRawText(),
        };
        return new Expression(Text(expression, "type") ?? "Literal", text);
    }

    private void ReadOutput(IActivity activity, OutputDescriptor descriptor, JsonElement element)
    {
        if (!element.TryGetProperty(ActivityTypeNames.JsonKey(descriptor.Name), out var value)
            || value.ValueKind is not JsonValueKind.Object
            || !value.TryGetProperty("memoryReference", out var reference)
            || Text(reference, "id") is not { Length: > 0 } id)
        {
            return;
        }

        var target = FindVariable(id) ?? new MemoryBlockReference(id);
        descriptor.ValueSetter(activity, Activator.CreateInstance(typeof(Output<>).MakeGenericType(descriptor.Type), target));
    }

    private void ReadConnections(Flowchart flowchart, JsonElement element)
    {
        var activities = flowchart.Activities.Where(activity => activity.Id.Length > 0).DistinctBy(activity => activity.Id).ToDictionary(activity => activity.Id, StringComparer.Ordinal);
        foreach (var connection in Items(element, "connections"))
        {
            var source = ReadEndpoint(connection, "source", activities);
            var target = ReadEndpoint(connection, "target", activities);
            if (source is not null && target is not null)
            {
                flowchart.Connections.Add(new Connection(source, target));
            }
        }

        var start = element.TryGetProperty("start", out var value)
            ? value.ValueKind is JsonValueKind.String ? value.GetString() : value.ValueKind is JsonValueKind.Object ? Text(value, "id") : null
            : null;
        flowchart.Start = start is null ? null : activities.GetValueOrDefault(start);
    }

    private Endpoint? ReadEndpoint(JsonElement connection, string side, Dictionary<string, IActivity> activities)
    {
        var id = connection.TryGetProperty(side, out var end) ? Text(end, "activity") : null;
        if (id is not null && activities.TryGetValue(id, out var activity))
        {
            return new Endpoint(activity, Text(end, "port"));
        }

        Errors.Add($"A connection's {side} names the activity '{id}', which its flowchart does not have");
        return null;
    }

    private Variable ReadVariable(JsonElement element)
    {
        var name = Text(element, "name") ?? "";
        var type = aliases.Resolve(Text(element, "typeName"));
        if (element.TryGetProperty("isArray", out var array) && array.ValueKind is JsonValueKind.True)
        {
            type = typeof(ICollection<>).MakeGenericType(type);
        }

        var variable = (Variable)Activator.CreateInstance(typeof(Variable<>).MakeGenericType(type))!;
        variable.Name = name;
        variable.Id = Text(element, "id") ?? name;
        if (element.TryGetProperty("value", out var value) && value.ValueKind is not JsonValueKind.Null)
        {
            try
            {
                variable.Value = ObjectConverter.ConvertTo(InitialValue(value, type), type);
            }
            catch (FormatException exception)
            {
                Errors.Add($"Variable '{name}': {exception.Message}");
            }
        }

        return variable;
    }

    /// <summary>Designers write every initial value as text; for an untyped variable, text that is JSON means the JSON.</summary>
    private static object? InitialValue(JsonElement value, Type type)
    {
        if (value.ValueKind is not JsonValueKind.String)
        {
            return value;
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

    private Variable? FindVariable(string? id) => id is null ? null : _variables.GetValueOrDefault(id);

    private static Dictionary<string, object> ReadMap(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object
            ? new Dictionary<string, object>(value.EnumerateObject()
                .Where(property => property.Value.ValueKind is not JsonValueKind.Null)
                .Select(property => KeyValuePair.Create(property.Name, property.Value.Deserialize<object>(EngineJson.Options)!)))
            : [];

    private static JsonElement[] Items(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Items(value) : [];

    private static JsonElement[] Items(JsonElement list) => list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
