using System.Collections.Concurrent;
using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>Users, roles and applications in memory, for tests and trials: they are gone when the process ends. Never a default.</summary>
internal sealed class MemoryIdentity : IUserStore, IRoleStore, IApplicationStore
{
    private readonly ConcurrentDictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Role> _roles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Application> _applications = new(StringComparer.Ordinal);

    public async Task<User?> FindAsync(UserFilter filter, CancellationToken cancellationToken = default) => (await FindManyAsync(filter, cancellationToken)).FirstOrDefault();

    public Task<IEnumerable<User>> FindManyAsync(UserFilter filter, CancellationToken cancellationToken = default) => Task.FromResult(_users.Values.Where(filter.Fits));

    public Task SaveAsync(User user, CancellationToken cancellationToken = default)
    {
        _users[user.Id] = user;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(UserFilter filter, CancellationToken cancellationToken = default)
    {
        Remove(_users, _users.Values.Where(filter.Fits).Select(user => user.Id));
        return Task.CompletedTask;
    }

    public ValueTask<IEnumerable<Role>> FindManyAsync(RoleFilter filter, CancellationToken cancellationToken = default) => new(_roles.Values.Where(filter.Fits));

    public Task SaveAsync(Role role, CancellationToken cancellationToken = default)
    {
        _roles[role.Id] = role;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(RoleFilter filter, CancellationToken cancellationToken = default)
    {
        Remove(_roles, _roles.Values.Where(filter.Fits).Select(role => role.Id));
        return Task.CompletedTask;
    }

    public async Task<Application?> FindAsync(ApplicationFilter filter, CancellationToken cancellationToken = default) =>
        (await FindManyAsync(filter, cancellationToken)).FirstOrDefault();

    public Task<IEnumerable<Application>> FindManyAsync(ApplicationFilter filter, CancellationToken cancellationToken = default) =>
        Task.FromResult(_applications.Values.Where(filter.Fits));

    public Task SaveAsync(Application application, CancellationToken cancellationToken = default)
    {
        _applications[application.Id] = application;
        return Task.CompletedTask;
    }

    public Task DeleteAsync(ApplicationFilter filter, CancellationToken cancellationToken = default)
    {
        Remove(_applications, _applications.Values.Where(filter.Fits).Select(application => application.Id));
        return Task.CompletedTask;
    }

    public Task NoteUseAsync(string id, DateTimeOffset usedAt, CancellationToken cancellationToken = default)
    {
        if (_applications.TryGetValue(id, out var application))
        {
            application.LastUsedAt = usedAt;
        }

        return Task.CompletedTask;
    }

    private static void Remove<T>(ConcurrentDictionary<string, T> all, IEnumerable<string> ids)
    {
        foreach (var id in ids.ToArray())
        {
            all.TryRemove(id, out _);
        }
    }
}
