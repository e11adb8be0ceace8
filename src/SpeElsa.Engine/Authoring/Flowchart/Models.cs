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
