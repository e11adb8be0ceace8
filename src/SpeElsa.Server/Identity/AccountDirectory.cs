using Elsa.Identity.Contracts;
using Elsa.Identity.Entities;
using Elsa.Identity.Models;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Audit;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity;

/// <summary>The accounts of this server as Elsa's users.</summary>
internal sealed class AccountDirectory(UserManager<Account> accounts, SignInManager<Account> signIn, ServerDbContext database, TimeProvider timeProvider, ILogger<AccountDirectory> logger)
    : IUserProvider, IUserDirectory, IUserCredentialsValidator
{
    public async Task<User?> FindAsync(UserFilter filter, CancellationToken cancellationToken = default)
    {
        var account = (filter.Id, filter.Name) switch
        {
            ({ } id, _) => await accounts.FindByIdAsync(id),
            (_, { } name) => await accounts.FindByNameAsync(name),
            _ => null,
        };
        return account is null || (filter.Name is { } wanted && accounts.NormalizeName(wanted) != account.NormalizedUserName) ? null : await DescribeAsync(account);
    }

    /// <summary>Who uses a second factor signs in on the page that asks for it; here he is refused, since a password alone is not enough.</summary>
    public async ValueTask<User?> ValidateAsync(string username, string password, CancellationToken cancellationToken = default)
    {
        if (await accounts.FindByNameAsync(username) is not { } account)
        {
            // The answer must not come faster for a name that nobody has.
            accounts.PasswordHasher.HashPassword(new Account(), password);
            return null;
        }

        AuditTrail.Concerns(signIn.Context, account);
        var result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        if (result.IsLockedOut)
        {
            logger.LockedOut(account.Id, signIn.Context.Connection.RemoteIpAddress);
        }
        else if (result.Succeeded && account.TwoFactorEnabled)
        {
            logger.TokensNeedTheSecondFactor(account.Id);
            return null;
        }

        return result.Succeeded ? await DescribeAsync(account) : null;
    }

    public async ValueTask<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken)
    {
        var roles = (await database.UserRoles.ToListAsync(cancellationToken)).ToLookup(row => row.UserId, row => row.RoleId, StringComparer.Ordinal);
        var all = await database.Users.AsNoTracking().OrderBy(account => account.NormalizedUserName).ToListAsync(cancellationToken);
        return [.. all.Select(account => Describe(account, roles[account.Id]))];
    }

    public async ValueTask<DirectoryChange> CreateAsync(string name, string password, IReadOnlyCollection<string> roles, CancellationToken cancellationToken)
    {
        var account = new Account { UserName = name, CreatedAt = timeProvider.GetUtcNow() };
        if (await CheckPasswordAsync(account, password) is { Count: > 0 } errors)
        {
            return DirectoryChange.Refused(errors);
        }

        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
        var change = await database.InOneTurnAsync(
            () => ApplyAsync(account, async () => await accounts.CreateAsync(account) is { Succeeded: false } refused ? refused : await accounts.AddToRolesAsync(account, roles)),
            cancellationToken);
        if (change.User is not null)
        {
            logger.AccountCreated(account.Id, Actor, roles);
        }

        return change;
    }

    public async ValueTask<DirectoryChange> UpdateAsync(User user, string? name, string? password, IReadOnlyCollection<string>? roles, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(user.Id) is not { } account)
        {
            return DirectoryChange.Refused("The user has been removed meanwhile.");
        }

        if (password is not null && await CheckPasswordAsync(account, password) is { Count: > 0 } errors)
        {
            return DirectoryChange.Refused(errors);
        }

        var hash = password is null ? null : accounts.PasswordHasher.HashPassword(account, password);
        var change = await database.InOneTurnAsync(() => ApplyAsync(account, () => ChangeAsync(account, name, hash, roles)), cancellationToken);
        if (change.User is not null)
        {
            logger.AccountChanged(account.Id, Actor, password is not null, roles);
        }

        return change;
    }

    public async ValueTask<DirectoryChange> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(user.Id) is not { } account)
        {
            return DirectoryChange.Done(user);
        }

        var change = await database.InOneTurnAsync(() => ApplyAsync(account, () => accounts.DeleteAsync(account), describe: false), cancellationToken);
        if (change.Errors.Count == 0)
        {
            logger.AccountDeleted(account.Id, Actor);
        }

        return change.Errors.Count == 0 ? DirectoryChange.Done(user) : change;
    }

    private string Actor => signIn.Context.User.Identity?.Name ?? "set-up";

    private async Task<IdentityResult> ChangeAsync(Account account, string? name, string? hash, IReadOnlyCollection<string>? roles)
    {
        if (name is not null && await accounts.SetUserNameAsync(account, name) is { Succeeded: false } refusedName)
        {
            return refusedName;
        }

        if (roles is not null)
        {
            var held = await accounts.GetRolesAsync(account);
            await accounts.RemoveFromRolesAsync(account, held.Except(roles, StringComparer.OrdinalIgnoreCase));
            await accounts.AddToRolesAsync(account, roles.Except(held, StringComparer.OrdinalIgnoreCase));
        }

        if (hash is not null)
        {
            // Somebody who may set passwords also lets in again whom guesses have locked out.
            (account.PasswordHash, account.LockoutEnd, account.AccessFailedCount) = (hash, null, 0);
        }

        return hash is null && roles is null ? IdentityResult.Success : await accounts.UpdateSecurityStampAsync(account);
    }

    /// <summary>Does it whole or not at all, and never leaves the server without an administrator.</summary>
    private async Task<(bool Commit, DirectoryChange Change)> ApplyAsync(Account account, Func<Task<IdentityResult>> act, bool describe = true)
    {
        var hadAdministrator = await HasAdministratorAsync();
        var result = await act();
        if (!result.Succeeded)
        {
            return (false, DirectoryChange.Refused([.. result.Errors.Select(error => error.Description)]));
        }

        if (hadAdministrator && !await HasAdministratorAsync())
        {
            return (false, DirectoryChange.Refused("This is the last administrator. Make another user an administrator first."));
        }

        return (true, describe ? DirectoryChange.Done(await DescribeAsync(account)) : new DirectoryChange(null, []));
    }

    private Task<bool> HasAdministratorAsync() => database.UserRoles.AnyAsync(row => row.RoleId == ServerRoles.Administrator);

    private async Task<IReadOnlyList<string>> CheckPasswordAsync(Account account, string password)
    {
        var errors = new List<string>();
        foreach (var validator in accounts.PasswordValidators)
        {
            errors.AddRange((await validator.ValidateAsync(accounts, account, password)).Errors.Select(error => error.Description));
        }

        return errors;
    }

    private async Task<User> DescribeAsync(Account account) => Describe(account, await accounts.GetRolesAsync(account));

    private static User Describe(Account account, IEnumerable<string> roles) =>
        new() { Id = account.Id, Name = account.UserName!, Roles = [.. roles.Order(StringComparer.Ordinal)], Stamp = account.SecurityStamp };
}
