using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>An activity that says what it is in a move. Steps say it, tasks of people too, and so may activities of others.</summary>
public interface IMovePart
{
    /// <summary>What it is, read off its inputs as the definition writes them. Empty where it is nothing that the rules ask about.</summary>
    IReadOnlyList<MovePart> Parts { get; }
}

/// <summary>Something that an activity does in a move and that the rules look at before its workflow is published.</summary>
public sealed record MovePart
{
    /// <summary>What stands for instances where others name a role.</summary>
    internal const string Instances = "instances";

    private MovePart(MovePartKind kind) => Kind = kind;

    /// <summary>It is a person's signature: from here on the move is not undone.</summary>
    public static MovePart SignsOff { get; } = new(MovePartKind.SignsOff);

    /// <summary>It deletes or removes something that belongs to the old server.</summary>
    public static MovePart Removes { get; } = new(MovePartKind.Removes);

    /// <summary>The outcome with which it is that; null: with any.</summary>
    public string? Outcome { get; init; }

    internal MovePartKind Kind { get; }

    internal Written Machine { get; private init; } = Written.Nothing;

    /// <summary>A role, or the instances; of a copy: each of these being off is enough.</summary>
    internal IReadOnlyList<string> What { get; private init; } = [];

    internal Written Instance { get; private init; } = Written.Nothing;

    internal bool IsGuarded { get; private init; }

    /// <summary>It stops services.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="role">Whose; empty: those of all roles.</param>
    public static MovePart Stops(Input<string> machine, Input<string> role) =>
        new(MovePartKind.Stops) { Machine = Written.In(machine), What = RolesOf(role) };

    /// <summary>It stops instances.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="instance">Which; empty: all.</param>
    public static MovePart StopsInstances(Input<string> machine, Input<string> instance) =>
        new(MovePartKind.Stops) { Machine = Written.In(machine), What = [Instances], Instance = Written.In(instance) };

    /// <summary>It starts services.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="role">Whose; empty: those of all roles.</param>
    /// <param name="isGuarded">Whether it makes sure that the other server is off, or may run beside it.</param>
    public static MovePart Starts(Input<string> machine, Input<string> role, bool isGuarded) =>
        new(MovePartKind.Starts) { Machine = Written.In(machine), What = RolesOf(role), IsGuarded = isGuarded };

    /// <summary>It starts instances. The server they belong to runs only those that the Management Server gives it.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="instance">Which; empty: all.</param>
    public static MovePart StartsInstances(Input<string> machine, Input<string> instance) =>
        new(MovePartKind.Starts) { Machine = Written.In(machine), What = [Instances], Instance = Written.In(instance), IsGuarded = true };

    /// <summary>It copies the data of instances for good: they or their Instance Host have to be stopped.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="instance">Of which; empty: of all.</param>
    public static MovePart CopiesData(Input<string> source, Input<string> instance) =>
        new(MovePartKind.FinalCopy) { Machine = Written.In(source), What = [Instances, Roles.InstanceHost], Instance = Written.In(instance) };

    /// <summary>It copies the configuration for good: the Management Server has to be stopped.</summary>
    /// <param name="source">Where from.</param>
    public static MovePart CopiesConfiguration(Input<string> source) =>
        new(MovePartKind.FinalCopy) { Machine = Written.In(source), What = [Roles.ManagementServer] };

    /// <summary>MFA is off after it.</summary>
    /// <param name="outcome">With this outcome; null: with any.</param>
    public static MovePart MfaOff(string? outcome = null) => new(MovePartKind.MfaOff) { Outcome = outcome };

    /// <summary>MFA is on again after it.</summary>
    /// <param name="outcome">With this outcome; null: with any.</param>
    public static MovePart MfaOn(string? outcome = null) => new(MovePartKind.MfaOn) { Outcome = outcome };

    /// <summary>A role in words; one that an expression gives has none.</summary>
    internal static string Title(string what) => what == Instances ? "instances" : Roles.All.Contains(what) ? $"the {Roles.Title(what)}" : "a role";

    private static IReadOnlyList<string> RolesOf(Input<string> role) => Written.In(role) switch
    {
        { IsEmpty: true } => Roles.All,
        { Constant: { } constant } => [constant],
        var written => [written.Key],
    };
}

/// <summary>The kinds of <see cref="MovePart"/>.</summary>
internal enum MovePartKind
{
    Stops,
    Starts,
    FinalCopy,
    MfaOff,
    MfaOn,
    SignsOff,
    Removes,
}
