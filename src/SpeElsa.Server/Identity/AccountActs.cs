using Microsoft.AspNetCore.Identity;
using QRCoder;

namespace SpeElsa.Server.Identity;

/// <summary>What people do to their own accounts. Whoever found an open session needs the password for what would keep its owner out.</summary>
internal sealed class AccountActs(UserManager<Account> accounts, SignInManager<Account> signIn, ILogger<AccountActs> logger)
{
    private const int RecoveryCodes = 10;
    private static readonly IReadOnlyList<string> WrongPassword = ["The password is wrong, or the account is locked for a while after too many attempts."];

    /// <summary>The key as a QR code that authenticator apps read.</summary>
    public static string Draw(string key, Account account)
    {
        var address = $"otpauth://totp/SpeElsa:{Uri.EscapeDataString(account.UserName!)}?secret={key}&issuer=SpeElsa&digits=6";
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <summary>Makes a key for an authenticator app; it counts once a code of it was entered.</summary>
    public async Task MakeKeyAsync(Account account)
    {
        if (!account.TwoFactorEnabled)
        {
            await accounts.ResetAuthenticatorKeyAsync(account);
            await signIn.RefreshSignInAsync(account);
        }
    }

    /// <summary>Switches the second step on.</summary>
    /// <returns>The recovery codes, or what is wrong.</returns>
    public async Task<(IReadOnlyList<string> Codes, IReadOnlyList<string> Errors)> SwitchOnAsync(Account account, string code)
    {
        var digits = new string([.. code.Where(char.IsAsciiDigit)]);
        if (account.TwoFactorEnabled || !await accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, digits))
        {
            return ([], ["The code is wrong. Look whether the clock of your phone is right, and take the code that the app shows now."]);
        }

        await accounts.SetTwoFactorEnabledAsync(account, true);
        var codes = await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes);
        await signIn.RefreshSignInAsync(account);
        logger.AccountActed(account.Id, "second step on");
        return ([.. codes ?? []], []);
    }

    /// <summary>Makes new recovery codes; the old ones end.</summary>
    public async Task<(IReadOnlyList<string> Codes, IReadOnlyList<string> Errors)> MakeCodesAsync(Account account, string password)
    {
        if (!await IsOwnerAsync(account, password))
        {
            return ([], WrongPassword);
        }

        var codes = await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes);
        logger.AccountActed(account.Id, "new recovery codes");
        return ([.. codes ?? []], []);
    }

    /// <summary>Switches the second step off and forgets its key.</summary>
    public async Task<IReadOnlyList<string>> SwitchOffAsync(Account account, string password)
    {
        if (!await IsOwnerAsync(account, password))
        {
            return WrongPassword;
        }

        await accounts.SetTwoFactorEnabledAsync(account, false);
        await accounts.RemoveAuthenticationTokenAsync(account, "[AspNetUserStore]", "AuthenticatorKey");
        await signIn.RefreshSignInAsync(account);
        logger.AccountActed(account.Id, "second step off");
        return [];
    }

    /// <summary>Changes the password; other sessions and tokens end.</summary>
    public async Task<IReadOnlyList<string>> ChangePasswordAsync(Account account, string password, string newPassword)
    {
        if (!await IsOwnerAsync(account, password))
        {
            return WrongPassword;
        }

        var result = await accounts.ChangePasswordAsync(account, password, newPassword);
        if (!result.Succeeded)
        {
            return [.. result.Errors.Select(error => error.Description)];
        }

        await signIn.RefreshSignInAsync(account);
        logger.AccountActed(account.Id, "new password");
        return [];
    }

    /// <summary>Changes the address that notices go to; none where it is empty.</summary>
    public async Task<IReadOnlyList<string>> ChangeAddressAsync(Account account, string address)
    {
        var trimmed = address.Trim();
        if (trimmed.Length > 0 && (!new System.ComponentModel.DataAnnotations.EmailAddressAttribute().IsValid(trimmed) || trimmed.Any(char.IsControl)))
        {
            return [$"'{trimmed}' is no mail address."];
        }

        account.Email = trimmed.Length == 0 ? null : trimmed;
        var result = await accounts.UpdateAsync(account);
        if (result.Succeeded)
        {
            logger.AccountActed(account.Id, "new address for notices");
        }

        return [.. result.Errors.Select(error => error.Description)];
    }

    /// <summary>Ends every session and token.</summary>
    public async Task SignOutEverywhereAsync(Account account)
    {
        await accounts.UpdateSecurityStampAsync(account);
        await signIn.SignOutAsync();
        logger.AccountActed(account.Id, "signed out everywhere");
    }

    private async Task<bool> IsOwnerAsync(Account account, string password) => (await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true)).Succeeded;
}
