using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Elsa.Identity.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;

namespace Elsa.Identity.Options
{
    /// <summary>The one user, and the one key, of a trial. What Elsa's documentation shows is the default; it works in the environment Development only.</summary>
    public class AdminAccessOptions
    {
        /// <summary>The password that everybody knows.</summary>
        public const string KnownPassword = "password";

        /// <summary>The key that everybody knows.</summary>
        public const string KnownApiKey = "00000000-0000-0000-0000-000000000000";

        /// <summary>The user's name. Default admin.</summary>
        public string UserName { get; set; } = "admin";

        /// <summary>The user's password. Default <see cref="KnownPassword"/>.</summary>
        public string Password { get; set; } = KnownPassword;

        /// <summary>The key. Default <see cref="KnownApiKey"/>.</summary>
        public string ApiKey { get; set; } = KnownApiKey;

        internal bool HasUser { get; set; }

        internal bool HasApiKey { get; set; }
    }
}

namespace SpeElsa.Engine.Api.Identity
{
    /// <summary>Stops the start of a host that everybody could sign in to.</summary>
    internal sealed class AdminAccessCheck(IHostEnvironment environment) : IValidateOptions<AdminAccessOptions>
    {
        public ValidateOptionsResult Validate(string? name, AdminAccessOptions options)
        {
            if (environment.IsDevelopment())
            {
                return ValidateOptionsResult.Success;
            }

            var errors = new List<string>();
            if (options.HasUser && options.Password == AdminAccessOptions.KnownPassword)
            {
                errors.Add("UseAdminUserProvider() lets in admin with the password that Elsa's documentation prints. Outside of the environment Development give it another: UseAdminUserProvider(admin => admin.Password = …), or bring users of your own.");
            }

            if (options.HasApiKey && options.ApiKey == AdminAccessOptions.KnownApiKey)
            {
                errors.Add("UseAdminApiKey() lets in the key that Elsa's documentation prints. Outside of the environment Development give it another: UseAdminApiKey(admin => admin.ApiKey = …), or use applications.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }

    /// <summary>The one user of a trial, and his role.</summary>
    internal sealed class AdminUser(IOptions<AdminAccessOptions> options, ISecretHasher hasher) : IUserProvider, IRoleProvider
    {
        private static readonly Role Administrator = new() { Id = "admin", Name = "Administrator", Permissions = [Permissions.All] };

        private readonly Lazy<User> _user = new(() =>
        {
            var password = hasher.HashSecret(options.Value.Password);
            return new User
            {
                Id = "admin",
                Name = options.Value.UserName,
                HashedPassword = password.Secret,
                HashedPasswordSalt = password.Salt,
                Roles = [Administrator.Id],
            };
        });

        public Task<User?> FindAsync(UserFilter filter, CancellationToken cancellationToken = default) =>
            Task.FromResult(filter.Fits(_user.Value) ? _user.Value : null);

        public ValueTask<IEnumerable<Role>> FindManyAsync(RoleFilter filter, CancellationToken cancellationToken = default) =>
            new(new[] { Administrator }.Where(filter.Fits));
    }

    /// <summary>The one key of a trial.</summary>
    internal sealed class AdminApiKey(IOptions<AdminAccessOptions> options) : IApiKeyProvider
    {
        public ValueTask<IReadOnlyCollection<Claim>?> FindAsync(string key, CancellationToken cancellationToken = default) => new(
            CryptographicOperations.FixedTimeEquals(Hash(key), Hash(options.Value.ApiKey))
                ? [new Claim(TokenIssuer.NameClaim, "admin"), new Claim(Permissions.ClaimType, Permissions.All)]
                : null);

        private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
    }
}
