using System.Security.Claims;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;

namespace Elsa.Identity.Contracts;

/// <summary>Where users come from. A host brings its own by <c>identity.UserProvider</c>.</summary>
public interface IUserProvider
{
    /// <summary>Finds a user.</summary>
    /// <returns>Null when there is none.</returns>
    Task<User?> FindAsync(UserFilter filter, CancellationToken cancellationToken = default);
}

/// <summary>Where roles come from. A host brings its own by <c>identity.RoleProvider</c>.</summary>
public interface IRoleProvider
{
    /// <summary>Finds roles; all of them by an empty filter.</summary>
    ValueTask<IEnumerable<Role>> FindManyAsync(RoleFilter filter, CancellationToken cancellationToken = default);
}

/// <summary>Where applications come from. A host brings its own by <c>identity.ApplicationProvider</c>.</summary>
public interface IApplicationProvider
{
    /// <summary>Finds an application.</summary>
    /// <returns>Null when there is none.</returns>
    Task<Application?> FindAsync(ApplicationFilter filter, CancellationToken cancellationToken = default);
}

/// <summary>Keeps users that are made over the API.</summary>
public interface IUserStore : IUserProvider
{
    /// <summary>Finds users; all of them by an empty filter.</summary>
    Task<IEnumerable<User>> FindManyAsync(UserFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Adds or replaces a user by its id.</summary>
    Task SaveAsync(User user, CancellationToken cancellationToken = default);

    /// <summary>Removes users.</summary>
    Task DeleteAsync(UserFilter filter, CancellationToken cancellationToken = default);
}

/// <summary>Keeps roles that are made over the API.</summary>
public interface IRoleStore : IRoleProvider
{
    /// <summary>Adds or replaces a role by its id.</summary>
    Task SaveAsync(Role role, CancellationToken cancellationToken = default);

    /// <summary>Removes roles.</summary>
    Task DeleteAsync(RoleFilter filter, CancellationToken cancellationToken = default);
}

/// <summary>Keeps applications that are made over the API.</summary>
public interface IApplicationStore : IApplicationProvider
{
    /// <summary>Finds applications; all of them by an empty filter.</summary>
    Task<IEnumerable<Application>> FindManyAsync(ApplicationFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Adds or replaces an application by its id.</summary>
    Task SaveAsync(Application application, CancellationToken cancellationToken = default);

    /// <summary>Removes applications.</summary>
    Task DeleteAsync(ApplicationFilter filter, CancellationToken cancellationToken = default);

    /// <summary>Notes that the key of an application was used. Does nothing unless the store keeps such times, or when the application is gone.</summary>
    Task NoteUseAsync(string id, DateTimeOffset usedAt, CancellationToken cancellationToken = default) => Task.CompletedTask;
}

/// <summary>Checks a name and a password. A host that has its own sign-in brings its own.</summary>
public interface IUserCredentialsValidator
{
    /// <summary>Checks them, in about the same time whether the name is known or not.</summary>
    /// <returns>Null when they are not right, or the user may not sign in now.</returns>
    ValueTask<User?> ValidateAsync(string username, string password, CancellationToken cancellationToken = default);
}

/// <summary>Checks the API key of an application.</summary>
public interface IApplicationCredentialsValidator
{
    /// <summary>Checks it.</summary>
    /// <returns>Null when nobody has this key.</returns>
    ValueTask<Application?> ValidateAsync(string apiKey, CancellationToken cancellationToken = default);
}

/// <summary>Knows API keys. All that are registered are asked in order; the first that knows the key wins.</summary>
public interface IApiKeyProvider
{
    /// <summary>Who has this key.</summary>
    /// <exception cref="ApiKeyExpiredException">It was somebody's key, and its time is over.</exception>
    /// <returns>His claims, among them his rights as claims of the type <c>permissions</c>; null when the key is not known here.</returns>
    ValueTask<IReadOnlyCollection<Claim>?> FindAsync(string key, CancellationToken cancellationToken = default);
}

/// <summary>Issues tokens.</summary>
public interface IAccessTokenIssuer
{
    /// <summary>Issues an access and a refresh token with the rights that the user's roles have now.</summary>
    ValueTask<IssuedTokens> IssueTokensAsync(User user, CancellationToken cancellationToken = default);
}

/// <summary>Hashes passwords and keys.</summary>
public interface ISecretHasher
{
    /// <summary>Hashes a secret with a new salt.</summary>
    HashedSecret HashSecret(string secret);

    /// <summary>Whether a hash is of this secret. A hash of an unknown form is of none.</summary>
    bool VerifySecret(string clearTextSecret, string hashedSecret, string salt);
}

/// <summary>Changes users for the API: the one of the stores unless a host, whose users are elsewhere, brings its own.</summary>
public interface IUserDirectory
{
    /// <summary>All users, by name.</summary>
    ValueTask<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes a user.</summary>
    /// <returns>The user, or why not; then nothing was changed.</returns>
    ValueTask<DirectoryChange> CreateAsync(string name, string password, IReadOnlyCollection<string> roles, CancellationToken cancellationToken);

    /// <summary>Changes a user who is there; null leaves as it is. A new password or other roles end what the user is signed in to where the directory can.</summary>
    /// <returns>The user, or why not; then nothing was changed.</returns>
    ValueTask<DirectoryChange> UpdateAsync(User user, string? name, string? password, IReadOnlyCollection<string>? roles, CancellationToken cancellationToken);

    /// <summary>Removes a user who is there.</summary>
    /// <returns>Why not; then nothing was changed.</returns>
    ValueTask<DirectoryChange> DeleteAsync(User user, CancellationToken cancellationToken);
}

/// <summary>What came of a change.</summary>
/// <param name="User">The user as it is now; null when it was refused.</param>
/// <param name="Errors">Why it was refused.</param>
public sealed record DirectoryChange(User? User, IReadOnlyList<string> Errors)
{
    /// <summary>It was done.</summary>
    public static DirectoryChange Done(User user) => new(user, []);

    /// <summary>It was refused.</summary>
    public static DirectoryChange Refused(params IReadOnlyList<string> errors) => new(null, errors);
}
