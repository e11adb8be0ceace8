using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>How much a difference matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
internal enum FindingSeverity
{
    /// <summary>What a move changes, or what is better than before.</summary>
    Information,

    /// <summary>To be looked at; users have their service.</summary>
    Warning,

    /// <summary>Something that worked does not work.</summary>
    Error,
}

/// <summary>What a difference is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingScope>))]
internal enum FindingScope
{
    Server,
    Role,
    Instance,
    Store,
}

/// <summary>A difference between the baseline and now.</summary>
/// <param name="Scope">What it is about.</param>
/// <param name="Subject">Which one, by name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Text">What differs, in a sentence.</param>
internal sealed record DashboardFinding(FindingScope Scope, string Subject, FindingSeverity Severity, string Text);

/// <summary>The installation as it is now, in the shapes of the baseline.</summary>
internal sealed record DashboardView
{
    public required string Version { get; init; }

    public required string ServerName { get; init; }

    public IReadOnlyList<BaselineMessage> Messages { get; init; } = [];

    public IReadOnlyList<BaselineRole> Roles { get; init; } = [];

    public IReadOnlyList<BaselineInstance> Instances { get; init; } = [];
}

/// <summary>
/// Baseline × now → findings; pure, so that each rule is seen by a test. What was wrong before and still is, is no finding: a move does not
/// have to put it right.
/// </summary>
internal static class DashboardComparison
{
    private static readonly StringComparer Names = StringComparer.OrdinalIgnoreCase;

    /// <summary>Compares. The worst come first, within a severity in the order server, role, instance, store.</summary>
    public static IReadOnlyList<DashboardFinding> Compare(MoveBaseline before, DashboardView now) =>
    [
        .. Servers(before, now).Concat(Roles(before, now)).Concat(Instances(before, now))
            .OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.Scope),
    ];

    /// <summary>Compares one instance.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="now">As it is; null when it is gone.</param>
    public static IReadOnlyList<DashboardFinding> Compare(BaselineInstance before, BaselineInstance? now) =>
        now is null ? [new(FindingScope.Instance, before.Id, FindingSeverity.Error, $"The instance {before.Id} is gone.")] : [.. Instance(before, now), .. Stores(before, now)];

    private static IEnumerable<DashboardFinding> Servers(MoveBaseline before, DashboardView now)
    {
        DashboardFinding Found(FindingSeverity severity, string text) => new(FindingScope.Server, now.ServerName, severity, text);

        if (!Versions.AreSame(now.Version, before.ApiVersion))
        {
            yield return Found(FindingSeverity.Error, $"The version is {now.Version}, before it was {before.ApiVersion}.");
        }

        if (!Names.Equals(now.ServerName, before.ServerName))
        {
            yield return Found(FindingSeverity.Information, $"The server name is {now.ServerName}, before it was {before.ServerName}.");
        }

        var replacedBy = ReplacedBy(before, now.Roles);
        var known = before.Messages.Select(message => (message.Type.ToUpperInvariant(), message.Text)).ToHashSet();
        foreach (var message in now.Messages.Where(message => !known.Contains((message.Type.ToUpperInvariant(), message.Text))))
        {
            var text = message.Text ?? message.Tag ?? "no text";
            switch (message.Type.ToUpperInvariant())
            {
                case "ERROR" when replacedBy is not null && DashboardReader.IsAboutClientAccess(message.Text, message.Tag) && DashboardReader.Names(message.Text, message.Tag, before.Entries[before.Role]):
                    yield return Found(FindingSeverity.Information, $"On the dashboard, because the role moves: {text}");
                    break;
                case "ERROR":
                    yield return Found(FindingSeverity.Error, $"Error on the dashboard: {text}");
                    break;
                case "WARNING":
                    yield return Found(FindingSeverity.Warning, $"Warning on the dashboard: {text}");
                    break;
            }
        }

        var present = now.Messages.Select(message => message.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in before.Messages.Where(message => !Names.Equals(message.Type, "information") && !present.Contains(message.Text)))
        {
            yield return Found(FindingSeverity.Information, $"No longer on the dashboard: {gone.Text ?? gone.Tag}");
        }
    }

    private static IEnumerable<DashboardFinding> Roles(MoveBaseline before, DashboardView now)
    {
        foreach (var role in before.Roles)
        {
            var title = $"{Activities.Roles.Title(role.Role)} {role.ServerName}";
            if (IsReplaced(before, role) && ReplacedBy(before, now.Roles) is { } successor)
            {
                yield return new(FindingScope.Role, title, FindingSeverity.Information, $"The {title} is out of service or gone; {successor} serves in its place.");
            }
            else if (Counterpart(role, before, now) is not { } found)
            {
                yield return new(FindingScope.Role, title, FindingSeverity.Error, $"The {title} is not known any more.");
            }
            else if (role.IsConnected == true && found.IsConnected == false)
            {
                yield return new(FindingScope.Role, title, FindingSeverity.Error, $"The {title} was connected and is not. {found.Problem}".TrimEnd());
            }
            else if (role.IsConnected == true && found.IsConnected is null)
            {
                yield return new(FindingScope.Role, title, FindingSeverity.Warning, $"Whether the {title} is connected can not be told. {found.Problem}".TrimEnd());
            }
        }

        foreach (var added in now.Roles.Where(role => before.Roles.Count > 0 && before.Roles.All(other => other.Role != role.Role || !Names.Equals(other.ServerName, role.ServerName))))
        {
            var title = $"{Activities.Roles.Title(added.Role)} {added.ServerName}";
            yield return new(FindingScope.Role, title, FindingSeverity.Information, $"The {title} is new.");
        }
    }

    /// <summary>
    /// The Client Access Server that serves in the place of the one that moves: its service is stopped before the new one starts, so that it is not
    /// connected is what the move wants. Null while none does.
    /// </summary>
    private static string? ReplacedBy(MoveBaseline before, IReadOnlyList<BaselineRole> now) =>
        before.Role == Activities.Roles.ClientAccessServer
        && now.FirstOrDefault(role => IsReplaced(before, role))?.IsConnected != true
            ? now.FirstOrDefault(role => role.Role == before.Role && role.IsConnected == true && before.Roles.All(other => other.Role != role.Role || !Names.Equals(other.ServerName, role.ServerName)))?.ServerName
            : null;

    private static bool IsReplaced(MoveBaseline before, BaselineRole role) =>
        before.Role == Activities.Roles.ClientAccessServer && role.Role == before.Role && Names.Equals(role.ServerName, before.Entries.GetValueOrDefault(before.Role));

    /// <summary>The role of the same server; or, where each side has one of its kind, that one: its server may have been renamed.</summary>
    private static BaselineRole? Counterpart(BaselineRole role, MoveBaseline before, DashboardView now)
    {
        var candidates = now.Roles.Where(other => other.Role == role.Role).ToArray();
        return candidates.FirstOrDefault(other => Names.Equals(other.ServerName, role.ServerName))
            ?? (candidates.Length == 1 && before.Roles.Count(other => other.Role == role.Role) == 1 ? candidates[0] : null);
    }

    private static IEnumerable<DashboardFinding> Instances(MoveBaseline before, DashboardView now)
    {
        foreach (var instance in before.Instances.Concat(before.OtherInstances))
        {
            var found = now.Instances.FirstOrDefault(other => other.Id == instance.Id);
            foreach (var finding in Compare(instance, found))
            {
                yield return finding;
            }
        }

        foreach (var added in now.Instances.Where(instance => before.Instances.Concat(before.OtherInstances).All(other => other.Id != instance.Id)))
        {
            yield return new(FindingScope.Instance, added.Id, FindingSeverity.Information, $"The instance {added.Id} is new.");
        }
    }

    private static IEnumerable<DashboardFinding> Instance(BaselineInstance before, BaselineInstance now)
    {
        DashboardFinding Found(FindingSeverity severity, string text) => new(FindingScope.Instance, before.Id, severity, text);

        if (before.WasRunning && !now.WasRunning)
        {
            yield return Found(FindingSeverity.Error, $"The instance {before.Id} ran and is now {now.Status}. {now.StartStopError}".TrimEnd());
            yield break;
        }

        if (!before.WasRunning && now.WasRunning)
        {
            yield return Found(FindingSeverity.Information, $"The instance {before.Id} was {before.Status} and runs now.");
        }
        else if (!now.WasRunning && !string.IsNullOrEmpty(now.StartStopError) && now.StartStopError != before.StartStopError)
        {
            yield return Found(FindingSeverity.Warning, $"The instance {before.Id} did not run before either; now it says: {now.StartStopError}");
        }

        if (before.Messages is { } count && now.WasRunning)
        {
            if (now.Messages is not { } held)
            {
                yield return Found(FindingSeverity.Warning, $"How many messages the instance {before.Id} holds can not be read any more; before it were {count}.");
            }
            else if (held < count)
            {
                yield return Found(FindingSeverity.Error, $"The instance {before.Id} held {count} messages and holds {held}.");
            }
            else if (now.Megabytes < before.Megabytes)
            {
                yield return Found(FindingSeverity.Warning, FormattableString.Invariant($"The instance {before.Id} held {before.Megabytes} MB and holds {now.Megabytes} MB, with no message less."));
            }
        }

        if (!DataMove.AreSame(before.BaseDirectory, now.BaseDirectory))
        {
            yield return Found(FindingSeverity.Information, $"The base directory of {before.Id} is {now.BaseDirectory}, before it was {before.BaseDirectory}.");
        }
    }

    private static IEnumerable<DashboardFinding> Stores(BaselineInstance before, BaselineInstance now)
    {
        // An instance that does not run shows no stores; that it does not run is said already.
        if (!now.WasRunning)
        {
            yield break;
        }

        foreach (var store in before.Stores)
        {
            var name = $"{store.Name} of {before.Id}";
            DashboardFinding Found(FindingSeverity severity, string text) => new(FindingScope.Store, name, severity, text);

            if (now.Stores.FirstOrDefault(other => other.Id == store.Id) is not { } found)
            {
                yield return Found(FindingSeverity.Error, $"The store {name} is gone.");
                continue;
            }

            if (!string.IsNullOrEmpty(found.Error) && found.Error != store.Error)
            {
                yield return Found(FindingSeverity.Error, $"The store {name} has an error: {found.Error}");
            }

            if (found.NeedsRebuild && !store.NeedsRebuild)
            {
                yield return Found(FindingSeverity.Error, $"The search indexes of the store {name} need to be rebuilt.");
            }

            if (found.NeedsUpgrade && !store.NeedsUpgrade)
            {
                yield return Found(FindingSeverity.Error, $"The store {name} needs an upgrade.");
            }

            if (store.RequestedState is not null && !Names.Equals(found.RequestedState, store.RequestedState))
            {
                yield return Found(FindingSeverity.Warning, $"The store {name} is {found.RequestedState}, before it was {store.RequestedState}.");
            }
        }

        foreach (var found in now.Stores.Where(store => before.Stores.Count > 0 && before.Stores.All(other => other.Id != store.Id)))
        {
            var broken = !string.IsNullOrEmpty(found.Error);
            yield return new(
                FindingScope.Store,
                $"{found.Name} of {before.Id}",
                broken ? FindingSeverity.Error : FindingSeverity.Information,
                $"The store {found.Name} of {before.Id} is new{(broken ? $" and has an error: {found.Error}" : ".")}");
        }
    }
}
