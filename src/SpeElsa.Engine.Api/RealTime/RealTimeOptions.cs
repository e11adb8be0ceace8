using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>How observers are told of what happens.</summary>
public sealed class RealTimeOptions
{
    /// <summary>How long news of an instance are gathered before they are sent. Default 150 milliseconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// After these pauses, one after the other, observers are told once more what they were told last, if nothing has happened since: Elsa
    /// Studio, busy with its drawing, may draw an older answer over it, and would show that for good. Default 2, 10 and 30 seconds.
    /// </summary>
    public IReadOnlyList<TimeSpan> RepeatAfter { get; set; } = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)];

    /// <summary>How many instances one connection may look at. Default 100.</summary>
    [Range(1, 10_000)]
    public int InstancesPerConnection { get; set; } = 100;

    /// <summary>How long after the negotiation a browser that can send no credentials may open its connection. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TicketLifetime { get; set; } = TimeSpan.FromSeconds(30);
}
