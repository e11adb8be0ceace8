using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity.OpenId;

/// <summary>The accounts of people whom a provider vouches for. The provider says at each sign-in what they may do here.</summary>
internal sealed class OpenIdAccounts(
    UserManager<Account> accounts, ServerDbContext database, SetUp setUp, ServerOptions options, IDataProtectionProvider protection, TimeProvider timeProvider, ILogger<OpenIdAccounts> logger)
{
    private const int LongestName = 100;
    private static readonly TimeSpan ShowFor = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("SpeElsa.SignInRefusal.v1").ToTimeLimitedDataProtector();

    private OpenIdSettings Settings => options.SignIn.OpenId;

    /// <summary>Finds or makes the account, and gives it the roles that the provider says.</summary>
    /// <param name="person">Whom the provider vouches for.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    /// <returns>The account, or why there is none.</returns>
    public async Task<(Account? Account, string? Error)> TakeAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (await setUp.IsOpenAsync(cancellationToken))
        {
            return (null, "This server has no administrator yet. Set it up first, with the code in its data directory.");
        }

        if (person.FindFirst("sub") is not { Value.Length: > 0 } subject)
        {
            return (null, "The provider sent no 'sub', which says who somebody is.");
        }

        var roles = Settings.RolesOf(person.FindAll(Settings.RoleClaim).Select(claim => claim.Value));
        if (roles.Count == 0)
        {
            return (null, $"The provider let you in, but nothing in its claim '{Settings.RoleClaim}' gives you a role here. Ask whoever looks after SignIn:OpenId:Roles.");
        }

        var name = person.FindFirst(Settings.NameClaim)?.Value.Trim();
        return await database.InOneTurnAsync(() => TakeAsync(person.FindFirst("iss")?.Value ?? subject.Issuer, subject.Value, name, roles), cancellationToken);
    }

    /// <summary>A refusal for the address bar that nobody else can write: pages show what a link says only if the server said it.</summary>
    public string Remember(string why) => _protector.Protect(why, ShowFor);

    /// <summary>What the server said; null when it did not.</summary>
    public string? Recall(string? remembered)
    {
        try
        {
            return string.IsNullOrEmpty(remembered) ? null : _protector.Unprotect(remembered);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private async Task<(bool Commit, (Account? Account, string? Error) Result)> TakeAsync(string issuer, string subject, string? name, IReadOnlyList<string> roles)
    {
        var account = await accounts.FindByLoginAsync(issuer, subject);
        if (account is null)
        {
            if (string.IsNullOrEmpty(name) || name.Length > LongestName)
            {
                return (false, (null, $"The provider sent no usable name in its claim '{Settings.NameClaim}' (SignIn:OpenId:NameClaim)."));
            }

            if (await accounts.FindByNameAsync(name) is not null)
            {
                // Whoever may choose a name at the provider must not get somebody's account by it.
                return (false, (null, $"There is an account '{name}' already that does not belong to this sign-in. An administrator can rename or remove it."));
            }

            account = new Account { UserName = name, CreatedAt = timeProvider.GetUtcNow() };
            var made = await accounts.CreateAsync(account);
            made = made.Succeeded ? await accounts.AddLoginAsync(account, new UserLoginInfo(issuer, subject, Settings.Label)) : made;
            if (!made.Succeeded)
            {
                return (false, (null, string.Join(" ", made.Errors.Select(error => error.Description))));
            }

            logger.AccountCreated(account.Id, "OpenID Connect", roles);
        }

        var held = await accounts.GetRolesAsync(account);
        if (!held.Order(StringComparer.Ordinal).SequenceEqual(roles.Order(StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase))
        {
            await accounts.RemoveFromRolesAsync(account, held.Except(roles, StringComparer.OrdinalIgnoreCase));
            await accounts.AddToRolesAsync(account, roles.Except(held, StringComparer.OrdinalIgnoreCase));

            // What an older session or token may do is not what he may do now.
            await accounts.UpdateSecurityStampAsync(account);
            logger.AccountChanged(account.Id, "OpenID Connect", newPassword: false, roles);
        }

        return (true, (account, null));
    }
}
