using System.Buffers.Text;
using System.Security.Cryptography;
using SpeElsa.Activities;

namespace SpeElsa.Server.Identity;

/// <summary>What this server signs tokens with: made at the first start, kept like every other secret, shown nowhere.</summary>
internal sealed class TokenKey(ISecretStore secrets)
{
    private const string Name = "token-signing-key";
    private const int Bytes = 64;
    private string? _value;

    /// <summary>The key as text.</summary>
    /// <exception cref="InvalidOperationException">It has not been opened.</exception>
    public string Value => _value ?? throw new InvalidOperationException("The signing key has not been opened.");

    /// <summary>Reads the key, or makes one. Where the stored one can not be read any more a new one is made: who is signed in signs in again.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _value = await secrets.GetAsync(HumanTasks.SecretPrefix + Name, cancellationToken);
        }
        catch (CryptographicException)
        {
            _value = null;
        }

        if (_value is null)
        {
            _value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
            await secrets.PutAsync(Name, _value, cancellationToken);
        }
    }
}
