using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Server.Tasks;

/// <summary>How tasks of people are looked after.</summary>
public sealed class TaskSettings
{
    /// <summary>How long a task is kept for whoever has taken it, without a sign of life. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>When a task is due whose procedure does not say so, counted from when it is asked. Default: never.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan? DueAfter { get; set; }

    /// <summary>How long a link is good with which somebody answers a task without signing in. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The largest file that may be given as evidence, in bytes. Default 10 MiB.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long LargestFile { get; set; } = 10 * 1024 * 1024;
}
