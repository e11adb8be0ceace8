namespace SpeElsa.Lab.Windows;

/// <summary>A path on the drive <c>Cert:</c>: a store of the local machine, or a certificate in one.</summary>
/// <param name="Store">The store's name.</param>
/// <param name="Thumbprint">The certificate's thumbprint; null names the store itself.</param>
internal sealed record CertificatePath(string Store, string? Thumbprint)
{
    private const string LocalMachine = @"Cert:\LocalMachine\";

    /// <summary>Reads a path.</summary>
    /// <returns>Null when the path is on another drive.</returns>
    /// <exception cref="IOException">It is on this drive, and not in a store of the local machine.</exception>
    public static CertificatePath? TryParse(string path)
    {
        if (!path.StartsWith("Cert:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (!path.StartsWith(LocalMachine, StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"'{path}' is not in a certificate store of the local machine.");
        }

        var parts = path[LocalMachine.Length..].Split('\\', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length switch
        {
            1 => new CertificatePath(parts[0], null),
            2 => new CertificatePath(parts[0], parts[1]),
            _ => throw new IOException($"'{path}' is not a certificate store or a certificate."),
        };
    }
}
