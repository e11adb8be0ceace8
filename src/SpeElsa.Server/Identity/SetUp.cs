using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Identity;

/// <summary>
/// The first administrator. While there is no account, each start makes a code and writes it, with the page to enter it on, to a file that only its owner can
/// read. Only the code's hash is in the database. It is good once and for a while; there is no password that everybody knows.
/// </summary>
internal sealed class SetUp(
    UserManager<Account> accounts, ServerDbContext database, ServerOptions options, TimeProvider timeProvider, IHttpContextAccessor http, ILogger<SetUp> logger)
{
    public const string FileName = "set-up-link.txt";
    public const string Path = "/set-up";
    private const int CodeBytes = 32;

    private string FilePath => System.IO.Path.Combine(options.DataPath, FileName);

    /// <summary>Whether nobody has an account yet.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) => !await database.Users.AnyAsync(cancellationToken);

    /// <summary>Makes a code for this start, if there is no account; earlier ones end.</summary>
    /// <param name="address">Where the server is reached.</param>
    /// <param name="cancellationToken">Stops the wait for the database.</param>
    public async Task OfferAsync(Uri address, CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(cancellationToken))
        {
            File.Delete(FilePath);
            return;
        }

        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes));
        var row = new SetUpLinkRow { Hash = Hash(code), ExpiresAt = timeProvider.GetUtcNow() + options.SignIn.SetUpLinkLifetime };
        await database.InOneTurnAsync(
            async () =>
            {
                await database.SetUpLinks.ExecuteDeleteAsync(cancellationToken);
                database.SetUpLinks.Add(row);
                await database.SaveChangesAsync(cancellationToken);
                return (true, true);
            },
            cancellationToken);
        PrivateFile.Write(FilePath, Encoding.UTF8.GetBytes($"{new Uri(address, Path)}{Environment.NewLine}{code}{Environment.NewLine}"));
        logger.SetUpWaits(FilePath, row.ExpiresAt);
    }

    /// <summary>Makes the administrator and uses the code up, both or neither.</summary>
    /// <returns>The administrator, or what is wrong.</returns>
    public async Task<(Account? Account, IReadOnlyList<string> Errors)> RedeemAsync(string code, string name, string password, CancellationToken cancellationToken)
    {
        var account = new Account { UserName = name, CreatedAt = timeProvider.GetUtcNow() };
        foreach (var validator in accounts.PasswordValidators)
        {
            if (await validator.ValidateAsync(accounts, account, password) is { Succeeded: false } weak)
            {
                return (null, Describe(weak));
            }
        }

        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
        var errors = await database.InOneTurnAsync(() => RedeemAsync(code, account, cancellationToken), cancellationToken);
        var address = http.HttpContext?.Connection.RemoteIpAddress;
        if (errors.Count > 0)
        {
            logger.SetUpRefused(address, errors[0]);
            return (null, errors);
        }

        logger.SetUp(account.Id, address);
        File.Delete(FilePath);
        return (account, []);
    }

    private async Task<(bool Commit, IReadOnlyList<string> Errors)> RedeemAsync(string code, Account account, CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(cancellationToken))
        {
            return (false, ["This server has been set up already. Sign in."]);
        }

        var (hash, now) = (Hash(code.Trim()), timeProvider.GetUtcNow());
        if (await database.SetUpLinks.Where(row => row.Hash == hash && row.ExpiresAt > now).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return (false, [$"This code is wrong, used or expired. The one that counts stands in {FileName} in the server's data directory; a restart of the server makes a new one."]);
        }

        var made = await accounts.CreateAsync(account);
        made = made.Succeeded ? await accounts.AddToRoleAsync(account, ServerRoles.Administrator) : made;
        return (made.Succeeded, Describe(made));
    }

    private static IReadOnlyList<string> Describe(IdentityResult result) => [.. result.Errors.Select(error => error.Description)];

    private static string Hash(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
