using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SpeElsa.Activities;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Secrets;

/// <summary>Secrets as files in the data directory, encrypted with the server's own keys. What they are called says nothing about what they hold.</summary>
internal sealed class SecretStore(ServerOptions options, IDataProtectionProvider protection) : ISecretStore
{
    private readonly string _folder = Path.Combine(options.DataPath, "secrets");
    private readonly IDataProtector _protector = protection.CreateProtector("SpeElsa.Secrets.v1");

    public ValueTask<string> PutAsync(string name, string value, CancellationToken cancellationToken)
    {
        PrivateFile.Write(PathOf(name), _protector.Protect(Encoding.UTF8.GetBytes(value)));
        return new(HumanTasks.SecretPrefix + name);
    }

    public async ValueTask<string?> GetAsync(string reference, CancellationToken cancellationToken)
    {
        var path = PathOf(NameOf(reference));
        return File.Exists(path) ? Encoding.UTF8.GetString(_protector.Unprotect(await File.ReadAllBytesAsync(path, cancellationToken))) : null;
    }

    public ValueTask DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(NameOf(reference)));
        return ValueTask.CompletedTask;
    }

    private static string NameOf(string reference) => reference.StartsWith(HumanTasks.SecretPrefix, StringComparison.Ordinal)
        ? reference[HumanTasks.SecretPrefix.Length..]
        : throw new ArgumentException($"'{reference}' is not the reference of a secret.", nameof(reference));

    private string PathOf(string name) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))) + ".secret");
}
