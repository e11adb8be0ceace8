using System.Net;

namespace SpeElsa.Server.Identity;

/// <summary>Who came in, who was kept out, and what was done to accounts. Names no secret, and no name that somebody typed who has no account.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(EventId = 7201, Level = LogLevel.Information, Message = "Account {AccountId} signed in from {Address} by {Method}")]
    public static partial void SignedIn(this ILogger logger, string accountId, IPAddress? address, string method);

    [LoggerMessage(EventId = 7202, Level = LogLevel.Warning, Message = "A sign-in from {Address} failed; it was for account {AccountId}")]
    public static partial void SignInFailed(this ILogger logger, IPAddress? address, string accountId);

    [LoggerMessage(EventId = 7203, Level = LogLevel.Warning, Message = "Account {AccountId} is locked out after wrong passwords or codes, last from {Address}")]
    public static partial void LockedOut(this ILogger logger, string accountId, IPAddress? address);

    [LoggerMessage(EventId = 7204, Level = LogLevel.Information, Message = "Account {AccountId} signed out")]
    public static partial void SignedOut(this ILogger logger, string? accountId);

    [LoggerMessage(EventId = 7205, Level = LogLevel.Information, Message = "Account {AccountId} asked for tokens with a password alone and was refused, since it has a second factor")]
    public static partial void TokensNeedTheSecondFactor(this ILogger logger, string accountId);

    [LoggerMessage(EventId = 7206, Level = LogLevel.Information, Message = "The set-up made the administrator {AccountId} from {Address}")]
    public static partial void SetUp(this ILogger logger, string accountId, IPAddress? address);

    [LoggerMessage(EventId = 7207, Level = LogLevel.Warning, Message = "A set-up from {Address} was refused: {Reason}")]
    public static partial void SetUpRefused(this ILogger logger, IPAddress? address, string reason);

    [LoggerMessage(EventId = 7208, Level = LogLevel.Information, Message = "This server has no administrator yet. Make one with the link in {Path}, readable by its owner only; it is good until {ExpiresAt:u}")]
    public static partial void SetUpWaits(this ILogger logger, string path, DateTimeOffset expiresAt);

    [LoggerMessage(EventId = 7209, Level = LogLevel.Information, Message = "Account {AccountId} was made by {Actor} with the roles {Roles}")]
    public static partial void AccountCreated(this ILogger logger, string accountId, string actor, IEnumerable<string> roles);

    [LoggerMessage(EventId = 7210, Level = LogLevel.Information, Message = "Account {AccountId} was changed by {Actor}; new password: {NewPassword}, new roles: {Roles}")]
    public static partial void AccountChanged(this ILogger logger, string accountId, string actor, bool newPassword, IEnumerable<string>? roles);

    [LoggerMessage(EventId = 7211, Level = LogLevel.Information, Message = "Account {AccountId} was removed by {Actor}")]
    public static partial void AccountDeleted(this ILogger logger, string accountId, string actor);

    [LoggerMessage(EventId = 7212, Level = LogLevel.Information, Message = "Account {AccountId} did this to itself: {Act}")]
    public static partial void AccountActed(this ILogger logger, string accountId, string act);

    [LoggerMessage(EventId = 7213, Level = LogLevel.Information, Message = "Account {AccountId} got a token for the designer")]
    public static partial void DesignerToken(this ILogger logger, string accountId);

    [LoggerMessage(EventId = 7216, Level = LogLevel.Warning, Message = "A sign-in by OpenID Connect from {Address} was refused: {Reason}")]
    public static partial void OpenIdRefused(this ILogger logger, IPAddress? address, string reason);

    [LoggerMessage(EventId = 7217, Level = LogLevel.Warning, Message = "A sign-in by OpenID Connect from {Address} failed: {Reason}")]
    public static partial void OpenIdFailed(this ILogger logger, IPAddress? address, string reason, Exception? exception);

    [LoggerMessage(EventId = 7215, Level = LogLevel.Warning, Message = "That the key of application {ApplicationId} was used could not be noted")]
    public static partial void UseNotNoted(this ILogger logger, string applicationId, Exception exception);

    [LoggerMessage(EventId = 7214, Level = LogLevel.Warning, Message = "{Method} {Path} from {Address} was refused: too many in a minute")]
    public static partial void TooManySignIns(this ILogger logger, string method, string path, IPAddress? address);
}
