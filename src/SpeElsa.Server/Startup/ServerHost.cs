using System.Text.Json.Serialization;
using Elsa.Extensions;
using Elsa.Http.Options;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Api.RealTime;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine;
using SpeElsa.MailStore;
using SpeElsa.Server.Access;
using SpeElsa.Server.Audit;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Designer;
using SpeElsa.Server.Evidence;
using SpeElsa.Server.Fleet;
using SpeElsa.Server.Health;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Moves.Plans;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Moves.Undo;
using SpeElsa.Server.Moves.Windows;
using SpeElsa.Server.Notices;
using SpeElsa.Server.OperatorConsole;
using SpeElsa.Server.Secrets;
using SpeElsa.Server.Tasks;
using SpeElsa.Server.Telemetry;

namespace SpeElsa.Server.Startup;

/// <summary>Puts the server together.</summary>
internal static class ServerHost
{
    private const long LargestRequest = 1024 * 1024;

    /// <summary>Builds the server; nothing is opened yet.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes services, for tests.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        // The settings and workflow files lie beside the program; "dotnet run" would otherwise look in the project folder and find none, silently.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var options = ReadOptions(builder.Configuration);
        PrivateFile.CreateDirectory(options.DataPath);
        AddLogging(builder, options);

        // Nothing where no service manager has started it.
        builder.Services.AddWindowsService(service => service.ServiceName = "SpeElsa");
        builder.Services.AddSystemd();

        // Our style sheets and scripts, also where the program was not published.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestRequest);
        builder.Services.AddSingleton(options);
        AddEngine(builder.Services, options);
        AddFleet(builder.Services, options);
        AddHttp(builder.Services, options);
        builder.Services.AddTelemetry(options.Telemetry);
        configure?.Invoke(builder.Services);
        return builder.Build();
    }

    /// <summary>The settings as the server would have them, for commands that need no server.</summary>
    public static ServerOptions ReadOptions() =>
        ReadOptions(new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build());

    private static ServerOptions ReadOptions(IConfiguration configuration)
    {
        var options = configuration.Get<ServerOptions>(binder => binder.ErrorOnUnknownConfiguration = false) ?? new ServerOptions();
        var problems = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        foreach (object part in new object[] { options, options.Lab, options.Plans, options.Tasks, options.Notices, options.SignIn, options.SignIn.OpenId, options.Telemetry }.Concat(options.Machines))
        {
            System.ComponentModel.DataAnnotations.Validator.TryValidateObject(part, new(part), problems, validateAllProperties: true);
        }

        var faults = problems.Select(problem => problem.ErrorMessage ?? "").Concat(MachineChecks.Faults(options)).ToList();
        return faults.Count == 0 ? options : throw new OptionsValidationException(nameof(ServerOptions), typeof(ServerOptions), faults);
    }

    private static void AddLogging(WebApplicationBuilder builder, ServerOptions options) =>
        builder.Services.AddSerilog(logger => logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            .MinimumLevel.Override("Microsoft.Hosting", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Warning)
            .ReadFrom.Configuration(builder.Configuration)
            .Enrich.FromLogContext()
            .WriteTo.Console(formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .WriteTo.File(
                new CompactJsonFormatter(),
                Path.Combine(options.DataPath, "logs", "speelsa-.clef"),
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: 31));

    private static void AddEngine(IServiceCollection services, ServerOptions options)
    {
        if (Environment.GetEnvironmentVariable(KillSwitch.Variable) is { Length: > 0 } places)
        {
            services.AddSingleton<IFaultPoints>(new KillSwitch(places, options.DataPath));
        }

        services.AddSingleton(TimeProvider.System);
        services.AddWorkflowEngine(typeof(HumanTask).Assembly);
        services.AddSingleton<IDefinitionCheck, MoveRulesCheck>();
        services.AddSqliteStore(options.DatabasePath);
        services.AddOptions<RuntimeOptions>().BindConfiguration("Runtime").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<InstanceRetentionOptions>().BindConfiguration("Retention").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<MoveStepOptions>().BindConfiguration("Steps");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<MoveStepOptions>>().Value);
        services.AddOptions<HumanTaskOptions>().BindConfiguration("Tasks");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<HumanTaskOptions>>().Value);
        services.AddOptions<HttpActivityOptions>().BindConfiguration("Http").ValidateOnStart();
        services.AddOptions<MailOptions>().BindConfiguration("Mail").ValidateOnStart();
        services.AddSingleton(provider => new MailPassword(
            (name, token) => provider.GetRequiredService<ISecretStore>().GetAsync(MachineSecrets.Reference(name), token)));
        services.AddWorkflowHttp(http => http.LargestRequest = LargestRequest);
        services.AddWorkflowWorkers();
    }

    private static void AddFleet(IServiceCollection services, ServerOptions options)
    {
        var keys = Path.Combine(options.DataPath, "keys");
        PrivateFile.CreateDirectory(keys);
        var protection = services.AddDataProtection().SetApplicationName("SpeElsa").PersistKeysToFileSystem(new DirectoryInfo(keys));
        if (OperatingSystem.IsWindows())
        {
            protection.ProtectKeysWithDpapi();
        }

        services.AddSingleton<OneTimePasswords>();
        services.AddSingleton<ISecretStore, SecretStore>();
        services.AddSingleton<SecretCatalog>();
        services.AddSingleton<HostKeys>();
        services.AddSingleton<MachineConnections>();
        services.AddSingleton<KnownFacts>();
        services.AddSingleton<MachineProbe>();
        services.AddSingleton<CopiedMachines>();
        services.AddSingleton<IFleet, ConfiguredFleet>();
        services.AddSingleton<ManagementApiMetadataCache>();
        services.AddLabFarm(options);
    }

    private static void AddHttp(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(_ => ApiKeyFile.Open(options.DataPath));
        services.AddSingleton(_ => new SecretMark(options.DataPath));
        services.AddSingleton<MoveReader>();
        services.AddSingleton<MoveStarter>();
        services.AddPlans();
        services.AddMoveWindows();
        services.AddRehearsals();
        services.AddMoveUndo();
        services.AddEvidence();
        services.AddTasks(options.Tasks);
        services.AddNotices(options);
        services.AddSingleton<AuditReader>();
        services.AddAccess(options);
        services.AddWorkflowsApi();
        services.AddRealTimeWorkflows();
        services.AddPages();
        services.AddOperatorConsole();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = ProblemAnswers.Complete);
        services.AddSingleton<IProblemDetailsWriter, PlainProblemWriter>();
        services.AddExceptionHandler<ProblemAnswers>();
        services.AddOpenApi(openApi => openApi.AddDocumentTransformer<ApiDescription>().AddOperationTransformer<ApiExamples>());
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    public static void Map(WebApplication app, ServerOptions options)
    {
        app.UseExceptionHandler();
        app.UseSecurityHeaders();

        // Elsa answers errors without a body, and Elsa's clients expect that.
        app.UseWhen(context => !context.Request.Path.StartsWithSegments(AccessRefusals.ElsaPath), others => others.UseStatusCodePages());
        app.UseDesignerFiles();
        app.UseStaticFiles();

        // Around all that may refuse somebody.
        app.UseAuditTrail();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseSameOrigin();
        app.UseApiPage();

        // An endpoint of a workflow says itself whom it lets in.
        app.UseWorkflows();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapSession(options.SignIn);
        app.MapWorkflowsApi();
        app.MapWorkflowsHub();
        var own = app.MapGroup("").CheckTexts();
        own.MapMoves();
        own.MapPlans();
        own.MapEvidence();
        own.MapTasks();
        own.MapNotices();
        own.MapAudit();
        own.MapMachines();
        own.MapSecrets();
        own.MapHealth();
        app.MapOpenApi().RequireAuthorization(Policies.Read);
        app.MapPages();
        app.MapLabFarm(options);
        app.MapFallback((HttpContext http) => TypedResults.Problem(
            $"There is nothing at {http.Request.Path}. GET /openapi/v1.json lists what there is.", statusCode: StatusCodes.Status404NotFound))
            .RequireAuthorization(Policies.SignedIn).WithMetadata(new BrowserFallback());
    }
}
