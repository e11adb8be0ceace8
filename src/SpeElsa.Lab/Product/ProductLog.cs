using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

internal static partial class ProductLog
{
    [LoggerMessage(EventId = 6501, Level = LogLevel.Information, Message = "Seeded the lab in {Directory} with {Machines} machines")]
    public static partial void Seeded(this ILogger logger, string directory, int machines);

    [LoggerMessage(EventId = 6502, Level = LogLevel.Information, Message = "Management Server {Version} is up on {Machine}")]
    public static partial void ManagementServerUp(this ILogger logger, string machine, string version);

    [LoggerMessage(EventId = 6503, Level = LogLevel.Warning,
        Message = "The management database on {Machine} is of version {DatabaseVersion}, newer than the installed {Version}")]
    public static partial void DatabaseTooNew(this ILogger logger, string machine, string databaseVersion, string version);

    [LoggerMessage(EventId = 6504, Level = LogLevel.Information, Message = "The Management API of {Machine} listens on {Address}")]
    public static partial void ApiUp(this ILogger logger, string machine, Uri address);

    [LoggerMessage(EventId = 6505, Level = LogLevel.Information, Message = "The Management API of {Machine} is closed")]
    public static partial void ApiDown(this ILogger logger, string machine);

    [LoggerMessage(EventId = 6506, Level = LogLevel.Warning, Message = "The Management API of {Machine} cannot listen yet: {Reason}")]
    public static partial void ApiCannotListen(this ILogger logger, string machine, string reason);

    [LoggerMessage(EventId = 6507, Level = LogLevel.Error, Message = "The simulated roles could not settle; they try again")]
    public static partial void SettleFailed(this ILogger logger, Exception exception);

    [LoggerMessage(EventId = 6508, Level = LogLevel.Error, Message = "Management API function {Function} broke on {Machine}")]
    public static partial void FunctionBroke(this ILogger logger, string function, string machine, Exception exception);

    [LoggerMessage(EventId = 6509, Level = LogLevel.Warning, Message = "The Client Access Server of {Machine} cannot listen yet: {Reason}")]
    public static partial void ClientAccessCannotListen(this ILogger logger, string machine, string reason);
}
