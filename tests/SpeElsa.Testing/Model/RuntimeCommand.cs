namespace SpeElsa.Testing.Model;

/// <summary>What can happen to the runtime from outside.</summary>
public enum RuntimeVerb
{
    /// <summary>A worker does all it can find.</summary>
    Work,
    Start,

    /// <summary>The event "a" or "b" comes, early, in time, late or again.</summary>
    Signal,
    Pass,

    /// <summary>A worker begins, and its process dies at one of its calls to the store; another process starts.</summary>
    Die,
    Cancel,

    /// <summary>Another worker claims an instance and sleeps.</summary>
    Claim,

    /// <summary>The worker that slept wakes up and commits.</summary>
    Wake,
    SetAside,
    PutBack,

    /// <summary>The second effect fails from now on, or works again.</summary>
    Break,
    Retry,
    Migrate,
}

/// <summary>One thing that happens. Made of a number, so that a sequence of them shrinks as a list of numbers does.</summary>
/// <param name="Verb">What.</param>
/// <param name="Instance">To which instance.</param>
/// <param name="Number">Which key, event, span or call.</param>
public sealed record RuntimeCommand(RuntimeVerb Verb, string Instance, int Number)
{
    public const int Instances = 2;

    /// <summary>How often each happens, of all; work and signals move a run on, so there are more of them.</summary>
    private static readonly RuntimeVerb[] Verbs =
    [
        RuntimeVerb.Work, RuntimeVerb.Work, RuntimeVerb.Start, RuntimeVerb.Start, RuntimeVerb.Signal, RuntimeVerb.Signal, RuntimeVerb.Signal, RuntimeVerb.Pass, RuntimeVerb.Pass,
        RuntimeVerb.Die, RuntimeVerb.Die, RuntimeVerb.Cancel, RuntimeVerb.Claim, RuntimeVerb.Wake, RuntimeVerb.SetAside, RuntimeVerb.PutBack, RuntimeVerb.Break, RuntimeVerb.Retry,
        RuntimeVerb.Retry, RuntimeVerb.Migrate,
    ];

    /// <summary>Numbers go up to this.</summary>
    public const int Most = 20 * Instances * 12;

    public static RuntimeCommand From(int number)
    {
        var verb = Verbs[number % Verbs.Length];
        var rest = number / Verbs.Length;
        return new RuntimeCommand(verb, $"i{rest % Instances}", rest / Instances);
    }
}
