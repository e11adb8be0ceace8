using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>How plans start by themselves.</summary>
public sealed class PlanSettings
{
    /// <summary>How long before its time a scheduled plan is checked. Default 1 hour; zero: not by itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan CheckBefore { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How much too late a plan may start when the server was down at its time. Later it is not started: the maintenance window that it was meant for may be
    /// over. Default 15 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LatestStart { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long before the end of its window a move warns when no move of its procedure has been measured. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan WarnBefore { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How many bytes of archive the copies of a rehearsal have together, at most, about. Default 24 MiB.</summary>
    [Range(0, 10L * 1024 * 1024 * 1024)]
    public long RehearsalBytes { get; set; } = 24 * 1024 * 1024;
}
