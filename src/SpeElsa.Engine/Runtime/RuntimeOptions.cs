using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Engine.Runtime;

/// <summary>Settings of the runtime.</summary>
public sealed class RuntimeOptions
{
    /// <summary>How many instances run at the same time in this process. Default 16.</summary>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 16;

    /// <summary>How long a claim lasts without being renewed. Default 30 seconds; renewed every third of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the store is asked for work that no bell announced. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an instance may fail for reasons that are not its activities' before it is set aside. Default 5.</summary>
    [Range(1, 100)]
    public int FailuresBeforeSettingAside { get; set; } = 5;
}
