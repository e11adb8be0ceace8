using System.Globalization;
using System.Text.Json.Nodes;
using SpeElsa.Testing;

namespace SpeElsa.Torture;

/// <summary>A drawn definition, and what one run of it does.</summary>
/// <param name="DefinitionId">Its id.</param>
/// <param name="Json">The definition.</param>
/// <param name="Effects">How often each activity acts, those of sub-workflows included.</param>
/// <param name="Signals">How often a run waits for each event.</param>
/// <param name="Children">The definitions of its sub-workflows.</param>
internal sealed record DrawnWorkflow(
    string DefinitionId, string Json, IReadOnlyDictionary<string, int> Effects, IReadOnlyDictionary<string, int> Signals, IReadOnlyList<DrawnWorkflow> Children);

/// <summary>Draws definitions: sequences, branches side by side, loops, timers, signals, sub-workflows, activities that act, and some that fail first.</summary>
internal sealed class Generator(Random random)
{
    private const int Deepest = 4;

    private static readonly (string Kind, int Weight, bool IsLeaf)[] Kinds =
    [
        ("act", 7, true), ("fail", 1, true), ("line", 1, true), ("delay", 3, true), ("wait", 3, true), ("self", 1, true), ("sub", 1, true),
        ("sequence", 4, false), ("parallel", 4, false), ("for", 2, false), ("each", 1, false), ("if", 2, false), ("chart", 2, false),
    ];

    /// <summary>Draws one.</summary>
    /// <param name="definitionId">Its id; the ids of its activities begin with it.</param>
    /// <param name="isSub">Whether it is a sub-workflow: these wait for no signals, fail never and have none of their own.</param>
    public DrawnWorkflow Draw(string definitionId, bool isSub = false)
    {
        var draft = new Draft(definitionId, isSub);
        var count = isSub ? 2 : random.Next(3, 6);
        var activities = Enumerable.Range(0, count).Select(_ => Node(draft, 1, 1)).ToArray();
        return draft.End(activities);
    }

    /// <summary>The next version: the same, and one effect more at its end.</summary>
    public static DrawnWorkflow NextVersion(DrawnWorkflow workflow)
    {
        var json = JsonNode.Parse(workflow.Json)!;
        var id = $"{workflow.DefinitionId}.next";
        json["root"]!["activities"]!.AsArray().Add(A.Node(id, "Torture.Act"));
        return workflow with { Json = json.ToJsonString(), Effects = new Dictionary<string, int>(workflow.Effects) { [id] = 1 } };
    }

    private JsonObject Node(Draft draft, int depth, int times)
    {
        var choice = Kinds.Where(kind => (depth < Deepest || kind.IsLeaf) && (!draft.IsSub || kind.Kind is not ("fail" or "wait" or "sub" or "self"))).ToArray();
        var drawn = random.Next(choice.Sum(kind => kind.Weight));
        var kind = choice.First(candidate => (drawn -= candidate.Weight) < 0).Kind;
        var id = draft.NextId(kind);
        switch (kind)
        {
            case "act":
                draft.Acts(id, times);
                return A.Node(id, "Torture.Act");
            case "fail":
                draft.Acts(id, times);
                return A.Node(id, "Torture.Act", ("failures", A.Text(random.Next(1, 3))));
            case "line":
                return A.Line(id);
            case "delay":
                return A.Delay(id, TimeSpan.FromMilliseconds(random.Next(1, 120)));
            case "wait":
                draft.Waits(id, times);
                return A.Event(id, id);
            case "self":
                // Waits for what it sends itself: the wait is stored with, or before, what sends.
                return A.Group(id, "Elsa.Parallel", A.Event($"{id}-heard", id), A.Node($"{id}-said", "Elsa.PublishEvent", ("eventName", A.Text(id)), ("isLocalEvent", A.Text(true))));
            case "sub":
                var sub = Draw(id.Replace('.', '-'), isSub: true);
                draft.Calls(sub, times);
                return A.Node(id, "Elsa.ExecuteWorkflow", ("workflowDefinitionId", A.Text(sub.DefinitionId)), ("waitForCompletion", A.Text(true)));
            case "for":
                var rounds = random.Next(2, 4);
                return A.For(id, 1, rounds, Node(draft, depth + 1, times * rounds));
            case "each":
                return A.Node(id, "Elsa.ParallelForEach", ("items", A.Expression("Object", "[1, 2]")), ("body", Node(draft, depth + 1, times * 2)));
            case "if":
                var isTrue = random.Next(2) == 0;
                var then = Node(draft, depth + 1, isTrue ? times : 0);
                return A.Node(id, "Elsa.If", ("condition", A.Text(isTrue)), ("then", then), ("else", Node(draft, depth + 1, isTrue ? 0 : times)));
            case "chart":
                // Two branches that meet.
                JsonObject[] nodes = [A.Line($"{id}-fork"), Node(draft, depth + 1, times), Node(draft, depth + 1, times), A.Node($"{id}-join", "Elsa.FlowJoin", ("mode", A.Text("WaitAll"))), Node(draft, depth + 1, times)];
                string[] ids = [.. nodes.Select(node => (string)node["id"]!)];
                return A.Chart(id, nodes, $"{ids[0]} -> {ids[1]}", $"{ids[0]} -> {ids[2]}", $"{ids[1]} -> {ids[3]}", $"{ids[2]} -> {ids[3]}", $"{ids[3]} -> {ids[4]}");
            default:
                var parts = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Node(draft, depth + 1, times)).ToArray();
                return A.Group(id, kind == "sequence" ? "Elsa.Sequence" : "Elsa.Parallel", parts);
        }
    }

    private sealed class Draft(string definitionId, bool isSub)
    {
        private readonly Dictionary<string, int> _effects = [];
        private readonly Dictionary<string, int> _signals = [];
        private readonly List<DrawnWorkflow> _children = [];
        private int _lastId;

        public bool IsSub { get; } = isSub;

        public string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{definitionId}.{kind}{++_lastId}");

        public void Acts(string id, int times) => Add(_effects, id, times);

        public void Waits(string id, int times) => Add(_signals, id, times);

        public void Calls(DrawnWorkflow sub, int times)
        {
            _children.Add(sub);
            foreach (var (id, count) in sub.Effects)
            {
                Add(_effects, id, count * times);
            }
        }

        public DrawnWorkflow End(JsonObject[] activities) => new(definitionId, A.Sequence(definitionId).With(activities).ToJson(), _effects, _signals, _children);

        private static void Add(Dictionary<string, int> counts, string id, int times)
        {
            if (times > 0)
            {
                counts[id] = counts.GetValueOrDefault(id) + times;
            }
        }
    }
}
