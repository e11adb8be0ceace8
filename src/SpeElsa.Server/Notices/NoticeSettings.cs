using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace SpeElsa.Server.Notices;

/// <summary>Whom the server tells what happens, and when it keeps quiet.</summary>
public sealed class NoticeSettings : IValidatableObject
{
    /// <summary>Web addresses that are told. Default: none.</summary>
    public IList<WebhookSettings> Webhooks { get; set; } = [];

    /// <summary>How often people are reminded of a task that is overdue. Default 30 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan RemindEvery { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Who else is told when a task stays overdue, step by step. Default: nobody.</summary>
    public IList<EscalationSettings> Escalations { get; set; } = [];

    /// <summary>When nobody is disturbed unless services are down. Default: never.</summary>
    public QuietHoursSettings? QuietHours { get; set; }

    /// <summary>Whether mails about a task hold a link with which whoever gets them answers it without signing in. Default false: mails are read by more than one eye.</summary>
    public bool LinksInMails { get; set; }

    /// <summary>For how long it is tried to tell somebody. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var webhook in Webhooks)
        {
            if (string.IsNullOrWhiteSpace(webhook.Name) || Webhooks.Count(other => other.Name == webhook.Name) > 1)
            {
                yield return new ValidationResult($"Notices:Webhooks: each needs a Name of its own; '{webhook.Name}' is none.");
            }

            if (webhook.Url is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            {
                yield return new ValidationResult($"Notices:Webhooks:{webhook.Name}:Url '{webhook.Url}' is no http or https address.");
            }

            foreach (var name in webhook.Events.Where(name => !NoticeEvents.All.Contains(name, StringComparer.Ordinal)))
            {
                yield return new ValidationResult($"Notices:Webhooks:{webhook.Name}:Events knows no '{name}'; there are {string.Join(", ", NoticeEvents.All)}.");
            }
        }

        foreach (var step in Escalations.Where(step => step.After <= TimeSpan.Zero || string.IsNullOrWhiteSpace(step.Role)))
        {
            yield return new ValidationResult($"Notices:Escalations: a step has a time After the task was due and a Role; {step.After} '{step.Role}' is none.");
        }

        if (QuietHours is { } quiet && quiet.Problem is { } problem)
        {
            yield return new ValidationResult($"Notices:QuietHours: {problem}");
        }
    }
}

/// <summary>A web address that is told.</summary>
public sealed class WebhookSettings
{
    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>The address.</summary>
    public Uri? Url { get; set; }

    /// <summary>The name of the secret that its calls are signed with; stored with PUT /api/secrets/{name}. Without one they are not signed.</summary>
    public string? Secret { get; set; }

    /// <summary>Json (default) or Teams: an adaptive card for a Teams channel.</summary>
    public WebhookFormat Format { get; set; }

    /// <summary>What it is told; none: everything.</summary>
    public IList<string> Events { get; set; } = [];
}

/// <summary>What a web address is told in.</summary>
public enum WebhookFormat
{
    /// <summary>The facts.</summary>
    Json,

    /// <summary>An adaptive card, as incoming webhooks of Microsoft Teams take it.</summary>
    Teams,
}

/// <summary>Who else is told when a task stays overdue.</summary>
public sealed class EscalationSettings
{
    /// <summary>How long after it was due.</summary>
    public TimeSpan After { get; set; }

    /// <summary>The people with this role.</summary>
    public string Role { get; set; } = "";
}

/// <summary>When nobody is disturbed.</summary>
public sealed class QuietHoursSettings
{
    /// <summary>From when, hh:mm.</summary>
    public string From { get; set; } = "";

    /// <summary>Until when, hh:mm; the next day where that is earlier.</summary>
    public string To { get; set; } = "";

    /// <summary>Where these are the times, such as Europe/Berlin. Default UTC.</summary>
    public string TimeZone { get; set; } = "UTC";

    internal string? Problem =>
        !Time(From, out _) || !Time(To, out _) ? $"From '{From}' and To '{To}' are times like 22:00."
        : !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) ? $"There is no time zone '{TimeZone}'."
        : null;

    /// <summary>When it may be told: now, or when the quiet hours end.</summary>
    internal DateTimeOffset NextTime(DateTimeOffset now)
    {
        if (!Time(From, out var from) || !Time(To, out var to) || from == to)
        {
            return now;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        if (!time.IsBetween(from, to))
        {
            return now;
        }

        var end = DateOnly.FromDateTime(local.DateTime).AddDays(time < to ? 0 : 1).ToDateTime(to);

        // An hour that a change of the clocks leaves out begins with the next one.
        end = zone.IsInvalidTime(end) ? end.AddHours(1) : end;
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }

    private static bool Time(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}

/// <summary>What is told. The names are a contract with whoever is told.</summary>
internal static class NoticeEvents
{
    public const string TaskOpened = "taskOpened";
    public const string TaskReminder = "taskReminder";
    public const string TaskEscalated = "taskEscalated";
    public const string MoveEnded = "moveEnded";
    public const string WindowEndangered = "windowEndangered";

    public static IReadOnlyList<string> All { get; } = [TaskOpened, TaskReminder, TaskEscalated, MoveEnded, WindowEndangered];
}
