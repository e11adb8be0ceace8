using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Elsa.Identity.Options;
using Microsoft.Extensions.Options;

namespace Elsa.Identity.Options
{
    /// <summary>Users from the configuration.</summary>
    public class UsersOptions
    {
        /// <summary>The users; passwords as hashes.</summary>
        public ICollection<User> Users { get; set; } = [];
    }

    /// <summary>Roles from the configuration.</summary>
    public class RolesOptions
    {
        /// <summary>The roles.</summary>
        public ICollection<Role> Roles { get; set; } = [];
    }

    /// <summary>Applications from the configuration.</summary>
    public class ApplicationsOptions
    {
        /// <summary>The applications; keys as hashes.</summary>
        public ICollection<Application> Applications { get; set; } = [];
    }
}

namespace SpeElsa.Engine.Api.Identity
{
    /// <summary>Users from the configuration.</summary>
    internal sealed class ConfiguredUsers(IOptionsMonitor<UsersOptions> options) : IUserProvider
    {
        public Task<User?> FindAsync(UserFilter filter, CancellationToken cancellationToken = default) =>
            Task.FromResult(options.CurrentValue.Users.FirstOrDefault(filter.Fits));
    }

    /// <summary>Roles from the configuration.</summary>
    internal sealed class ConfiguredRoles(IOptionsMonitor<RolesOptions> options) : IRoleProvider
    {
        public ValueTask<IEnumerable<Role>> FindManyAsync(RoleFilter filter, CancellationToken cancellationToken = default) =>
            new(options.CurrentValue.Roles.Where(filter.Fits).ToList());
    }

    /// <summary>Applications from the configuration.</summary>
    internal sealed class ConfiguredApplications(IOptionsMonitor<ApplicationsOptions> options) : IApplicationProvider
    {
        public Task<Application?> FindAsync(ApplicationFilter filter, CancellationToken cancellationToken = default) =>
            Task.FromResult(options.CurrentValue.Applications.FirstOrDefault(filter.Fits));
    }

    /// <summary>Says who fits a filter.</summary>
    internal static class IdentityFilters
    {
        public static bool Fits(this UserFilter filter, User user) => Same(filter.Id, user.Id) && SameName(filter.Name, user.Name);

        public static bool Fits(this RoleFilter filter, Role role) => Same(filter.Id, role.Id) && filter.Ids?.Contains(role.Id) != false;

        public static bool Fits(this ApplicationFilter filter, Application application) =>
            Same(filter.Id, application.Id) && Same(filter.ClientId, application.ClientId) && SameName(filter.Name, application.Name);

        private static bool Same(string? wanted, string actual) => wanted is null || wanted == actual;

        private static bool SameName(string? wanted, string actual) => wanted is null || string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase);
    }
}
