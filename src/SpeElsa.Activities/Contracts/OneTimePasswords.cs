using System.Security.Cryptography;

namespace SpeElsa.Activities;

/// <summary>Makes the passwords that protect certificates on their way. Each is used once and lives in memory only.</summary>
public sealed class OneTimePasswords
{
    private const int RandomBytes = 24;

    /// <summary>Makes one: 192 random bits, base64.</summary>
    public Func<string> Create { get; init; } = () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes));
}
