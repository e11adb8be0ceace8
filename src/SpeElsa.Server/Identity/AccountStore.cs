using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity;

/// <summary>Keeps accounts. Keys of authenticators and recovery codes are encrypted: whoever copies the file can not sign in with them.</summary>
internal sealed class AccountStore(ServerDbContext context, IDataProtectionProvider protection, IdentityErrorDescriber describer)
    : UserStore<Account, IdentityRole, ServerDbContext>(context, describer)
{
    private readonly IDataProtector _protector = protection.CreateProtector("SpeElsa.AccountTokens.v1");

    public override Task SetTokenAsync(Account user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : _protector.Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(Account user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        var stored = await base.GetTokenAsync(user, loginProvider, name, cancellationToken);
        try
        {
            return stored is null ? null : _protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            // The keys in data/keys are others than those it was stored with: nobody can know the value, so there is none.
            return null;
        }
    }
}
