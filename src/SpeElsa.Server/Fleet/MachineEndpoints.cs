using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Machines.Ssh;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Fleet;

/// <summary>The machines, whether they can be reached, and whom to trust.</summary>
internal static partial class MachineEndpoints
{
    public static void MapMachines(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/machines").WithTags("Machines");
        group.MapGet("/", (MachineConnections machines, HostKeys keys, KnownFacts facts) => TypedResults.Ok(machines.Names.Select(name => View(name, machines, keys, facts)).ToList()))
            .RequireAuthorization(Policies.Read).WithSummary("The machines: how they are reached, which host keys are trusted, and what they last told");
        group.MapPost("/{name}/test", TestAsync).RequireAuthorization(Policies.Operate).WithSummary("Connect and say what is there")
            .WithDescription("Changes nothing. A machine that cannot be used is an answer too: its fault says why and what to do.").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{name}/host-key", Accept).RequireAuthorization(Policies.Administer).WithSummary("Trust a host key")
            .WithDescription("Compare the fingerprint with the machine's own first. It takes the place of the one that was accepted before.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<MachineTestView>, ProblemHttpResult>> TestAsync(
        string name, MachineConnections machines, MachineProbe probe, CancellationToken cancellationToken) => machines.Find(name) is { } known
        ? TypedResults.Ok(await probe.TestAsync(known, cancellationToken))
        : Unknown(name, machines);

    private static Results<Ok<MachineView>, ValidationProblem, ProblemHttpResult> Accept(
        string name,
        AcceptHostKeyRequest request,
        HttpContext http,
        MachineConnections machines,
        HostKeys keys,
        KnownFacts facts,
        TimeProvider timeProvider,
        ILogger<HostKeys> logger)
    {
        if (machines.Find(name) is not { } known)
        {
            return Unknown(name, machines);
        }

        var options = machines.Options(known)?.Ssh;
        options = request.JumpHost ? options?.JumpHost : options;
        if (options is null)
        {
            return Conflict($"{known} is not reached {(request.JumpHost ? "through a jump host" : "over SSH")}, so there is no host key to trust.", "There is no host key");
        }

        if (!string.IsNullOrWhiteSpace(options.HostKey))
        {
            return Conflict($"The settings have a HostKey for {HostKeys.PlaceOf(options)}, and that one counts. Change it there, or remove it.", "The settings pin the host key");
        }

        var fingerprint = request.Fingerprint?.Trim().TrimEnd('=') ?? "";
        if (!Fingerprint().IsMatch(fingerprint))
        {
            return TypedResults.ValidationProblem(
                new Dictionary<string, string[]> { ["fingerprint"] = ["Send the fingerprint as ssh-keygen -l shows it: SHA256: and 43 characters."] },
                title: "The request can not be used as it stands");
        }

        var by = http.User.Identity?.Name ?? "unknown";
        keys.Accept(options, fingerprint, by, timeProvider.GetUtcNow());
        Accepted(logger, HostKeys.PlaceOf(options), fingerprint, by);
        return TypedResults.Ok(View(known, machines, keys, facts));
    }

    /// <summary>A machine as people and programs see it.</summary>
    internal static MachineView View(string name, MachineConnections machines, HostKeys keys, KnownFacts facts)
    {
        var ssh = machines.Options(name)?.Ssh;
        return new MachineView(
            name,
            machines.WayOf(name),
            ssh is null ? null : HostKeys.PlaceOf(ssh),
            Trusted(ssh, keys),
            ssh?.JumpHost is { } jump ? new JumpHostView(HostKeys.PlaceOf(jump), Trusted(jump, keys)) : null,
            facts.Find(name));
    }

    private static HostKeyView? Trusted(SshOptions? options, HostKeys keys) => options switch
    {
        null => null,
        { HostKey: { Length: > 0 } pinned } => new HostKeyView(pinned),
        _ => keys.Find(options) is { } key ? new HostKeyView(key.Fingerprint, key.AcceptedBy, key.AcceptedAt) : null,
    };

    private static ProblemHttpResult Unknown(string name, MachineConnections machines) => TypedResults.Problem(
        $"There is no machine '{name}'; known are {string.Join(", ", machines.Names)}.", statusCode: StatusCodes.Status404NotFound, title: "Unknown machine");

    private static ProblemHttpResult Conflict(string detail, string title) => TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict, title: title);

    [GeneratedRegex("^SHA256:[A-Za-z0-9+/]{43}$")]
    private static partial Regex Fingerprint();

    [LoggerMessage(EventId = 7301, Level = LogLevel.Warning, Message = "The host key {Fingerprint} of {Place} was accepted by {By}")]
    private static partial void Accepted(ILogger logger, string place, string fingerprint, string by);
}
