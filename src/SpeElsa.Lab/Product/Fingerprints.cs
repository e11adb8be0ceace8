using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>Takes fingerprints of servers; changes nothing.</summary>
internal sealed class Fingerprints(LabFarm farm, LabProductNames names, RoleSimulation simulation)
{
    // Where Windows, programs, logs and tickets are: nothing of an archive.
    private static readonly string[] SystemFolders = ["Program Files", "ProgramData", "Users", "Windows"];

    private static readonly EnumerationOptions NoLinks =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public LabFingerprint Take(LabServer server)
    {
        lock (simulation.Gate)
        {
            var facts = new LabServerFacts(
                server.ComputerName,
                FarmFacts.LicensedServer(farm, FarmFacts.KindOf(server)),
                [.. server.Services.OrderBy(service => service.Name, StringComparer.Ordinal)
                    .Select(service => new LabServiceFact(service.Name, service.State, service.StartMode))],
                [.. server.Certificates().OrderBy(certificate => certificate.Thumbprint, StringComparer.Ordinal)
                    .Select(certificate => new LabCertificateFact(
                        certificate.Thumbprint, certificate.FriendlyName, certificate.HasPrivateKey))],
                ConfigurationFiles(server),
                Data(server),
                new SortedDictionary<string, string>(
                    InstanceStates.All(server).ToDictionary(pair => pair.Key, pair => pair.Value.Status), StringComparer.Ordinal),
                Product(server));
            return new LabFingerprint(
                Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(facts, AtomicFile.Json))), facts);
        }
    }

    private SortedDictionary<string, string> ConfigurationFiles(LabServer server)
    {
        var root = server.ToLocalPath(names.ConfigDirectory);
        var database = server.ToLocalPath(names.DatabasePath);
        return new(
            Files(root).Where(file => file != database).ToDictionary(file => NameIn(root, file), file => Convert.ToHexStringLower(Digest(file))),
            StringComparer.Ordinal);
    }

    /// <summary>The folders two levels below the drive, as <c>C:\MailStoreData\acme</c>, and files that lie in none.</summary>
    private static SortedDictionary<string, string> Data(LabServer server)
    {
        var folders = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var top in Directory.EnumerateFileSystemEntries(server.DriveRoot).Where(entry => !SystemFolders.Contains(Path.GetFileName(entry))))
        {
            var entries = Directory.Exists(top) ? Directory.EnumerateFileSystemEntries(top, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint }) : [top];
            foreach (var entry in entries)
            {
                folders[@"C:\" + NameIn(server.DriveRoot, entry)] = Convert.ToHexStringLower(File.Exists(entry) ? Digest(entry) : DigestOfAll(entry));
            }
        }

        return folders;
    }

    private LabProductFacts? Product(LabServer server)
    {
        ManagementDatabase database;
        try
        {
            database = ManagementDatabase.Read(server, names);
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidDataException)
        {
            // Not a Management Server, or its database is half copied.
            return null;
        }

        var manager = simulation.Manager(server.Name);
        return new LabProductFacts(
            database.DatabaseId,
            database.ProductVersion,
            [.. database.InstanceHosts.Select(Line).Order(StringComparer.Ordinal)],
            [.. database.ClientAccessServers.Select(Line).Order(StringComparer.Ordinal)],
            [.. database.Instances.OrderBy(instance => instance.InstanceId, StringComparer.Ordinal).Select(instance => new LabInstanceFact(
                instance.InstanceId,
                instance.InstanceHost,
                instance.BaseDirectory,
                instance.StartMode,
                instance.ArchiveAdminEnabled,
                manager is not null && simulation.HostOf(manager, instance) is { } host
                    ? InstanceStates.Get(host.Server, instance.InstanceId)?.Status ?? InstanceState.StoppedStatus
                    : "notConnected"))],
            [.. database.SystemAdministrators.OrderBy(administrator => administrator.UserName, StringComparer.Ordinal).Select(
                administrator => new LabAdministratorFact(
                    administrator.UserName, Protected(server, administrator.MfaSecret, "off", "on")))],
            Protected(server, database.SystemSmtpPassword, "none", "readable"),
            database.SystemSmtpConfiguration?.ToJsonString());
    }

    private static string Line(DatabaseServer entry) =>
        $"{entry.ServerName}:{entry.Port} {entry.ServerCertificate.Thumbprint} {entry.BaseDirectory}".TrimEnd();

    private static string Protected(LabServer server, string? value, string none, string readable) =>
        value is null ? none : MachineKey.Unprotect(server, value) is null ? "unreadable" : readable;

    private static byte[] DigestOfAll(string directory)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files(directory))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(NameIn(directory, file) + "\n"));
            hash.AppendData(Digest(file));
        }

        return hash.GetHashAndReset();
    }

    private static IEnumerable<string> Files(string directory) => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*", NoLinks).Order(StringComparer.Ordinal)
        : [];

    private static byte[] Digest(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return SHA256.HashData(stream);
    }

    private static string NameIn(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '\\');
}
