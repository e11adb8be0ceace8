using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Changes the users of a store.</summary>
internal sealed class StoredUsers(IUserStore store, ISecretHasher hasher) : IUserDirectory, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async ValueTask<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await store.FindManyAsync(new UserFilter(), cancellationToken)).OrderBy(user => user.Name, StringComparer.OrdinalIgnoreCase)];

    public ValueTask<DirectoryChange> CreateAsync(string name, string password, IReadOnlyCollection<string> roles, CancellationToken cancellationToken) =>
        SaveAsync(new User { Id = Guid.NewGuid().ToString("N") }, name, password, roles, cancellationToken);

    public ValueTask<DirectoryChange> UpdateAsync(User user, string? name, string? password, IReadOnlyCollection<string>? roles, CancellationToken cancellationToken)
    {
        var changed = new User
        {
            Id = user.Id,
            Name = user.Name,
            HashedPassword = user.HashedPassword,
            HashedPasswordSalt = user.HashedPasswordSalt,
            Roles = user.Roles,
            Stamp = user.Stamp,
        };
        return SaveAsync(changed, name ?? user.Name, password, roles, cancellationToken);
    }

    public async ValueTask<DirectoryChange> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(new UserFilter { Id = user.Id }, cancellationToken);
        return DirectoryChange.Done(user);
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<DirectoryChange> SaveAsync(User user, string name, string? password, IReadOnlyCollection<string>? roles, CancellationToken cancellationToken)
    {
        // Two requests for one name at the same time: the second one sees the first.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await store.FindAsync(new UserFilter { Name = name }, cancellationToken) is { } other && other.Id != user.Id)
            {
                return DirectoryChange.Refused($"There is a user '{name}' already.");
            }

            user.Name = name;
            if (roles is not null)
            {
                user.Roles = [.. roles];
                user.Stamp = SecretHasher.RandomText();
            }

            if (password is not null)
            {
                var hash = hasher.HashSecret(password);
                (user.HashedPassword, user.HashedPasswordSalt, user.Stamp) = (hash.Secret, hash.Salt, SecretHasher.RandomText());
            }

            await store.SaveAsync(user, cancellationToken);
            return DirectoryChange.Done(user);
        }
        finally
        {
            _turn.Release();
        }
    }
}
