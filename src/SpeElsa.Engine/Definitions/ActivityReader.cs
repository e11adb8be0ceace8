using System.Collections;
using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Activities.Flowchart.Models;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes activities from the nodes of a definition. One reader per definition: it knows its variables and outputs.</summary>
internal sealed class ActivityReader
{
    private readonly ActivityRegistry _registry;
    private readonly TypeAliases _aliases;
    private readonly IReadOnlyDictionary<string, ReferencedVersion> _references;
    private readonly IReadOnlySet<string> _outputs;
    private readonly Stack<string> _path = new();

    public ActivityReader(ActivityRegistry registry, TypeAliases aliases, IReadOnlyDictionary<string, ReferencedVersion> references, IReadOnlySet<string> outputs)
    {
        _registry = registry;
        _aliases = aliases;
        _references = references;
        _outputs = outputs;
        Variables = new VariableReader(aliases, Report);
    }

    /// <summary>What could not be read, one sentence each, with the path of the node.</summary>
    public List<string> Errors { get; } = [];

    public VariableReader Variables { get; }

    /// <summary>Reads one node with all it embeds. An unknown type becomes a <see cref="NotFoundActivity"/>.</summary>
    public IActivity ReadActivity(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            Report($"an activity is a JSON object, not {element.ValueKind}");
            return new NotFoundActivity();
        }

        using var original = MissingActivities.Original(element);
        return Read(original?.RootElement ?? element);
    }

    private IActivity Read(JsonElement element)
    {
        _path.Push(element.Text("id") ?? "?");
        var activity = Construct(element, out var descriptor);
        activity.Id = element.Text("id") ?? "";
        activity.Name = element.Text("name");
        activity.CustomProperties = element.Map("customProperties");
        activity.Metadata = element.Map("metadata");
        if (descriptor is not null)
        {
            Fill(activity, descriptor, element);
        }

        _path.Pop();
        return activity;
    }

    private IActivity Construct(JsonElement element, out ActivityDescriptor? descriptor)
    {
        var typeName = element.Text("type") ?? "";
        var version = element.Number("version") ?? 0;
        if (element.Text("workflowDefinitionVersionId") is { } versionId && _references.TryGetValue(versionId, out var reference))
        {
            var bound = reference.Bind(typeName);
            bound.LatestAvailablePublishedVersion = element.Number("latestAvailablePublishedVersion") ?? 0;
            bound.LatestAvailablePublishedVersionId = element.Text("latestAvailablePublishedVersionId");
            descriptor = bound.Descriptor;
            return bound;
        }

        descriptor = _registry.Find(typeName, version);
        if (descriptor is null)
        {
            return MissingActivities.Create(typeName, version, element);
        }

        var activity = descriptor.Construct();
        if (activity.Type != descriptor.TypeName)
        {
            (activity.Type, activity.Version) = (descriptor.TypeName, descriptor.Version);
        }

        return activity;
    }

    private void Fill(IActivity activity, ActivityDescriptor descriptor, JsonElement element)
    {
        var container = activity as IVariableContainer;
        if (container is not null and not IBoundActivity)
        {
            container.Variables.Clear();
            foreach (var variable in Variables.Enter(element))
            {
                container.Variables.Add(variable);
            }
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

        if (container is not null and not IBoundActivity)
        {
            Variables.Leave();
        }
    }

    private void ReadEmbedded(IActivity activity, JsonElement element)
    {
        var shape = ActivityShape.Of(activity.GetType());
        foreach (var property in shape.Stored.Where(property => property.CanWrite))
        {
            if (element.Find(ActivityTypeNames.JsonKey(property.Name)) is { ValueKind: JsonValueKind.Object } child)
            {
                Set(property.Name, () => property.SetValue(activity, ReadActivity(child)));
            }
        }

        foreach (var property in shape.Lists.Where(property => property.CanWrite))
        {
            if (element.Find(ActivityTypeNames.JsonKey(property.Name)) is { ValueKind: JsonValueKind.Array } children)
            {
                Set(property.Name, () => property.SetValue(activity, children.EnumerateArray().Select(ReadActivity).ToList()));
            }
        }
    }

    private void ReadInput(IActivity activity, InputDescriptor descriptor, JsonElement element) => Set($"input {descriptor.Name}", () =>
    {
        var value = element.Find(ActivityTypeNames.JsonKey(descriptor.Name));
        if (value is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined })
        {
            UseDefault(activity, descriptor);
        }
        else if (!descriptor.IsWrapped)
        {
            descriptor.ValueSetter(activity, ReadPlain(descriptor.Type, value.Value));
        }
        else if (ExpressionReader.ReadInput(value.Value) is { } expression)
        {
            descriptor.ValueSetter(activity, Wrap(descriptor, expression));
        }
        else
        {
            UseDefault(activity, descriptor);
        }
    });

    /// <summary>What the class sets goes before what its attribute says.</summary>
    private static void UseDefault(IActivity activity, InputDescriptor descriptor)
    {
        if (descriptor.DefaultValue is { } value && descriptor.ValueGetter(activity) is null)
        {
            descriptor.ValueSetter(activity, descriptor.IsWrapped ? Wrap(descriptor, new Expression("Literal", value)) : ObjectConverter.ConvertTo(value, descriptor.Type));
        }
    }

    private object? ReadPlain(Type type, JsonElement value) =>
        typeof(Elsa.Workflows.Memory.Variable).IsAssignableFrom(type) ? Variables.Find(value.Text("id")) ?? Variables.Read(value)
        : type == typeof(Type) ? _aliases.Resolve(value.ValueKind is JsonValueKind.String ? value.GetString() : null)
        : PartShape.Of(type) is { } parts ? ReadParts(type, parts, value)
        : ObjectConverter.ConvertTo(value.Clone(), type);

    private object ReadParts(Type type, PartShape shape, JsonElement value)
    {
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(shape.ItemType))!;
        foreach (var element in value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : throw new FormatException($"it is a list, not {value.ValueKind}"))
        {
            items.Add(ReadPart(shape, element));
        }

        if (!type.IsArray)
        {
            return items;
        }

        var array = Array.CreateInstance(shape.ItemType, items.Count);
        items.CopyTo(array, 0);
        return array;
    }

    private object ReadPart(PartShape shape, JsonElement element)
    {
        var part = Activator.CreateInstance(shape.ItemType)!;
        foreach (var property in shape.Properties)
        {
            if (element.Find(ActivityTypeNames.JsonKey(property.Name)) is { ValueKind: not JsonValueKind.Null } value)
            {
                property.SetValue(
                    part,
                    PartShape.IsActivity(property) ? ReadActivity(value)
                    : PartShape.IsExpression(property) ? ExpressionReader.Read(value)
                    : ObjectConverter.ConvertTo(value.Clone(), property.PropertyType));
            }
        }

        return part;
    }

    private static object Wrap(InputDescriptor descriptor, Expression? expression) =>
        Activator.CreateInstance(descriptor.PropertyInfo?.PropertyType ?? typeof(Input<>).MakeGenericType(descriptor.Type), expression, new MemoryBlockReference())!;

    private void ReadOutput(IActivity activity, OutputDescriptor descriptor, JsonElement element)
    {
        if (element.Find(ActivityTypeNames.JsonKey(descriptor.Name)) is not { } value || value.Find("memoryReference")?.Text("id") is not { Length: > 0 } id)
        {
            return;
        }

        var target = Variables.Find(id) ?? (_outputs.Contains(id) ? new WorkflowOutputReference(id) : new MemoryBlockReference(id));
        var output = (Output)Activator.CreateInstance(descriptor.PropertyInfo?.PropertyType ?? typeof(Output<>).MakeGenericType(descriptor.Type), target)!;
        if (value.Find("converter") is { } converter && converter.Text("id") is { } converterId)
        {
            output.Converter = new OutputConverterConfiguration(converterId, converter.Find("settings")?.Clone());
        }

        descriptor.ValueSetter(activity, output);
    }

    private void ReadConnections(Flowchart flowchart, JsonElement element)
    {
        var activities = flowchart.Activities.Where(activity => activity.Id.Length > 0)
            .DistinctBy(activity => activity.Id)
            .ToDictionary(activity => activity.Id, StringComparer.Ordinal);
        foreach (var connection in element.Items("connections"))
        {
            var source = ReadEndpoint(connection, "source", activities);
            var target = ReadEndpoint(connection, "target", activities);
            if (source is not null && target is not null)
            {
                flowchart.Connections.Add(new Connection(source, target) { Vertices = [.. connection.Items("vertices").Select(ReadPosition)] });
            }
        }

        var start = element.Text("start") ?? element.Find("start")?.Text("id");
        flowchart.Start = start is null ? null : activities.GetValueOrDefault(start);
    }

    private static Position ReadPosition(JsonElement element) => new() { X = Coordinate(element, "x"), Y = Coordinate(element, "y") };

    private static double Coordinate(JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : 0;

    private Endpoint? ReadEndpoint(JsonElement connection, string side, Dictionary<string, IActivity> activities)
    {
        var end = connection.Find(side);
        var id = end?.Text("activity");
        if (id is not null && activities.TryGetValue(id, out var activity))
        {
            return new Endpoint(activity, end!.Value.Text("port"));
        }

        Report($"a connection's {side} names the activity '{id}', which its flowchart does not have");
        return null;
    }

    private void Set(string what, Action set)
    {
        try
        {
            set();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            Report($"{what}: {exception.Message}");
        }
    }

    private void Report(string message) => Errors.Add(_path.Count == 0 ? message : $"Activity '{string.Join(':', _path.Reverse())}', {message}");
}
