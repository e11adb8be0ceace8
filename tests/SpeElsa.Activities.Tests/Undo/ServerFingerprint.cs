using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>How the old server looks from outside: what a move may touch and an undo has to bring back.</summary>
internal static partial class ServerFingerprint
{
    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Written by running roles all the time.</summary>
    private static readonly string[] Changing = [".log"];

    public static async Task<IReadOnlyList<string>> TakeAsync(LabBench bench, CancellationToken cancellationToken)
    {
        await bench.Product.SettleAsync(cancellationToken);
        var server = bench.Server(LabBench.Old);
        using var api = await bench.Fleet.ManagementApiAsync(LabBench.Old, cancellationToken);
        var lines = new List<string> { $"licence {bench.Product.LicensedServer}" };
        lines.AddRange(server.Services.Select(service => $"service {service.Name} {service.State} {service.StartMode}"));
        lines.AddRange(server.Certificates().Select(certificate => $"certificate {certificate.Thumbprint} {certificate.HasPrivateKey}"));
        lines.AddRange((await api.GetInstancesAsync("*", cancellationToken)).Select(instance => $"instance {instance.InstanceId} {instance.Status}"));
        lines.AddRange((await api.GetSystemAdministratorsAsync("mfaEnabled", cancellationToken)).Select(person => $"administrator {person.UserName} {person.MfaEnabled}"));
        lines.AddRange((await bench.Product.GetDashboardAsync(LabBench.Old, cancellationToken)).Select(message => $"dashboard {message}"));
        await api.TestSystemSmtpConfigurationAsync(cancellationToken);
        lines.AddRange(new[] { @"C:\MailStoreData", @"C:\Program Files\MailStore Infrastructure" }.SelectMany(directory => Files(server.ToLocalPath(directory))));
        return lines;
    }

    private static IEnumerable<string> Files(string root) => Directory.EnumerateFiles(root, "*", AllFiles).Order(StringComparer.Ordinal)
        .Where(file => !Changing.Contains(Path.GetExtension(file)))
        .Select(file => $"file {Path.GetRelativePath(root, file)} {Convert.ToHexString(SHA256.HashData(Stable(File.ReadAllBytes(file))))}");

    /// <summary>Whoever switches MFA on again has a new secret.</summary>
    private static byte[] Stable(byte[] content) => Encoding.UTF8.GetBytes(MfaSecret().Replace(Encoding.Latin1.GetString(content), "$1\"\""));

    [GeneratedRegex("(\"mfaSecret\":\\s*)\"[^\"]*\"", RegexOptions.IgnoreCase)]
    private static partial Regex MfaSecret();
}
