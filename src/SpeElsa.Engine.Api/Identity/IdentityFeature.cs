using Elsa.Features.Abstractions;
using Elsa.Features.Services;
using Elsa.Identity.Contracts;
using Elsa.Identity.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Identity;

namespace Elsa.Identity.Features
{
    /// <summary>Users, roles, applications and the tokens they get.</summary>
    public class IdentityFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>Sets the signing key, issuer, audience and lifetimes.</summary>
        public Action<IdentityTokenOptions> TokenOptions { get; set; } = _ => { };

        /// <summary>Where users come from.</summary>
        public Func<IServiceProvider, IUserProvider>? UserProvider { get; set; }

        /// <summary>Where roles come from.</summary>
        public Func<IServiceProvider, IRoleProvider>? RoleProvider { get; set; }

        /// <summary>Where applications come from. Null: there are none.</summary>
        public Func<IServiceProvider, IApplicationProvider>? ApplicationProvider { get; set; }

        /// <summary>Where users are kept that are made over the API. Null: none are made.</summary>
        public Func<IServiceProvider, IUserStore>? UserStore { get; set; }

        /// <summary>Where roles are kept that are made over the API. Null: none are made.</summary>
        public Func<IServiceProvider, IRoleStore>? RoleStore { get; set; }

        /// <summary>Where applications are kept that are made over the API. Null: none are made.</summary>
        public Func<IServiceProvider, IApplicationStore>? ApplicationStore { get; set; }

        /// <summary>One user, admin with the password "password" and all rights, for trials. Outside of the environment Development the password has to be another.</summary>
        public IdentityFeature UseAdminUserProvider(Action<AdminAccessOptions>? configure = null)
        {
            Services.AddAdminAccess(options => options.HasUser = true, configure);
            Services.TryAddSingleton<AdminUser>();
            UserProvider = provider => provider.GetRequiredService<AdminUser>();
            RoleProvider = provider => provider.GetRequiredService<AdminUser>();
            return this;
        }

        /// <summary>Users from the configuration: <c>options => section.Bind(options)</c>.</summary>
        public IdentityFeature UseConfigurationBasedUserProvider(Action<UsersOptions> configure)
        {
            Services.Configure(configure);
            UserProvider = provider => ActivatorUtilities.CreateInstance<ConfiguredUsers>(provider);
            return this;
        }

        /// <summary>Roles from the configuration: <c>options => section.Bind(options)</c>.</summary>
        public IdentityFeature UseConfigurationBasedRoleProvider(Action<RolesOptions> configure)
        {
            Services.Configure(configure);
            RoleProvider = provider => ActivatorUtilities.CreateInstance<ConfiguredRoles>(provider);
            return this;
        }

        /// <summary>Applications from the configuration: <c>options => section.Bind(options)</c>.</summary>
        public IdentityFeature UseConfigurationBasedApplicationProvider(Action<ApplicationsOptions> configure)
        {
            Services.Configure(configure);
            ApplicationProvider = provider => ActivatorUtilities.CreateInstance<ConfiguredApplications>(provider);
            return this;
        }

        /// <summary>Users from the store: set <see cref="UserStore"/>, or call <see cref="UseMemoryStores"/> for a trial.</summary>
        public IdentityFeature UseStoreBasedUserProvider()
        {
            UserProvider = provider => provider.GetRequiredService<IUserStore>();
            return this;
        }

        /// <summary>Roles from the store: set <see cref="RoleStore"/>, or call <see cref="UseMemoryStores"/> for a trial.</summary>
        public IdentityFeature UseStoreBasedRoleProvider()
        {
            RoleProvider = provider => provider.GetRequiredService<IRoleStore>();
            return this;
        }

        /// <summary>Applications from the store: set <see cref="ApplicationStore"/>, or call <see cref="UseMemoryStores"/> for a trial.</summary>
        public IdentityFeature UseStoreBasedApplicationProvider()
        {
            ApplicationProvider = provider => provider.GetRequiredService<IApplicationStore>();
            return this;
        }

        /// <summary>Keeps users, roles and applications in memory, for tests and trials: they are gone when the process ends. Never a default.</summary>
        public IdentityFeature UseMemoryStores()
        {
            Services.TryAddSingleton<MemoryIdentity>();
            UserStore = provider => provider.GetRequiredService<MemoryIdentity>();
            RoleStore = provider => provider.GetRequiredService<MemoryIdentity>();
            ApplicationStore = provider => provider.GetRequiredService<MemoryIdentity>();
            return this;
        }

        /// <inheritdoc />
        public override void Apply()
        {
            Require(UserProvider ?? (UserStore is null ? null : provider => provider.GetRequiredService<IUserStore>()), "users", nameof(UseConfigurationBasedUserProvider), nameof(UserProvider));
            Require(RoleProvider ?? (RoleStore is null ? null : provider => provider.GetRequiredService<IRoleStore>()), "roles", nameof(UseConfigurationBasedRoleProvider), nameof(RoleProvider));
            Services.Configure(TokenOptions);
            AddIfSet(UserStore);
            AddIfSet(RoleStore);
            AddIfSet(ApplicationStore);
            AddIfSet(ApplicationProvider ?? (ApplicationStore is null ? null : provider => provider.GetRequiredService<IApplicationStore>()));
            if (UserStore is not null)
            {
                Services.TryAddSingleton<IUserDirectory, StoredUsers>();
            }

            if (ApplicationProvider is not null || ApplicationStore is not null)
            {
                Services.AddApplicationKeys();
            }

            Services.AddWorkflowIdentity();
        }

        private void Require<T>(Func<IServiceProvider, T>? factory, string what, string method, string property)
            where T : class
        {
            if (factory is null)
            {
                throw new InvalidOperationException(
                    $"UseIdentity does not say where {what} come from. Call UseAdminUserProvider() for a trial, {method}(options => section.Bind(options)), "
                    + $"or set {property} to one of your own.");
            }

            Services.TryAddSingleton(factory);
        }

        private void AddIfSet<T>(Func<IServiceProvider, T>? factory)
            where T : class
        {
            if (factory is not null)
            {
                Services.TryAddSingleton(factory);
            }
        }
    }

    /// <summary>Lets in by token ("Authorization: Bearer TOKEN") or key ("Authorization: ApiKey KEY").</summary>
    public class DefaultAuthenticationFeature(IModule module) : FeatureBase(module)
    {
        /// <summary>One key with all rights, for trials. Outside of the environment Development it has to be another than the one Elsa's documentation prints.</summary>
        public DefaultAuthenticationFeature UseAdminApiKey(Action<AdminAccessOptions>? configure = null)
        {
            Services.AddAdminAccess(options => options.HasApiKey = true, configure);
            Services.TryAddEnumerable(ServiceDescriptor.Singleton<IApiKeyProvider, AdminApiKey>());
            return this;
        }

        /// <summary>Keys that the host knows.</summary>
        public DefaultAuthenticationFeature UseApiKeys<T>()
            where T : class, IApiKeyProvider
        {
            Services.TryAddEnumerable(ServiceDescriptor.Scoped<IApiKeyProvider, T>());
            return this;
        }

        /// <inheritdoc />
        public override void Apply()
        {
            if (!Module.HasFeature<IdentityFeature>())
            {
                throw new InvalidOperationException("UseDefaultAuthentication checks the tokens of UseIdentity: call that too.");
            }

            Services.AddAuthentication(WorkflowIdentity.EitherScheme)
                .AddPolicyScheme(WorkflowIdentity.EitherScheme, null, options => options.ForwardDefaultSelector = WorkflowIdentity.SchemeOf)
                .AddWorkflowTokens();
        }
    }

    internal static class AccessServices
    {
        public static void AddAdminAccess(this IServiceCollection services, params ReadOnlySpan<Action<AdminAccessOptions>?> configure)
        {
            foreach (var one in configure)
            {
                if (one is not null)
                {
                    services.Configure(one);
                }
            }

            services.TryAddSingleton<ISecretHasher>(_ => new SecretHasher());
            services.AddOptions<AdminAccessOptions>().ValidateOnStart();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdminAccessOptions>, AdminAccessCheck>());
        }
    }
}

namespace Elsa.Extensions
{
    using Elsa.Identity.Features;

    /// <summary>Sets identity up.</summary>
    public static class IdentityModuleExtensions
    {
        /// <summary>Adds users, roles, applications and tokens. The endpoints come with <c>UseWorkflowsApi</c>, the check of tokens with <see cref="UseDefaultAuthentication"/>.</summary>
        public static IModule UseIdentity(this IModule module, Action<IdentityFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }

        /// <summary>Adds users, roles, applications and tokens.</summary>
        /// <param name="module">The engine.</param>
        /// <param name="signingKey">At least 32 ASCII characters, made at random.</param>
        /// <param name="issuer">Who issues tokens.</param>
        /// <param name="audience">Whom they are for.</param>
        /// <param name="tokenLifetime">How long an access token is good. Default 1 hour.</param>
        public static IModule UseIdentity(
            this IModule module, string signingKey, string issuer = "http://elsa.api", string audience = "http://elsa.api", TimeSpan? tokenLifetime = null) =>
            module.UseIdentity(identity => identity.TokenOptions += options =>
            {
                options.SigningKey = signingKey;
                options.Issuer = issuer;
                options.Audience = audience;
                options.AccessTokenLifetime = tokenLifetime ?? options.AccessTokenLifetime;
            });

        /// <summary>Lets in by token or by key. The application calls <c>UseAuthentication</c> and <c>UseAuthorization</c> too.</summary>
        public static IModule UseDefaultAuthentication(this IModule module, Action<DefaultAuthenticationFeature>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(module);
            module.Configure(configure);
            return module;
        }
    }
}
