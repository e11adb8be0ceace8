namespace Elsa.Workflows.Management.Models;

/// <summary>A condition on an instant of an instance.</summary>
public class TimestampFilter
{
    /// <summary>CreatedAt, UpdatedAt or FinishedAt; letter case does not matter.</summary>
    public string Column { get; set; } = "";

    /// <summary>How it is compared.</summary>
    public TimestampFilterOperator Operator { get; set; }

    /// <summary>What it is compared with.</summary>
    public DateTimeOffset Timestamp { get; set; }
}

/// <summary>How two instants are compared.</summary>
public enum TimestampFilterOperator
{
    /// <summary>The same.</summary>
    Is,

    /// <summary>Not the same.</summary>
    IsNot,

    /// <summary>Before.</summary>
    LessThan,

    /// <summary>After.</summary>
    GreaterThan,

    /// <summary>Before or the same.</summary>
    LessThanOrEqual,

    /// <summary>After or the same.</summary>
    GreaterThanOrEqual,
}
