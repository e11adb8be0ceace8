using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

// The entries of the database that stand for Instance Hosts and Client Access Servers.
internal sealed partial class ApiFunctions
{
    /// <summary>
    /// The Management Server's half of a pairing: an entry of that name with that certificate, new or changed. What the API does, and the
    /// configuration tool for the role it pairs.
    /// </summary>
    public void Pair(RunningRole manager, ProductRole kind, string serverName, int port, string thumbprint, string effect)
    {
        lock (_simulation.Gate)
        {
            var entries = Entries(manager.Database!, kind);
            var known = entries.Find(entry => SameName(entry.ServerName, serverName));
            if (known is not null && known.Port == port && known.ServerCertificate.Thumbprint == thumbprint)
            {
                return;
            }

            if (known is null)
            {
                known = new DatabaseServer { ServerName = serverName, BaseDirectory = BaseDirectory(kind, null) };
                entries.Add(known);
            }

            (known.Port, known.ServerCertificate) = (port, new DatabaseCertificate { Thumbprint = thumbprint });
            manager.Database!.Write(manager.Server, _options.Names);
            manager.Server.RecordEffect(effect, serverName);
        }
    }

    private JsonNode? PairWithManagementServer(ApiCall call)
    {
        var type = call.Text("serverType");
        var kind = Enum.GetValues<ProductRole>().Cast<ProductRole?>().FirstOrDefault(
            role => role != ProductRole.ManagementServer && SameName(role.ToString()!, type))
            ?? throw new ApiRefusedException($"'{type}' is no type of server; use instanceHost or clientAccessServer.");
        if (!int.TryParse(call.Text("port"), out var port) || port is < 1 or > 65535)
        {
            throw new ApiRefusedException($"'{call.Text("port")}' is no port.");
        }

        Pair(call.Manager, kind, call.Text("serverName"), port, Thumbprint(call.Text("thumbprint")), "api:PairWithManagementServer");
        return null;
    }

    private JsonNode? CreateServer(ApiCall call, ProductRole kind)
    {
        var entry = ReadEntry(call.Json("config"), kind);
        if (Entries(call.Database, kind).Exists(other => SameName(other.ServerName, entry.ServerName)))
        {
            throw new ApiRefusedException($"There is a server '{entry.ServerName}' already.");
        }

        return Write(call, $"Create{kind}", entry.ServerName, database =>
        {
            Entries(database, kind).Add(entry);
            return true;
        });
    }

    private JsonNode? SetServer(ApiCall call, ProductRole kind)
    {
        var entry = ReadEntry(call.Json("config"), kind);
        var entries = Entries(call.Database, kind);
        var index = entries.FindIndex(other => SameName(other.ServerName, entry.ServerName));
        if (index < 0)
        {
            throw new ApiRefusedException($"There is no server '{entry.ServerName}'.");
        }

        return Write(call, $"Set{kind}Configuration", entry.ServerName, _ =>
        {
            var changes = JsonSerializer.Serialize(entries[index], AtomicFile.Json) != JsonSerializer.Serialize(entry, AtomicFile.Json);
            entries[index] = entry;
            return changes;
        });
    }

    private static DatabaseServer ReadEntry(JsonObject config, ProductRole kind) => new()
    {
        ServerName = Field(config, "serverName"),
        Port = (config["port"] as JsonValue)?.TryGetValue<int>(out var port) == true && port is > 0 and < 65536
            ? port
            : throw new ApiRefusedException("The configuration has no 'port'."),
        ServerCertificate = new()
        {
            Thumbprint = config["serverCertificate"] is JsonObject certificate
                ? Thumbprint(Field(certificate, "thumbprint"))
                : throw new ApiRefusedException("The configuration has no 'serverCertificate'."),
        },
        BaseDirectory = BaseDirectory(kind, config["baseDirectory"]),
    };

    private static string? BaseDirectory(ProductRole kind, JsonNode? value) => kind != ProductRole.InstanceHost ? null
        : value is JsonValue text && text.TryGetValue<string>(out var path) && path.Length > 0 ? path
        : @"C:\MailStoreData";

    private static List<DatabaseServer> Entries(ManagementDatabase database, ProductRole kind) =>
        kind == ProductRole.InstanceHost ? database.InstanceHosts : database.ClientAccessServers;

    private static string Thumbprint(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigit)
        ? text.ToUpperInvariant()
        : throw new ApiRefusedException($"'{text}' is no thumbprint.");
}
