namespace Elsa.Workflows.Activities.Flowchart.Models;

/// <summary>The outcomes with which an activity completed; each activates the connections from the port of that name.</summary>
public class Outcomes(params string[] names)
{
    /// <summary>The outcome names.</summary>
    public string[] Names { get; set; } = names;

    /// <summary>The single outcome "Done".</summary>
    public static Outcomes Default => new("Done");

    /// <summary>No outcome: nothing follows.</summary>
    public static Outcomes Empty => new();
}

/// <summary>One end of a connection.</summary>
public class Endpoint
{
    /// <summary>Creates an end that is filled in later.</summary>
    public Endpoint()
    {
    }

    /// <summary>Creates an end.</summary>
    public Endpoint(IActivity activity, string? port = null)
    {
        Activity = activity;
        Port = port;
    }

    /// <summary>The activity.</summary>
    public IActivity Activity { get; set; } = null!;

    /// <summary>The port; null is "Done" at a source and "In" at a target.</summary>
    public string? Port { get; set; }
}

/// <summary>An arrow of a flowchart.</summary>
public class Connection
{
    /// <summary>Creates an arrow that is filled in later.</summary>
    public Connection()
    {
    }

    /// <summary>Creates an arrow.</summary>
    public Connection(Endpoint source, Endpoint target)
    {
        Source = source;
        Target = target;
    }

    /// <summary>Creates an arrow from the outcome "Done".</summary>
    public Connection(IActivity source, IActivity target)
        : this(new Endpoint(source), new Endpoint(target))
    {
    }

    /// <summary>Where it begins.</summary>
    public Endpoint Source { get; set; } = null!;

    /// <summary>Where it ends.</summary>
    public Endpoint Target { get; set; } = null!;

    /// <summary>Bends the designer drew.</summary>
    public ICollection<Position> Vertices { get; set; } = [];
}

/// <summary>A point on the designer's canvas.</summary>
public class Position
{
    /// <summary>To the right.</summary>
    public double X { get; set; }

    /// <summary>Down.</summary>
    public double Y { get; set; }
}

/// <summary>When an activity with several arrows into it runs. Set on the activity as the custom property "mergeMode"; see <see cref="Activities.Flowchart"/>.</summary>
public enum MergeMode
{
    /// <summary>As <see cref="Merge"/>.</summary>
    None = 0,

    /// <summary>With each arrival, unless an activity right before it still runs or waits.</summary>
    Stream = 1,

    /// <summary>When every branch that was taken has arrived.</summary>
    Merge = 2,

    /// <summary>When every branch has arrived; one that was not taken blocks it.</summary>
    Converge = 3,

    /// <summary>Once for each arrival.</summary>
    Cascade = 4,

    /// <summary>With the first arrival; what is still on a way to it is given up.</summary>
    Race = 5,
}

/// <summary>Which branches a join waits for.</summary>
public enum FlowJoinMode
{
    /// <summary>All; one that was not taken blocks it. See <see cref="MergeMode.Converge"/>.</summary>
    WaitAll = 0,

    /// <summary>All that were taken. See <see cref="MergeMode.Merge"/>.</summary>
    WaitAllActive = 1,

    /// <summary>The first. See <see cref="MergeMode.Race"/>.</summary>
    WaitAny = 2,
}
