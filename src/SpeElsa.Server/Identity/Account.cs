using Microsoft.AspNetCore.Identity;

namespace SpeElsa.Server.Identity;

/// <summary>Somebody who signs in to this server.</summary>
public sealed class Account : IdentityUser
{
    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The link that makes the first administrator: its hash, and until when it is good. There is one row, or none.</summary>
internal sealed class SetUpLinkRow
{
    public required string Hash { get; init; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A program with a key, as it is stored: hashes only.</summary>
internal sealed class ApplicationRow
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string ClientId { get; set; }

    public required string HashedClientSecret { get; set; }

    public required string HashedClientSecretSalt { get; set; }

    public required string HashedApiKey { get; set; }

    public required string HashedApiKeySalt { get; set; }

    /// <summary>The ids of its roles, separated by spaces.</summary>
    public required string Roles { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From when on its key opens nothing; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When its key was used last, within a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
