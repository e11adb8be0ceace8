using System.Collections.Immutable;

namespace SpeElsa.Activities;

/// <summary>Something that holds at a place of a workflow because of how the run came there.</summary>
/// <param name="Kind">What.</param>
/// <param name="By">The number of the place that made it so; 0 where that does not matter.</param>
/// <param name="Machine">Where; empty where that does not matter.</param>
/// <param name="What">A role, or the instances.</param>
/// <param name="Instance">Which instance; empty: all.</param>
internal readonly record struct MoveFact(MoveFactKind Kind, int By = 0, string Machine = "", string What = "", string Instance = "");

internal enum MoveFactKind
{
    /// <summary>It is stopped on that machine.</summary>
    Off,

    /// <summary>It was started on that machine.</summary>
    On,

    /// <summary>It was stopped, and nothing else serves in its place.</summary>
    Down,

    /// <summary>MFA is off.</summary>
    MfaOff,

    /// <summary>The move is signed off.</summary>
    SignedOff,
}

/// <summary>What a step breaks.</summary>
internal enum MoveRule
{
    CopyBeforeStop,
    RemovalBeforeSignOff,
    NoWayBack,
    NobodyServes,
    MfaStaysOff,
}

/// <summary>Keeps what holds along a way through a workflow: what is stopped, started, signed off. Facts are kept by number, so that states compare fast.</summary>
internal sealed class MoveLedger
{
    /// <summary>The plan names the new server so; it serves nothing before the move.</summary>
    private static readonly string NewServer = Written.ToInput("target").Key;

    /// <summary>Stands for the instances of earlier rounds of a loop.</summary>
    private const string Earlier = "'";

    private readonly List<MoveFact> _facts = [];
    private readonly Dictionary<MoveFact, int> _numbers = [];

    /// <summary>What holds when a place is left.</summary>
    /// <param name="place">The place.</param>
    /// <param name="outcomes">What it is left with.</param>
    /// <param name="facts">What held before.</param>
    /// <param name="onBroken">Told of each rule that is broken by it.</param>
    public ImmutableSortedSet<int> Apply(MovePlace place, string[] outcomes, ImmutableSortedSet<int> facts, Action<MoveRule> onBroken)
    {
        var wasOpen = IsWithoutWayBack(facts);
        foreach (var part in place.Parts.Where(part => part.Outcome is null || outcomes.Contains(part.Outcome, StringComparer.Ordinal)))
        {
            switch (part.Kind)
            {
                case MovePartKind.Stops:
                    facts = part.What.Aggregate(facts, (held, what) => Stop(held, place, part, what));
                    break;
                case MovePartKind.Starts:
                    facts = part.What.Aggregate(facts, (held, what) => Start(held, part, what));
                    break;
                case MovePartKind.FinalCopy when !Any(facts, fact => fact.Kind is MoveFactKind.Off && fact.Machine == part.Machine.Key && part.What.Contains(fact.What) && Covers(fact.Instance, part)):
                    onBroken(MoveRule.CopyBeforeStop);
                    break;
                case MovePartKind.MfaOff when !Any(facts, fact => fact.Kind is MoveFactKind.MfaOff):
                    facts = facts.Add(NumberOf(new MoveFact(MoveFactKind.MfaOff, place.Index)));
                    break;
                case MovePartKind.MfaOn:
                    facts = Without(facts, fact => fact.Kind is MoveFactKind.MfaOff);
                    break;
                case MovePartKind.SignsOff:
                    facts = facts.Add(NumberOf(new MoveFact(MoveFactKind.SignedOff)));
                    break;
                case MovePartKind.Removes when !Any(facts, fact => fact.Kind is MoveFactKind.SignedOff):
                    onBroken(MoveRule.RemovalBeforeSignOff);
                    break;
            }
        }

        if (!wasOpen && IsWithoutWayBack(facts))
        {
            onBroken(MoveRule.NoWayBack);
        }

        return facts;
    }

    /// <summary>What keeps a move from ending: the facts that must not hold there.</summary>
    public IEnumerable<(MoveRule Rule, MoveFact Fact)> Open(ImmutableSortedSet<int> facts) => facts.Select(number => _facts[number])
        .Where(fact => fact.Kind is MoveFactKind.Down or MoveFactKind.MfaOff)
        .Select(fact => (fact.Kind is MoveFactKind.Down ? MoveRule.NobodyServes : MoveRule.MfaStaysOff, fact));

    /// <summary>What holds in another round of a loop, which is about another instance.</summary>
    public ImmutableSortedSet<int> NextRound(ImmutableSortedSet<int> facts)
    {
        foreach (var number in facts.Where(number => _facts[number].Instance is { Length: > 0 } instance && instance[0] != '\''))
        {
            facts = facts.Remove(number);
            if (_facts[number].Kind is MoveFactKind.Down)
            {
                facts = facts.Add(NumberOf(_facts[number] with { Instance = Earlier }));
            }
        }

        return facts;
    }

    /// <summary>Whether something serves nowhere, and no undo brings it back.</summary>
    private bool IsWithoutWayBack(ImmutableSortedSet<int> facts) =>
        Any(facts, fact => fact.Kind is MoveFactKind.SignedOff) && Any(facts, fact => fact.Kind is MoveFactKind.Down);

    private ImmutableSortedSet<int> Stop(ImmutableSortedSet<int> facts, MovePlace place, MovePart part, string what)
    {
        var (machine, instance) = (part.Machine.Key, part.Instance.Key);
        var wasOn = Any(facts, fact => fact.Kind is MoveFactKind.On && fact.Machine == machine && fact.What == what);
        var servesElsewhere = Any(facts, fact => fact.Kind is MoveFactKind.On && fact.Machine != machine && fact.What == what && Covers(fact.Instance, part));
        facts = Without(facts, fact => fact.Kind is MoveFactKind.On && fact.Machine == machine && fact.What == what && IsPart(fact.Instance, part))
            .Add(NumberOf(new MoveFact(MoveFactKind.Off, 0, machine, what, instance)));
        return servesElsewhere || (machine == NewServer && !wasOn) || Any(facts, fact => fact.Kind is MoveFactKind.Down && fact.What == what && fact.Instance == instance)
            ? facts
            : facts.Add(NumberOf(new MoveFact(MoveFactKind.Down, place.Index, "", what, instance)));
    }

    private ImmutableSortedSet<int> Start(ImmutableSortedSet<int> facts, MovePart part, string what)
    {
        var machine = part.Machine.Key;

        // With its Instance Host, instances start too.
        bool IsEnded(MoveFact fact) => fact.Kind switch
        {
            MoveFactKind.Off => fact.Machine == machine && ((fact.What == what && IsPart(fact.Instance, part)) || (what == Roles.InstanceHost && fact.What == MovePart.Instances)),
            MoveFactKind.Down => fact.What == what && IsPart(fact.Instance, part),
            _ => false,
        };
        return Without(facts, IsEnded).Add(NumberOf(new MoveFact(MoveFactKind.On, 0, machine, what, part.Instance.Key)));
    }

    /// <summary>Whether what was done to an instance was done to those of a part.</summary>
    private static bool Covers(string instance, MovePart part) => instance.Length == 0 || instance == part.Instance.Key;

    /// <summary>Whether what a part does, it does to that instance.</summary>
    private static bool IsPart(string instance, MovePart part) => part.Instance.IsEmpty || instance == part.Instance.Key;

    private bool Any(ImmutableSortedSet<int> facts, Func<MoveFact, bool> fits) => facts.Any(number => fits(_facts[number]));

    private ImmutableSortedSet<int> Without(ImmutableSortedSet<int> facts, Func<MoveFact, bool> fits) => facts.Except(facts.Where(number => fits(_facts[number])));

    private int NumberOf(MoveFact fact)
    {
        if (!_numbers.TryGetValue(fact, out var number))
        {
            _numbers[fact] = number = _facts.Count;
            _facts.Add(fact);
        }

        return number;
    }
}
