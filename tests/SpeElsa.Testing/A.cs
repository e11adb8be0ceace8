using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing;

/// <summary>Makes what tests need, with meaning: definitions as Elsa 3 JSON, stimuli, instances.</summary>
public static class A
{
    public static readonly DateTimeOffset Moment = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static DefinitionBuilder Flowchart(string definitionId) => new(definitionId, "Elsa.Flowchart");

    public static DefinitionBuilder Sequence(string definitionId) => new(definitionId, "Elsa.Sequence");

    public static DefinitionBuilder Parallel(string definitionId) => new(definitionId, "Elsa.Parallel");

    /// <summary>A node of a definition; an input is an expression made here, or plain JSON.</summary>
    public static JsonObject Node(string id, string type, params (string Name, JsonNode? Value)[] properties)
    {
        var node = new JsonObject { ["id"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in properties)
        {
            node[name] = value?.DeepClone();
        }

        return node;
    }

    public static JsonObject Text(object value) => Expression("Literal", JsonSerializer.SerializeToNode(value));

    public static JsonObject JavaScript(string code) => Expression("JavaScript", code);

    public static JsonObject Expression(string syntax, JsonNode? value) =>
        new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };

    public static JsonObject Variable(string name, string typeName = "Object", string? value = null) =>
        new() { ["id"] = $"var-{name}", ["name"] = name, ["typeName"] = typeName, ["value"] = value };

    /// <summary>Where an output goes.</summary>
    public static JsonObject Into(string variable) =>
        new() { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = $"var-{variable}" } };

    public static JsonObject Event(string id, string name) => Node(id, "Elsa.Event", ("eventName", Text(name)));

    public static JsonObject Delay(string id, TimeSpan span) => Node(id, "Elsa.Delay", ("timeSpan", Text(span.ToString())));

    public static JsonObject Line(string id) => Node(id, "Elsa.WriteLine", ("text", Text(id)));

    /// <summary>Writes what the code makes; read it back with <see cref="TestHost.LinesAsync"/>.</summary>
    public static JsonObject Say(string id, string code) => Node(id, "Elsa.WriteLine", ("text", JavaScript(code)));

    public static JsonObject Decision(string id, string condition) => Node(id, "Elsa.FlowDecision", ("condition", JavaScript(condition)));

    public static JsonObject Set(string id, string variable, string code, string typeName = "Object") =>
        Node(id, "Elsa.SetVariable", ("variable", Variable(variable, typeName)), ("value", JavaScript(code)));

    /// <summary>A container of some type.</summary>
    public static JsonObject Group(string id, string type, params JsonObject[] activities) =>
        Node(id, type, ("activities", new JsonArray([.. activities.Select(activity => activity.DeepClone())])));

    public static JsonObject Steps(string id, params JsonObject[] activities) => Group(id, "Elsa.Sequence", activities);

    /// <summary>Declares variables of a container.</summary>
    public static JsonObject Declaring(JsonObject container, params JsonObject[] variables)
    {
        container["variables"] = new JsonArray([.. variables]);
        return container;
    }

    public static JsonObject For(string id, int start, int end, JsonObject body, int step = 1) =>
        Node(id, "Elsa.For", ("start", Text(start)), ("end", Text(end)), ("step", Text(step)), ("body", body));

    public static JsonObject ForEach(string id, string items, JsonObject body) => Node(id, "Elsa.ForEach", ("items", JavaScript(items)), ("body", body));

    public static JsonObject ParallelForEach(string id, string items, JsonObject body) => Node(id, "Elsa.ParallelForEach", ("items", JavaScript(items)), ("body", body));

    public static JsonObject While(string id, string condition, JsonObject body) => Node(id, "Elsa.While", ("condition", JavaScript(condition)), ("body", body));

    public static JsonObject If(string id, string condition, JsonObject? then, JsonObject? otherwise = null) =>
        Node(id, "Elsa.If", ("condition", JavaScript(condition)), ("then", then), ("else", otherwise));

    /// <summary>A switch, of a flowchart where no case has an activity.</summary>
    public static JsonObject Switch(string id, string mode, JsonObject[] cases, JsonObject? otherwise = null) => Node(
        id,
        cases.Any(item => item.ContainsKey("activity")) ? "Elsa.Switch" : "Elsa.FlowSwitch",
        ("mode", Text(mode)),
        ("cases", new JsonArray([.. cases])),
        ("default", otherwise));

    public static JsonObject Case(string label, string condition, JsonObject? activity = null)
    {
        var item = new JsonObject { ["label"] = label, ["condition"] = new JsonObject { ["type"] = "JavaScript", ["value"] = condition } };
        if (activity is not null)
        {
            item["activity"] = activity;
        }

        return item;
    }

    /// <summary>Says when an activity with several arrows into it runs.</summary>
    public static JsonObject Merging(string mode, JsonObject activity)
    {
        activity["customProperties"] = new JsonObject { ["mergeMode"] = mode };
        return activity;
    }

    public static JsonObject Chart(string id, JsonObject[] activities, params string[] connections)
    {
        var chart = Node(id, "Elsa.Flowchart");
        chart["activities"] = new JsonArray([.. activities]);
        chart["connections"] = new JsonArray([.. connections.Select(Connection)]);
        return chart;
    }

    /// <summary>Reads "a -> b" or "a:True -> b".</summary>
    public static JsonNode Connection(string arrow)
    {
        var ends = arrow.Split("->", StringSplitOptions.TrimEntries);
        var source = ends[0].Split(':');
        return new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = source[0], ["port"] = source.ElementAtOrDefault(1) ?? "Done" },
            ["target"] = new JsonObject { ["activity"] = ends[1], ["port"] = "In" },
        };
    }

    public static Stimulus Signal(string key, string instanceId, string? bookmarkId = null, string? hash = null, string? target = null, string? input = null) => new()
    {
        Key = key,
        Kind = StimulusKind.Resume,
        InstanceId = instanceId,
        BookmarkId = bookmarkId,
        Hash = hash,
        Target = target,
        Input = input,
        ReceivedAt = Moment,
    };

    /// <summary>What a signal to whoever waits for an event is addressed to.</summary>
    public static string HashOfEvent(string name) =>
        Engine.Execution.StimulusHash.Compute(Elsa.Workflows.Runtime.Activities.Event.StimulusName, new Elsa.Workflows.Runtime.Stimuli.EventStimulus(name));

    public static Stimulus Cancel(string key, string instanceId) => new() { Key = key, Kind = StimulusKind.Cancel, InstanceId = instanceId, ReceivedAt = Moment };

    public static Stimulus Retry(string key, string instanceId) => new() { Key = key, Kind = StimulusKind.Retry, InstanceId = instanceId, Input = "{}", ReceivedAt = Moment };

    public static Stimulus Start(string key, string instanceId) => new() { Key = key, Kind = StimulusKind.Start, InstanceId = instanceId, Input = "{}", ReceivedAt = Moment };

    /// <summary>A journal row that no chain holds.</summary>
    public static JournalRecord JournalRow(string instanceId, long sequence) => new()
    {
        InstanceId = instanceId,
        Sequence = sequence,
        Timestamp = Moment,
        EventName = "Started",
        ActivityId = "a1",
        NodeId = "Workflow1:a1",
        ActivityInstanceId = "e1",
        ParentActivityInstanceId = "e0",
        ActivityType = "Elsa.WriteLine",
        ActivityTypeVersion = 2,
        ActivityName = "Line",
        Message = "in words",
        Source = "somebody",
        Role = Engine.Execution.JournalRole.Intent,
        Attempt = 3,
        Payload = """{"a":1}""",
        Hash = $"hash {sequence}",
    };

    public static InstanceRecord Instance(string id, string definitionId = "some") => new()
    {
        Id = id,
        DefinitionId = definitionId,
        DefinitionVersionId = DefinitionVersionId.Of(definitionId, 1),
        DefinitionVersion = 1,
        DefinitionHash = "hash",
        CreatedAt = Moment,
        UpdatedAt = Moment,
    };

    public static DefinitionRecord Definition(string definitionId, string json = "{}") => new()
    {
        Id = "",
        DefinitionId = definitionId,
        Version = 0,
        Name = definitionId,
        ContentHash = Engine.Definitions.DefinitionReader.ContentHash(json),
        Json = json,
        CreatedAt = Moment,
    };
}

/// <summary>Puts versions into a store in one call.</summary>
public static class PublishingExtensions
{
    /// <summary>Saves a version and publishes it.</summary>
    public static async Task<DefinitionRecord> PublishAsync(
        this IDefinitionStore store, DefinitionRecord version, CancellationToken cancellationToken, params TriggerRecord[] triggers)
    {
        ArgumentNullException.ThrowIfNull(store);
        var draft = (await store.SaveDraftAsync(version, null, cancellationToken)).Latest!;
        var published = await store.PublishAsync(
            new Publication
            {
                VersionId = draft.Id,
                ContentHash = draft.ContentHash,
                At = A.Moment,
                Triggers = [.. triggers.Select(trigger => trigger with { DefinitionVersionId = draft.Id, DefinitionVersion = draft.Version })],
            },
            cancellationToken);
        return published.Version!;
    }
}

/// <summary>Builds a definition whose root holds activities.</summary>
public sealed class DefinitionBuilder(string definitionId, string rootType)
{
    private readonly JsonArray _variables = [];
    private readonly JsonArray _activities = [];
    private readonly JsonArray _connections = [];
    private readonly JsonObject _options = [];
    private string? _start;

    public DefinitionBuilder Variable(string name, string typeName = "Object", string? value = null)
    {
        _variables.Add(A.Variable(name, typeName, value));
        return this;
    }

    public DefinitionBuilder With(params JsonObject[] activities)
    {
        foreach (var activity in activities)
        {
            _activities.Add(activity.DeepClone());
        }

        return this;
    }

    public DefinitionBuilder Connect(params string[] arrows)
    {
        foreach (var arrow in arrows)
        {
            _connections.Add(A.Connection(arrow));
        }

        return this;
    }

    public DefinitionBuilder StartingAt(string activityId)
    {
        _start = activityId;
        return this;
    }

    public DefinitionBuilder ContinuingWithIncidents() => WithOption("incidentStrategyType", "ContinueWithIncidentsStrategy");

    public DefinitionBuilder WithOption(string name, string value)
    {
        _options[name] = value;
        return this;
    }

    public string ToJson()
    {
        var root = A.Node("root", rootType, ("activities", _activities), ("connections", _connections), ("start", _start));
        return new JsonObject
        {
            ["definitionId"] = definitionId,
            ["name"] = definitionId,
            ["variables"] = _variables.DeepClone(),
            ["options"] = _options.DeepClone(),
            ["root"] = root,
        }.ToJsonString();
    }
}
