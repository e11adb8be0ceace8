namespace Elsa.Identity.Entities
{
    /// <summary>Somebody who signs in with a name and a password.</summary>
    public class User
    {
        /// <summary>The id; never changes.</summary>
        public string Id { get; set; } = "";

        /// <summary>The name to sign in with; unique, in any case.</summary>
        public string Name { get; set; } = "";

        /// <summary>The hash of the password, as <c>POST identity/secrets/hash</c> makes it. Empty where somebody else checks passwords.</summary>
        public string HashedPassword { get; set; } = "";

        /// <summary>The salt of that hash.</summary>
        public string HashedPasswordSalt { get; set; } = "";

        /// <summary>The ids of the roles.</summary>
        public ICollection<string> Roles { get; set; } = [];

        /// <summary>When this changes, tokens issued before are refused. Null: tokens are good until they expire.</summary>
        public string? Stamp { get; set; }
    }

    /// <summary>A name for a set of rights.</summary>
    public class Role
    {
        /// <summary>The id, which users and applications refer to.</summary>
        public string Id { get; set; } = "";

        /// <summary>The name to show.</summary>
        public string Name { get; set; } = "";

        /// <summary>The rights, such as <c>read:workflow-definitions</c>; "*" is all of them.</summary>
        public ICollection<string> Permissions { get; set; } = [];
    }

    /// <summary>A program that calls the API with a key.</summary>
    public class Application
    {
        /// <summary>The id; never changes.</summary>
        public string Id { get; set; } = "";

        /// <summary>The name to show; unique.</summary>
        public string Name { get; set; } = "";

        /// <summary>The public half of its credentials; the API key begins with it.</summary>
        public string ClientId { get; set; } = "";

        /// <summary>The hash of the client secret.</summary>
        public string HashedClientSecret { get; set; } = "";

        /// <summary>The salt of that hash.</summary>
        public string HashedClientSecretSalt { get; set; } = "";

        /// <summary>The hash of the API key.</summary>
        public string HashedApiKey { get; set; } = "";

        /// <summary>The salt of that hash.</summary>
        public string HashedApiKeySalt { get; set; } = "";

        /// <summary>The ids of the roles.</summary>
        public ICollection<string> Roles { get; set; } = [];

        /// <summary>From when on its API key opens nothing. Null: never.</summary>
        public DateTimeOffset? ExpiresAt { get; set; }

        /// <summary>When its API key was used last, within a minute. Null: never, or the store keeps no such times.</summary>
        public DateTimeOffset? LastUsedAt { get; set; }
    }
}

namespace Elsa.Identity.Models
{
    /// <summary>Which user is meant; what is null does not matter.</summary>
    public class UserFilter
    {
        /// <summary>The id.</summary>
        public string? Id { get; set; }

        /// <summary>The name, in any case.</summary>
        public string? Name { get; set; }
    }

    /// <summary>Which roles are meant; what is null does not matter.</summary>
    public class RoleFilter
    {
        /// <summary>The id.</summary>
        public string? Id { get; set; }

        /// <summary>One of these ids.</summary>
        public ICollection<string>? Ids { get; set; }
    }

    /// <summary>Which application is meant; what is null does not matter.</summary>
    public class ApplicationFilter
    {
        /// <summary>The id.</summary>
        public string? Id { get; set; }

        /// <summary>The client id.</summary>
        public string? ClientId { get; set; }

        /// <summary>The name, in any case.</summary>
        public string? Name { get; set; }
    }

    /// <summary>What a sign-in gives.</summary>
    /// <param name="AccessToken">Opens the API until it expires.</param>
    /// <param name="RefreshToken">Buys a new pair, and nothing else.</param>
    public sealed record IssuedTokens(string AccessToken, string RefreshToken)
    {
        /// <summary>Shows neither.</summary>
        public override string ToString() => nameof(IssuedTokens);
    }

    /// <summary>A secret as it is stored.</summary>
    /// <param name="Secret">The hash, base64.</param>
    /// <param name="Salt">The salt, base64.</param>
    public sealed record HashedSecret(string Secret, string Salt);
}
