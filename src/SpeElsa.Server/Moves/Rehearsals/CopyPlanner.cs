using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Lab;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Makes of what was discovered the order for copies, and says what they have not in common with the originals.</summary>
internal sealed class CopyPlanner
{
    private const string ManagementServer = "managementServer";
    private const string InstanceHost = "instanceHost";
    private const string ClientAccessServer = "clientAccessServer";
    private const string Administrator = "speelsa";
    private const int LongestName = 15;
    private const long SmallestInstance = 256 * 1024;
    private const long DefaultDisk = 512L << 30;

    /// <summary>Inputs that are paths on the copies.</summary>
    private static readonly string[] Paths = ["dataDirectory", "installDirectory"];

    /// <summary>A name that a machine is to get, and what an installer is started with.</summary>
    private static readonly string[] NoMachines = ["newName", "clientAccessName"];
    private static readonly string[] Installer = ["installerCommand", "installerArguments"];

    private readonly DiscoveredFleet _found;
    private readonly string _planId;
    private readonly long _mostBytes;
    private readonly List<string> _notes;
    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="found">What was discovered.</param>
    /// <param name="planId">The plan.</param>
    /// <param name="mostBytes">How much archive data the copies may have together.</param>
    /// <exception cref="RehearsalRefusedException">No copies can be made of it.</exception>
    public CopyPlanner(DiscoveredFleet found, string planId, long mostBytes)
    {
        (_found, _planId, _mostBytes, _notes) = (found, planId, mostBytes, [.. found.Notes]);
        foreach (var machine in found.Machines)
        {
            var name = Allowed(string.Equals(machine.Name, machine.ComputerName, StringComparison.OrdinalIgnoreCase) ? machine.Name : machine.ComputerName);
            if (_names.FirstOrDefault(other => string.Equals(other.Value, name, StringComparison.OrdinalIgnoreCase)).Key is { } twin)
            {
                throw new RehearsalRefusedException($"{twin} and {machine.Name} are both called {name}, and the copies can not be: rename the new server first, or rehearse with another one.");
            }

            _names[machine.Name] = name;
        }
    }

    /// <summary>What whoever reads the outcome has to know.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The copies by their names from outside, with the machine that each is a copy of.</summary>
    public IReadOnlyDictionary<string, string?> Machines { get; private set; } = new Dictionary<string, string?>();

    /// <summary>The order.</summary>
    /// <param name="settings">Of the Management Server's machine.</param>
    /// <param name="clientAccessName">The name by which end users come in; null where the plan has none.</param>
    public CopyOrder Order(MachineSettings settings, string? clientAccessName)
    {
        var installation = _found.Installation;
        var extra = ServersOfNoMachine();
        var services = _found.Machines.SelectMany(machine => machine.Services).ToLookup(service => service.Role, service => service.Name, StringComparer.Ordinal);
        var manager = _found.Machines.First(machine => machine.Name == installation.ManagementServer);
        Machines = _names.Select(pair => (pair.Value, (string?)pair.Key)).Concat(extra.Values.Distinct().Select(name => (name, (string?)null)))
            .ToDictionary(pair => Outside(pair.Item1), pair => pair.Item2, StringComparer.OrdinalIgnoreCase);
        var order = new CopyOrder
        {
            Domain = manager.FullName?.Split('.', 2) is [_, { Length: > 0 } domain] ? domain : LabFarm.Domain,
            Version = installation.Version,
            InstallDirectory = Path(settings.InstallDirectory),
            ManagementServerService = services[ManagementServer].FirstOrDefault() ?? settings.ServiceStems.ManagementServer,
            InstanceHostService = services[InstanceHost].FirstOrDefault() ?? settings.ServiceStems.InstanceHost,
            ClientAccessServerService = services[ClientAccessServer].FirstOrDefault() ?? settings.ServiceStems.ClientAccessServer,
            MissingFunctions = installation.MissingFunctions,
            Copy = new LabCopy(
                [.. _found.Machines.Select(Server), .. extra.Values.Distinct().Select(name => Stranger(name, extra))],
                Installation(manager, extra),
                DnsNames(clientAccessName)),
        };
        AddGeneralNotes();
        return order;
    }

    /// <summary>The inputs of the plan, with the copies in the place of their originals.</summary>
    public Dictionary<string, JsonElement> Inputs(IReadOnlyDictionary<string, JsonElement> inputs)
    {
        var copied = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in inputs)
        {
            var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
            if (Installer.Contains(name, StringComparer.Ordinal))
            {
                if (text.Length > 0)
                {
                    Note("The set-up is not started on the copies: the product is installed there by hand, as where the plan names no installer.");
                }

                continue;
            }

            copied[name] = text.Length == 0 || NoMachines.Contains(name, StringComparer.Ordinal) ? value
                : Paths.Contains(name, StringComparer.Ordinal) ? JsonSerializer.SerializeToElement(Path(text))
                : _names.TryGetValue(text, out var server) ? JsonSerializer.SerializeToElement(Outside(server))
                : value;
        }

        return copied;
    }

    /// <summary>Names of the domain that lead to a copy, since the name of the plan leads to its original.</summary>
    private Dictionary<string, string> DnsNames(string? clientAccessName) =>
        clientAccessName is { Length: > 0 } && _found.Machines.FirstOrDefault(machine => machine.IsEndUserName) is { } machine
            ? new() { [clientAccessName] = _names[machine.Name] }
            : [];

    private string Outside(string server) => $"{server}{LabSites.Separator}{_planId}";

    private LabServerCopy Server(DiscoveredMachine machine)
    {
        var free = machine.FreeBytes.Values.Sum();
        return new LabServerCopy(
            _names[machine.Name],
            free > 0 ? free : DefaultDisk,
            machine.ProductVersion,
            [.. machine.Services.Where(service => RoleOf(service.Role) is not null).Select(service => new LabServiceCopy(RoleOf(service.Role)!.Value, service.DisplayName, service.IsRunning, service.StartMode))],
            [.. machine.Certificates.Select(Certificate)],
            [.. machine.OpenPorts.Select(port => string.Create(CultureInfo.InvariantCulture, $"{port}")).Select(port => new LabFirewallRule($"Copied-{port}", $"Lets port {port} in on the original", port))],
            machine.ConfigurationFiles.Where(file => !file.Key.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.Key.AsSpan().ContainsAny('\\', '/'))
                .ToDictionary(file => file.Key, file => Math.Min(file.Value, SmallestInstance), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A server that only the Management Server has told of: it has the roles that it is known by, and they run.</summary>
    private LabServerCopy Stranger(string name, Dictionary<string, string> extra)
    {
        bool Has(IEnumerable<DiscoveredEntry> entries) => entries.Any(entry => extra.TryGetValue(entry.ServerName, out var server) && server == name);
        var roles = new[] { (ProductRole.InstanceHost, _found.Installation.InstanceHosts), (ProductRole.ClientAccessServer, _found.Installation.ClientAccessServers) }
            .Where(role => Has(role.Item2)).Select(role => new LabServiceCopy(role.Item1, $"{role.Item1}", IsRunning: true, LabService.Automatic));
        Note($"{name} is no machine of this server. Its copy has what the Management Server tells of it; that its services run is assumed.");
        return new LabServerCopy(name, DefaultDisk, _found.Installation.Version, [.. roles], [], [], new Dictionary<string, long>());
    }

    private LabInstallationCopy Installation(DiscoveredMachine manager, Dictionary<string, string> extra)
    {
        var installation = _found.Installation;
        var own = manager.Certificates.FirstOrDefault(certificate =>
            certificate.HasPrivateKey && new[] { certificate.FriendlyName, certificate.Subject }.Any(name => name.Contains("MailStoreManagementServer", StringComparison.OrdinalIgnoreCase)));
        if (own is null)
        {
            Note($"Which certificate the Management Server of {manager.Name} shows was not found out. Its copy has one of the product's usual name.");
        }

        foreach (var administrator in installation.Administrators.Where(administrator => administrator.HasMfa is null))
        {
            Note($"Whether {administrator.UserName} has MFA is not told. On the copies it is off.");
        }

        var caller = installation.Administrators.FirstOrDefault(administrator => string.Equals(administrator.UserName, Administrator, StringComparison.OrdinalIgnoreCase));
        var service = caller is null or { HasMfa: not true } ? Administrator : $"{Administrator}-rehearsal";
        if (caller is null || service != Administrator)
        {
            Note($"The copies have one administrator more, {service}, by whom their Management Server is asked.");
        }

        return new LabInstallationCopy(
            _names[manager.Name],
            own?.Thumbprint ?? "",
            installation.LicenseeName,
            [.. installation.InstanceHosts.Select(entry => Role(entry, ProductRole.InstanceHost, extra))],
            [.. installation.ClientAccessServers.Select(entry => Role(entry, ProductRole.ClientAccessServer, extra))],
            [.. Instances(installation)],
            [.. installation.Administrators.Select(administrator => new LabAdministratorCopy(administrator.UserName, administrator.FullName, administrator.HasMfa == true))],
            service,
            installation.SmtpConfiguration);
    }

    private IEnumerable<LabInstanceCopy> Instances(DiscoveredInstallation installation)
    {
        var all = installation.Instances.Sum(instance => instance.Bytes ?? 0);
        var scale = all > _mostBytes ? (double)_mostBytes / all : 1;
        if (scale < 1)
        {
            Note($"The instances hold {Megabytes(all)} MB. Their copies hold {Megabytes(_mostBytes)} MB together, at least {Megabytes(SmallestInstance)} MB each, of made-up files; free space is the real one.");
        }

        foreach (var instance in installation.Instances)
        {
            if (instance.Bytes is null)
            {
                Note($"How much the instance {instance.Id} holds is not told. Its copy has the least.");
            }

            yield return new LabInstanceCopy(
                instance.Id,
                instance.Alias,
                instance.DisplayName,
                instance.InstanceHost,
                Path(instance.BaseDirectory),
                instance.StartMode,
                instance.IsRunning,
                Math.Max(SmallestInstance, (long)((instance.Bytes ?? 0) * scale)),
                instance.Stores.Where(store => !store.Value.StartsWith(instance.BaseDirectory.TrimEnd('\\') + '\\', StringComparison.OrdinalIgnoreCase))
                    .ToDictionary(store => store.Key, store => Path(store.Value), StringComparer.Ordinal));
        }
    }

    private LabRoleCopy Role(DiscoveredEntry entry, ProductRole role, Dictionary<string, string> extra)
    {
        var machine = _found.Machines.FirstOrDefault(known => known.Name == entry.Machine);
        return new LabRoleCopy(
            entry.ServerName,
            entry.Machine is { } name ? _names[name] : extra[entry.ServerName],
            entry.Port ?? (role == ProductRole.InstanceHost ? 8472 : 8473),
            entry.Thumbprint ?? "",
            entry.BaseDirectory is { Length: > 0 } directory ? Path(directory) : null,
            machine?.HttpThumbprint,
            machine?.ImapThumbprint);
    }

    private Dictionary<string, string> ServersOfNoMachine()
    {
        var extra = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in _found.Installation.InstanceHosts.Concat(_found.Installation.ClientAccessServers).Where(entry => entry.Machine is null))
        {
            var name = Allowed(entry.ServerName.Split('.')[0]);
            for (var number = 2; !extra.ContainsKey(entry.ServerName) && _names.Values.Concat(extra.Values).Contains(name, StringComparer.OrdinalIgnoreCase); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{name[..Math.Min(name.Length, LongestName - 3)]}-{number}");
            }

            extra.TryAdd(entry.ServerName, name);
        }

        return extra;
    }

    private static LabCertificateCopy Certificate(DiscoveredCertificate certificate) => new(
        certificate.Thumbprint,
        SubjectOf(certificate),
        certificate.FriendlyName,
        certificate.NotAfter ?? TimeProvider.System.GetUtcNow().AddYears(1),
        certificate.HasPrivateKey,
        certificate.Exportable ?? true);

    /// <summary>Windows writes some names in a way that can not be read back; then the name for people has to do.</summary>
    private static string SubjectOf(DiscoveredCertificate certificate)
    {
        try
        {
            _ = new X500DistinguishedName(certificate.Subject);
            return certificate.Subject;
        }
        catch (CryptographicException)
        {
            return $"CN=\"{(certificate.FriendlyName.Length > 0 ? certificate.FriendlyName : certificate.Thumbprint).Replace("\"", "", StringComparison.Ordinal)}\"";
        }
    }

    /// <summary>The copies have a drive C: and nothing else.</summary>
    private string Path(string path)
    {
        if (path.Length > 1 && path[1] == ':' && char.ToUpperInvariant(path[0]) != 'C')
        {
            Note("The copies have drive C: only. What is on another drive, such as D:\\, is in C:\\Drive D, and its free space counts for C:.");
            return $@"C:\Drive {char.ToUpperInvariant(path[0])}{path[2..]}".TrimEnd('\\');
        }

        if (path.StartsWith(@"\\", StringComparison.Ordinal))
        {
            Note(@"The copies reach each other's drives and no share. What is on a share is in C:\Shares.");
            return $@"C:\Shares\{path.TrimStart('\\').Replace("$", "", StringComparison.Ordinal)}".TrimEnd('\\');
        }

        return path;
    }

    private void AddGeneralNotes() => Note(
        "The copies have other keys, passwords and licence than the originals, and the Windows of the lab: updates, runtimes, restarts that are due, programs of others, scanner and snapshots are not copied. "
        + "How long a step takes on them says nothing about the real machines.");

    private void Note(string note)
    {
        if (!_notes.Contains(note, StringComparer.Ordinal))
        {
            _notes.Add(note);
        }
    }

    private static string Allowed(string name)
    {
        var allowed = string.Concat(name.Select(character => char.IsAsciiLetterOrDigit(character) || character == '-' ? character : '-'));
        return allowed[..Math.Min(allowed.Length, LongestName)];
    }

    private static ProductRole? RoleOf(string role) => role switch
    {
        ManagementServer => ProductRole.ManagementServer,
        InstanceHost => ProductRole.InstanceHost,
        ClientAccessServer => ProductRole.ClientAccessServer,
        _ => null,
    };

    private static string Megabytes(long bytes) => (bytes / 1048576d).ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>A plan is not rehearsed.</summary>
/// <param name="reason">Why.</param>
internal sealed class RehearsalRefusedException(string reason) : Exception(reason);
