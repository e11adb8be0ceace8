using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Commands;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Evidence;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Startup;

/// <summary>Starts the server and says in one line why it can not.</summary>
internal static class ServerProgram
{
    /// <summary>Ended in order.</summary>
    public const int Ok = 0;

    /// <summary>Ended by something nobody thought of; the log says more.</summary>
    public const int Failed = 1;

    /// <summary>The settings can not be used.</summary>
    public const int BadSettings = 2;

    /// <summary>The database or data directory can not be used.</summary>
    public const int DatabaseUnusable = 3;

    /// <summary>The address is taken.</summary>
    public const int AddressInUse = 4;

    public static Task<int> RunAsync(string[] args)
    {
        // The host ends the server in order when it is told to; the command line's own patience would cut that off.
        var command = ProgramCommands.Build(ServeAsync).Parse(args);
        return command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = command.CommandResult.Command is RootCommand ? null : TimeSpan.FromSeconds(2) });
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = ServerHost.Build(args);
            await PrepareAsync(app, CancellationToken.None);
            await app.RunAsync();
            return Ok;
        }
        catch (DatabaseUnusableException exception)
        {
            return Say(exception.Message, DatabaseUnusable);
        }
        catch (UnauthorizedAccessException exception)
        {
            return Say($"The data directory can not be written: {exception.Message} Give this account write access to it, or set DataDirectory to another folder.", DatabaseUnusable);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException or FormatException or JsonException or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" })
        {
            return Say($"A setting can not be used: {exception.Message} See appsettings.json for what each may be.", BadSettings);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            return Say($"{exception.Message} Stop the other program, or set Urls to another port.", AddressInUse);
        }
#pragma warning disable CA1031 // The edge of the program: one line for people, the whole story for the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Serilog.Log.Fatal(exception, "The server stopped");
            return Say(exception.Message, Failed);
        }
        finally
        {
            await Serilog.Log.CloseAndFlushAsync();
        }
    }

    /// <summary>Opens the database before anything else touches the data directory, then brings the procedures in.</summary>
    internal static async Task PrepareAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        await app.Services.GetRequiredService<EngineDatabase>().OpenAsync(cancellationToken);

        await app.Services.OpenAccessAsync(cancellationToken);
        app.Services.GetRequiredService<EvidenceKey>().Open();

        // The database's lock is ours, so whoever owned instances in it is dead: no need to wait until their leases end.
        await app.Services.GetRequiredService<IRuntimeStore>().EvictAsync("", cancellationToken);
        await app.Services.GetRequiredService<DefinitionFiles>().PublishAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), cancellationToken);
        var key = app.Services.GetRequiredService<ApiKeyFile>();
        ServerHost.Map(app, options);
        app.Lifetime.ApplicationStarted.Register(() => Started(app, options, key));
    }

    private static void Started(WebApplication app, ServerOptions options, ApiKeyFile key)
    {
        var logger = app.Services.GetRequiredService<ILogger<ServerOptions>>();
        var urls = string.Join(", ", app.Urls);
        logger.Listening(urls, options.DataPath);
        logger.ApiKey(key.Path, key.IsNew ? "was written to" : "stands in");
        app.Services.OfferSetUpAsync(new Uri(app.Urls.First()), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Says in one line on the error stream why it ends.</summary>
    public static int Say(string message, int exitCode)
    {
        Console.Error.WriteLine($"speelsa: {message.ReplaceLineEndings(" ")}");
        return exitCode;
    }
}

internal static partial class StartupLog
{
    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "SpeElsa listens on {Urls}; its data is in {DataPath}")]
    public static partial void Listening(this ILogger logger, string urls, string dataPath);

    [LoggerMessage(EventId = 7102, Level = LogLevel.Information, Message = "The API key {Verb} {Path}, readable by its owner only")]
    public static partial void ApiKey(this ILogger logger, string path, string verb);
}
