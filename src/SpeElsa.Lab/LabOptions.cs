namespace SpeElsa.Lab;

/// <summary>Where the simulated farm lives and how it behaves.</summary>
public sealed class LabOptions
{
    /// <summary>Whether the host offers the lab at all. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The folder that holds the farm: one file of farm-wide facts and one folder for each server.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The domain of the servers. Names are looked up in the farm only, so it may be one that exists. Default: <see cref="LabFarm.Domain"/>.</summary>
    public string Domain { get; set; } = LabFarm.Domain;

    /// <summary>How much longer a slow step (starting or stopping a service, an installation) takes. Default: no longer.</summary>
    public TimeSpan SlowStep { get; set; }

    /// <summary>The speed of a file copy in bytes per second; 0 (the default) is as fast as it goes.</summary>
    public double CopyBytesPerSecond { get; set; }

    /// <summary>
    /// The name of a machine script, e.g. <c>Copy-Directory</c>, that is to stop at <see cref="HoldAt"/>, or several with commas between;
    /// <c>*</c> is any, null is none.
    /// </summary>
    public string? HoldScript { get; set; }

    /// <summary>
    /// <c>before</c> (begun, nothing done), <c>middle</c> (after its first effect), <c>after</c> (done, reply not delivered) or <c>*</c>
    /// (any). Reached once in a process, the lab writes the file <c>hold.reached</c> and holds that script until the process is killed or
    /// the farm is closed. Where several scripts are meant, each place holds once in the life of the farm; <c>held.txt</c> lists them.
    /// </summary>
    public string? HoldAt { get; set; }
}
