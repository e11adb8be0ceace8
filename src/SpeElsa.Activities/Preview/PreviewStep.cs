namespace SpeElsa.Activities;

/// <summary>A step of a move that has not begun.</summary>
public sealed record PreviewStep
{
    /// <summary>The step in the definition.</summary>
    public required string ActivityId { get; init; }

    /// <summary>Its name, as the designer shows it.</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary><see cref="Check"/>, <see cref="Act"/> or <see cref="Task"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it does, in words.</summary>
    public required string What { get; init; }

    /// <summary>The machines it works on, by their names in the fleet, as far as the plan names them.</summary>
    public required IReadOnlyList<string> Machines { get; init; }

    /// <summary>What has to be found for it to be done at all; null: it is always done.</summary>
    public string? OnlyIf { get; init; }

    /// <summary>Whether it is done for each instance or server by itself, several side by side.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Whether a service is down while it runs; in a part that is repeated, an instance or server.</summary>
    public bool IsDowntime { get; init; }

    /// <summary>Whether it moves or reads all data of the instances.</summary>
    public bool TakesAllData { get; init; }

    /// <summary>It looks and changes nothing.</summary>
    public const string Check = "check";

    /// <summary>It changes something by itself.</summary>
    public const string Act = "act";

    /// <summary>A person does it.</summary>
    public const string Task = "task";
}
