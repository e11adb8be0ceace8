using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab;

/// <summary>The names of the farm's domain. Each server has one from the start; more can be added and changed, and stay in the farm's folder.</summary>
/// <param name="farm">The farm.</param>
/// <param name="path">The file they stay in.</param>
public sealed class LabDns(LabFarm farm, string path)
{
    internal const string Alias = "CNAME";
    private static readonly TimeSpan ServerTimeToLive = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LabDnsRecord> _records = new(File.Exists(path) ? AtomicFile.Read<Dictionary<string, LabDnsRecord>>(path) : [], StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets what a name means.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">An address, or another name.</param>
    /// <param name="timeToLive">For how long others may remember it.</param>
    public void Set(string name, string value, TimeSpan timeToLive)
    {
        lock (_lock)
        {
            _records[name] = new LabDnsRecord(name, System.Net.IPAddress.TryParse(value, out var address) ? TypeOf(address) : Alias, value, timeToLive);
            AtomicFile.Write(path, _records);
        }
    }

    /// <summary>The records behind a name, aliases first; empty when there is no such name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The records.</returns>
    internal IReadOnlyList<LabDnsRecord> Resolve(string name)
    {
        LabDnsRecord? record;
        lock (_lock)
        {
            _records.TryGetValue(name, out record);
        }

        if (record is not null)
        {
            return record.Type == Alias ? [record, .. Resolve(record.Value)] : [record];
        }

        var number = farm.Servers.ToList().FindIndex(server => server == farm.Find(name));
        return number < 0 ? [] : [new LabDnsRecord(name, "A", $"192.0.2.{10 + number}", ServerTimeToLive)];
    }

    private static string TypeOf(System.Net.IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "AAAA" : "A";
}

internal sealed record LabDnsRecord(string Name, string Type, string Value, TimeSpan TimeToLive);
