using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Writes down how things stand before the move, to compare with afterwards and to know what must be switched on again.</summary>
[Activity(
    "SpeElsa",
    "TakeBaseline",
    1,
    "Writes down how the old installation stands before the move",
    "Move checks",
    DisplayName = "Take baseline")]
public sealed class TakeBaseline : MoveStep
{
    /// <summary>The old server.</summary>
    [Input(DisplayName = "Source", Description = "The old server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Source { get; set; } = new("");

    /// <summary>Where the product is installed; empty: as configured for the machine.</summary>
    [Input(
        DisplayName = "Install directory",
        Description = "Where the product is installed; empty: as configured for the machine",
        UIHint = "singleline",
        Order = 2)]
    public Input<string> InstallDirectory { get; set; } = new("");

    /// <summary>Whose Management API is asked.</summary>
    [Input(
        DisplayName = "Management Server",
        Description = "The machine of the Management Server, by its name in the fleet; empty: the source",
        UIHint = "dropdown",
        UIHandler = typeof(MachineChoices),
        Order = 3)]
    public Input<string> ManagementServer { get; set; } = new("");

    /// <summary>The role that moves alone.</summary>
    [Input(
        DisplayName = "Role",
        Description = "The role that moves, which the source must have; empty: all three",
        UIHint = "dropdown",
        UIHandler = typeof(RoleChoices),
        Order = 4)]
    public Input<string> Role { get; set; } = new("");

    /// <summary>The name by which end users reach the Client Access Server.</summary>
    [Input(
        DisplayName = "Client access name",
        Description = "The name by which end users reach the Client Access Server, so that it can be looked up where it leads; empty: it is not looked up",
        UIHint = "singleline",
        Order = 5)]
    public Input<string> ClientAccessName { get; set; } = new("");

    /// <summary>Whether what can not be looked at is a blocked check, and nobody is asked.</summary>
    [Input(
        DisplayName = "Report only",
        Description = "Where it can not look, end with that as a blocked check and ask nobody; for a pre-flight on its own",
        UIHint = "checkbox",
        Order = 6)]
    public Input<bool> ReportOnly { get; set; } = new(false);

    /// <summary>How things stood.</summary>
    [Output(DisplayName = "Baseline", Description = "How things stood; bind it to a variable of the type Object")]
    public Output<object>? Baseline { get; set; }

    private protected override bool CanAct => false;

    private protected override bool CanSkip => false;

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Nothing("It only looked.");

    private protected override Observation? InPlaceOfQuestion(StepContext step, string reason) => step.Get(ReportOnly) ? PreFlightResult.Unable("source", reason) : null;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var source = step.Require(Source, nameof(Source));
        var settings = step.Settings(source);
        var directory = step.InstallDirectory(InstallDirectory, source);
        var facts = await step.ServerFactsAsync(source, directory);
        var services = await step.ServicesAsync(source, directory);
        var moving = step.Get(Role) ?? "";
        var wanted = moving.Length == 0 ? Roles.All : [moving];
        if (wanted.FirstOrDefault(role => services.All(service => service.Role != role)) is { } missing)
        {
            return Observation.CannotTell(
                $"{source} has no service of the role {Roles.Title(missing)} under {directory}. "
                + (moving.Length == 0 ? "This move needs all three roles on one server; check the install directory and the configured service names."
                    : "Check the source, the install directory and the configured service names."));
        }

        var manager = step.Get(ManagementServer) is { Length: > 0 } given ? given : source;
        using var api = await step.ApiAsync(manager);
        var environment = await api.GetEnvironmentInfoAsync(step.CancellationToken);
        var status = await api.GetServiceStatusAsync(step.CancellationToken);
        var instances = await DashboardReader.InstancesAsync(api, step.CancellationToken);
        var entries = new Dictionary<string, string>();
        foreach (var role in wanted.Where(role => role != Roles.ManagementServer))
        {
            // A server that was renamed already has one entry of each role, under a name that is not its own any more.
            var names = await RoleEntries.NamesAsync(api, role, step.CancellationToken);
            var entry = await RoleEntries.FindAsync(step, api, role, source) ?? (moving.Length == 0 && names.Count == 1 ? names[0] : null);
            if (entry is not null)
            {
                entries[role] = entry;
            }
            else if (moving.Length > 0)
            {
                return Observation.CannotTell($"The Management Server of {manager} knows no {Roles.Title(role)} of the name of {source}.");
            }
        }

        var others = moving.Length == 0 ? [] : instances.Where(instance => moving != Roles.InstanceHost || !RoleEntries.AreSame(instance.InstanceHost, entries[moving])).ToArray();
        instances = [.. instances.Except(others)];
        var access = moving == Roles.ClientAccessServer ? await EndUserAccess.ReadAsync(step, api, source, entries[moving]) : null;
        if (access?.Problem is { } problem)
        {
            return Observation.CannotTell(problem);
        }

        var baseline = new MoveBaseline
        {
            ComputerName = facts.ComputerName,
            FullName = facts.Fqdn ?? settings.HostName,
            ProductVersion = facts.ProductVersion ?? environment.Version,
            ApiVersion = environment.Version,
            ServerName = environment.ServerName,
            Services = [.. services.Where(service => service.Role is not null)],
            Certificates = access?.Certificates ?? await step.CertificatesAsync(source),
            Messages = DashboardReader.Messages(status),
            Roles = await DashboardReader.RolesAsync(api, status, step.CancellationToken),
            Role = moving,
            ManagementServer = step.Get(ManagementServer) ?? "",
            Entries = entries,
            EndUserCertificates = access?.Shown ?? [],
            EndUserName = await EndUserAccess.LookUpAsync(step, source, step.Get(ClientAccessName)),
            Instances = instances,
            OtherInstances = others,
            Administrators =
            [
                .. (await api.GetSystemAdministratorsAsync(settings.MfaField, step.CancellationToken))
                    .Select(
                        administrator => new BaselineAdministrator(
                            administrator.UserName, administrator.FullName, administrator.MfaEnabled)),
            ],
            Smtp = ReadSmtp(await api.GetSystemSmtpConfigurationAsync(step.CancellationToken)),
            ByHand = ApiNeed.Missing(await step.MetadataAsync(manager, api), moving),
        };
        Put(step.Context, Baseline, Wire.Plain(baseline));
        return Observation.Done(Summary(baseline));
    }

    private static BaselineSmtp ReadSmtp(JsonObject configuration)
    {
        var user = configuration.FirstOrDefault(pair => pair.Key.ToUpperInvariant() is "USERNAME" or "USER").Value;
        var name = user is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
        return new BaselineSmtp(
            name is not null,
            name,
            DashboardReader.Text(configuration, "hostname") ?? DashboardReader.Text(configuration, "hostName") ?? DashboardReader.Text(configuration, "serverName"));
    }

    private static object Summary(MoveBaseline baseline) => new
    {
        baseline.ComputerName,
        version = baseline.ProductVersion,
        services = baseline.Services.Select(service => $"{service.Role}: {service.Name} ({service.State}, {service.StartMode})"),
        certificates = baseline.Certificates.Select(certificate => certificate.Thumbprint),
        endUsersSee = baseline.EndUserCertificates,
        endUsersReach = baseline.EndUserName,
        instances = baseline.Instances.Concat(baseline.OtherInstances).Select(
            instance => $"{instance.Id}: {instance.Status}, {instance.Messages} messages, {instance.BaseDirectory}"),
        mfa = baseline.MfaAdministrators,
        smtpUser = baseline.Smtp.UserName,
        byHand = baseline.ByHand,
        errors = baseline.Messages.Where(IsError).Select(message => message.Text),
    };

    private static bool IsError(BaselineMessage message) => string.Equals(message.Type, "error", StringComparison.OrdinalIgnoreCase);
}
