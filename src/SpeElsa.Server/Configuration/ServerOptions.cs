using System.ComponentModel.DataAnnotations;
using SpeElsa.Lab;
using SpeElsa.Server.Identity.OpenId;
using SpeElsa.Server.Moves.Plans;
using SpeElsa.Server.Notices;
using SpeElsa.Server.Tasks;
using SpeElsa.Server.Telemetry;

namespace SpeElsa.Server.Configuration;

/// <summary>Settings of the server. Each has a default that works; see appsettings.json.</summary>
public sealed class ServerOptions
{
    /// <summary>Where database, logs, keys and the lab live; relative to the folder the server was started in. Default "data".</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>The machines, how they are reached and what is special about them; those of the lab need no entry.</summary>
    public IList<MachineOptions> Machines { get; set; } = [];

    /// <summary>The simulated farm.</summary>
    public LabSettings Lab { get; set; } = new();

    /// <summary>How plans start by themselves.</summary>
    public PlanSettings Plans { get; set; } = new();

    /// <summary>How tasks of people are looked after.</summary>
    public TaskSettings Tasks { get; set; } = new();

    /// <summary>Whom the server tells what happens.</summary>
    public NoticeSettings Notices { get; set; } = new();

    /// <summary>Where traces and metrics go.</summary>
    public TelemetrySettings Telemetry { get; set; } = new();

    /// <summary>How people sign in.</summary>
    public SignInSettings SignIn { get; set; } = new();

    /// <summary>The data folder as a full path.</summary>
    public string DataPath => Path.GetFullPath(DataDirectory);

    /// <summary>The database file.</summary>
    public string DatabasePath => Path.Combine(DataPath, "speelsa.db");
}

/// <summary>How people sign in.</summary>
public sealed class SignInSettings
{
    /// <summary>How many sign-ins one address may try in a minute. Default 30.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerMinute { get; set; } = 30;

    /// <summary>How many answers and signals one address may send in a minute. Default 6000.</summary>
    [Range(1, 10_000_000)]
    public int SignalsPerMinute { get; set; } = 6000;

    /// <summary>How many wrong passwords or codes lock an account out. Default 5.</summary>
    [Range(1, 100)]
    public int LockOutAfter { get; set; } = 5;

    /// <summary>How long it stays locked out. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan LockOutFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts in which nothing is done. Default 8 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(8);

    /// <summary>A provider of OpenID Connect that people sign in with, too. Default none.</summary>
    public OpenIdSettings OpenId { get; set; } = new();

    /// <summary>How long a new API key of a program is good where its maker names no end. Default 365 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan ApiKeyLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How long the link is good that makes the first administrator. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SetUpLinkLifetime { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Settings of the simulated farm.</summary>
public sealed class LabSettings
{
    /// <summary>Whether there is one. Default true; switch it off on a server that moves real machines.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Which farms there are: Single (spe-old, spe-new), Multi (spe-mgmt and its hosts), or All. Default All.</summary>
    public LabFarmKind Farm { get; set; } = LabFarmKind.All;

    /// <summary>Extra time a slow step takes. Default none.</summary>
    public TimeSpan SlowStep { get; set; }

    /// <summary>How fast files are copied, in bytes per second; 0 (default) is as fast as the disk.</summary>
    [Range(0, double.MaxValue)]
    public double CopyBytesPerSecond { get; set; }

    /// <summary>A script that stops at <see cref="HoldAt"/> until the process is killed; for tests.</summary>
    public string? HoldScript { get; set; }

    /// <summary>before, middle or after; for tests.</summary>
    public string? HoldAt { get; set; }

    /// <summary>What is appended to the names of the simulated services, to prove that nothing relies on them.</summary>
    public string ServiceSuffix { get; set; } = "";

    /// <summary>Where the lab takes the keys of its certificates from, and makes those that are missing; none (default) makes every key anew. For tests.</summary>
    public string? KeyFolder { get; set; }

    /// <summary>How many bytes of archive the farm is made with. Default 24 MiB.</summary>
    [Range(0, 10L * 1024 * 1024 * 1024)]
    public long ArchiveBytes { get; set; } = 24 * 1024 * 1024;
}
