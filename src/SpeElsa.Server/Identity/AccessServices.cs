using Elsa.Identity.Contracts;
using Elsa.Identity.Options;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using SpeElsa.Engine.Api.Identity;
using SpeElsa.Engine.Persistence;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity.OpenId;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity;

/// <summary>Adds accounts, sessions, tokens and keys, and what each may do.</summary>
internal static class AccessServices
{
    private const string AnyScheme = "SpeElsa";
    private const int ShortestPassword = 12;
    private const int FewestCharacters = 5;

    public static IServiceCollection AddAccess(this IServiceCollection services, ServerOptions options)
    {
        services.AddDbContextFactory<ServerDbContext>(context => context.UseEngineFile(options.DatabasePath, ServerDbContext.MigrationsTable));
        services.AddHttpContextAccessor();
        AddAccounts(services, options.SignIn);
        services.AddSingleton<TokenKey>();
        services.AddOptions<IdentityTokenOptions>().Configure<TokenKey>((tokens, key) =>
        {
            tokens.SigningKey = key.Value;
            tokens.ApplicationKeyLifetime = options.SignIn.ApiKeyLifetime;
        });
        services.AddSingleton<IRoleProvider, RoleDirectory>();
        services.AddScoped<AccountDirectory>();
        services.AddScoped<IUserProvider>(provider => provider.GetRequiredService<AccountDirectory>());
        services.AddScoped<IUserDirectory>(provider => provider.GetRequiredService<AccountDirectory>());
        services.AddScoped<IUserCredentialsValidator>(provider => provider.GetRequiredService<AccountDirectory>());
        services.AddSingleton<IApplicationStore, ApplicationDirectory>();
        services.AddSingleton<IApplicationProvider>(provider => provider.GetRequiredService<IApplicationStore>());
        services.AddSingleton<IApiKeyProvider, ServerKey>();
        services.AddApplicationKeys();
        services.AddWorkflowIdentity();
        services.AddScoped<SetUp>();
        services.AddScoped<AccountActs>();
        services.AddScoped<OpenIdAccounts>();
        AddSchemes(services, options.SignIn);
        services.AddAuthorizationBuilder().AddPolicies();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddRequestLimits(options.SignIn);
        return services;
    }

    /// <summary>Brings the tables up to date. The engine's file is open, so nobody else does.</summary>
    public static async Task OpenAccessAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await SchemaVersion.BringUpToDateAsync(scope.ServiceProvider.GetRequiredService<ServerDbContext>().Database, ServerDbContext.MigrationsTable, cancellationToken);
        await services.GetRequiredService<TokenKey>().OpenAsync(cancellationToken);
    }

    /// <summary>Offers the set-up while there is no account.</summary>
    public static async Task OfferSetUpAsync(this IServiceProvider services, Uri address, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SetUp>().OfferAsync(address, cancellationToken);
    }

    private static void AddAccounts(IServiceCollection services, SignInSettings settings)
    {
        services.AddIdentityCore<Account>(identity =>
            {
                // Length is what counts; rules about digits and signs only make passwords that are written down.
                identity.Password = new PasswordOptions
                {
                    RequiredLength = ShortestPassword,
                    RequiredUniqueChars = FewestCharacters,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                identity.Lockout.MaxFailedAccessAttempts = settings.LockOutAfter;
                identity.Lockout.DefaultLockoutTimeSpan = settings.LockOutFor;
                identity.Tokens.AuthenticatorIssuer = "SpeElsa";
            })
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<ServerDbContext>()
            .AddUserStore<AccountStore>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
    }

    private static void AddSchemes(IServiceCollection services, SignInSettings settings)
    {
        var authentication = services.AddAuthentication(schemes =>
        {
            schemes.DefaultScheme = AnyScheme;
            schemes.DefaultSignInScheme = IdentityConstants.ApplicationScheme;
        });
        authentication.AddPolicyScheme(AnyScheme, null, scheme => scheme.ForwardDefaultSelector = context =>
            WorkflowIdentity.ReadHeader(context.Request, WorkflowIdentity.ApiKeyScheme) is not null ? WorkflowIdentity.ApiKeyScheme
            : WorkflowIdentity.HasToken(context.Request) ? WorkflowIdentity.BearerScheme
            : IdentityConstants.ApplicationScheme);
        authentication.AddWorkflowTokens();
        authentication.AddIdentityCookies();
        authentication.AddOpenId(settings.OpenId);
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = "speelsa-session";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = settings.SessionLength;
            cookie.SlidingExpiration = true;
            cookie.Events.OnValidatePrincipal = SessionCheck.ValidateAsync;

            // Pages are sent to the sign-in by AccessRefusals; who asks for anything else is a program.
            cookie.Events.OnRedirectToLogin = context =>
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = WorkflowIdentity.BearerScheme;
                return Task.CompletedTask;
            };
            cookie.Events.OnRedirectToAccessDenied = context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });
    }
}
