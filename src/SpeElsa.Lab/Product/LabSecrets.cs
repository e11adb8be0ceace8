using System.Buffers.Text;
using System.Security.Cryptography;

namespace SpeElsa.Lab;

/// <summary>What only people know of a seeded farm. The farm itself keeps hashes and values protected by a machine's key.</summary>
/// <param name="ServiceAdministratorPassword">The password of the administrator without MFA, <c>speelsa</c>.</param>
/// <param name="AdministratorPasswords">The passwords of the administrators with MFA, by user name.</param>
/// <param name="ApiPasswords">The API passwords of the administrators with MFA, by user name.</param>
/// <param name="SmtpPassword">The password of the mail account the system sends with.</param>
public sealed record LabSecrets(
    string ServiceAdministratorPassword,
    IReadOnlyDictionary<string, string> AdministratorPasswords,
    IReadOnlyDictionary<string, string> ApiPasswords,
    string SmtpPassword)
{
    /// <summary>The farm they belong to.</summary>
    public LabFarmKind Farm { get; init; }

    /// <summary>Names no value, so that secrets do not reach a log by accident.</summary>
    public override string ToString() => nameof(LabSecrets);

    internal static LabSecrets CreateRandom() => new(
        Random(),
        LabSeed.MfaAdministrators.ToDictionary(name => name, _ => Random()),
        LabSeed.MfaAdministrators.ToDictionary(name => name, _ => Random()),
        Random());

    internal static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
}
