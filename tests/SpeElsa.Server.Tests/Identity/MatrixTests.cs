using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>Every endpoint × every role. An endpoint that is not in the table fails the test: whoever adds one decides who may.</summary>
public sealed partial class MatrixTests
{
    private const string Everybody = "everybody";
    private const string SignedIn = "signed in";
    private const string Readers = "viewer operator approver designer administrator";
    private const string Answerers = "operator approver designer administrator";
    private const string Operators = "operator designer administrator";
    private const string Designers = "designer administrator";
    private const string Administrators = "administrator";
    private const string NoRole = "none";

    private static readonly string[] AllRoles = [ServerRoles.Viewer, ServerRoles.Operator, ServerRoles.Approver, ServerRoles.Designer, ServerRoles.Administrator];

    /// <summary>Our own. What is Elsa's follows rules, below.</summary>
    private static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["GET /api/moves/"] = Readers,
        ["POST /api/moves/"] = Operators,
        ["GET /api/moves/{id}"] = Readers,
        ["POST /api/moves/{id}/cancel"] = Operators,
        ["GET /api/moves/{id}/journal"] = Readers,
        ["GET /api/tasks/"] = Readers,
        ["POST /api/tasks/{id}/complete"] = Answerers,
        ["GET /health/live"] = Readers,
        ["GET /health/ready"] = Readers,
        ["GET /openapi/{documentName}.json"] = Readers,
        ["GET /lab/servers"] = Readers,
        ["GET /lab/servers/{name}/effects"] = Readers,
        ["GET /lab/servers/{name}/dashboard"] = Readers,
        ["POST /lab/servers/{name}/install"] = Operators,
        ["POST /lab/licence/transfer"] = Operators,
        ["POST /lab/servers/{name}/administrators/{user}/mfa"] = Operators,
        ["POST /lab/servers/{name}/smtp"] = Operators,
        ["POST /lab/servers/{name}/reboot"] = Operators,
        ["POST /designer/token"] = Readers,
        ["POST /sign-out"] = Everybody,
        ["PAGE /"] = SignedIn,
        ["PAGE /not-found"] = SignedIn,
        ["PAGE /no-access"] = SignedIn,
        ["PAGE /account"] = SignedIn,
        ["PAGE /sign-in"] = Everybody,
        ["PAGE /sign-in/code"] = Everybody,
        ["PAGE /set-up"] = Everybody,
        ["PAGE /designer"] = Readers,
        ["PAGE /designer/{DefinitionId}"] = Readers,
        ["PAGE /designer/definitions/{DefinitionId}"] = Readers,
        ["PAGE /designer/instances"] = Readers,
        ["PAGE /designer/instances/{InstanceId}"] = Readers,
        ["PAGE /designer/workflows/definitions/{DefinitionId}/edit"] = Readers,
        ["PAGE /designer/workflows/instances/{InstanceId}/view"] = Readers,
        ["ANY {*path:nonfile}"] = SignedIn,
    };

    [Fact]
    public async Task Every_endpoint_asks_for_the_right_it_should_and_no_role_has_more()
    {
        await using var host = await AccessHost.StartAsync("--Lab:Enabled", "true", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var endpoint in Endpoints(host).Where(endpoint => !IsElsas(endpoint)))
        {
            found[Name(endpoint)] = await WhoAsync(host, endpoint);
        }

        Assert.Equal(Lines(Table), Lines(found));
    }

    /// <summary>Elsa's API: only what carries credentials of its own is open; what only reads is a viewer's; nothing that changes is.</summary>
    [Fact]
    public async Task Elsas_endpoints_let_viewers_read_and_nothing_else_and_strangers_sign_in()
    {
        string[] open = ["POST elsa/api/identity/login", "POST elsa/api/identity/refresh-token", "GET elsa/api/bookmarks/resume", "POST elsa/api/bookmarks/resume", "ANY elsa/hubs/workflow-instance", "POST elsa/hubs/workflow-instance/negotiate"];
        await using var host = await AccessHost.StartAsync();
        var wrong = new List<string>();
        foreach (var endpoint in Endpoints(host).Where(IsElsas))
        {
            var (name, who) = (Name(endpoint), await WhoAsync(host, endpoint));
            var fits = who == Everybody ? open.Contains(name, StringComparer.Ordinal)
                : who.EndsWith(Administrators, StringComparison.Ordinal) && (!name.StartsWith("GET ", StringComparison.Ordinal) || who == Readers);
            if (!fits || (who == Readers && !Reads(name)))
            {
                wrong.Add($"{name}: {who}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>What the policies say, asked over HTTP: with a token, with a session, with nothing.</summary>
    [Fact]
    public async Task Who_may_not_is_refused_over_HTTP_whatever_he_comes_with()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:AttemptsPerMinute", "10000");
        var (bearers, browsers) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, Browser>(StringComparer.Ordinal));
        foreach (var role in AllRoles.Append(NoRole))
        {
            await host.AddUserAsync(role, role == NoRole ? [] : [role]);
            bearers[role] = $"Bearer {(string)(await host.LoginAsync(role))["accessToken"]!}";
            browsers[role] = host.OpenBrowser();
            Assert.Equal(HttpStatusCode.Redirect, await browsers[role].SignInAsync(role));
        }

        var wrong = new List<string>();
        foreach (var endpoint in Endpoints(host).Where(endpoint => !Name(endpoint).StartsWith("PAGE", StringComparison.Ordinal) && !Name(endpoint).StartsWith("ANY", StringComparison.Ordinal)))
        {
            var (name, who) = (Name(endpoint), await WhoAsync(host, endpoint));
            if (who == Everybody)
            {
                continue;
            }

            var (method, path) = (new HttpMethod(name.Split(' ')[0]), "/" + Parameter().Replace(name.Split(' ')[1], "x").TrimStart('/'));
            await CheckAsync(name, "nobody", HttpStatusCode.Unauthorized, await host.StatusAsync(method, path));
            foreach (var role in AllRoles.Append(NoRole))
            {
                var may = who.Split(' ').Contains(role, StringComparer.Ordinal);
                if (may && method != HttpMethod.Get)
                {
                    // What it may do it would do.
                    continue;
                }

                HttpStatusCode? refusal = may ? null : HttpStatusCode.Forbidden;
                await CheckAsync(name, $"{role} by session", refusal, (await browsers[role].CallAsync(method, path, ("Sec-Fetch-Site", "same-origin"))).Status);
                await CheckAsync(name, $"{role} by token", path == SessionEndpoints.TokenPath ? HttpStatusCode.Unauthorized : refusal, await host.StatusAsync(method, path, bearers[role]));
            }
        }

        Assert.Empty(wrong);
        Assert.All(browsers.Values, browser => browser.Dispose());
        return;

        Task CheckAsync(string name, string caller, HttpStatusCode? refusal, HttpStatusCode actual)
        {
            if (refusal is null ? actual is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden : actual != refusal)
            {
                wrong.Add($"{name} for {caller}: {actual}");
            }

            return Task.CompletedTask;
        }
    }

    private static List<RouteEndpoint> Endpoints(AccessHost host) => [.. host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText?.Contains("_framework", StringComparison.Ordinal) != true)];

    private static bool IsElsas(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("elsa/", StringComparison.Ordinal);

    private static string Name(RouteEndpoint endpoint)
    {
        var isPage = endpoint.Metadata.Any(metadata => metadata.GetType().Name == "ComponentTypeMetadata");
        var method = isPage ? "PAGE" : endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var one] ? one : "ANY";
        var pattern = endpoint.RoutePattern.RawText!;
        return $"{method} {(IsElsas(endpoint) ? pattern.Trim('/') : pattern)}";
    }

    private static async Task<string> WhoAsync(AccessHost host, RouteEndpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return Everybody;
        }

        var policies = host.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        var (data, own) = (endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>());
        Assert.True(data.Any(one => one.Policy is not null) || own.Count > 0, $"{Name(endpoint)} has no policy of its own");
        var policy = (await AuthorizationPolicy.CombineAsync(policies, data, own))!;
        var authorization = host.Services.GetRequiredService<IAuthorizationService>();
        Assert.False((await authorization.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), policy)).Succeeded, $"{Name(endpoint)} lets in who is not signed in");
        if ((await authorization.AuthorizeAsync(Principal(), policy)).Succeeded)
        {
            return SignedIn;
        }

        var may = new List<string>();
        foreach (var role in AllRoles)
        {
            if ((await authorization.AuthorizeAsync(Principal(role), policy)).Succeeded)
            {
                may.Add(role);
            }
        }

        return string.Join(' ', may);
    }

    private static ClaimsPrincipal Principal(params string[] roles) => new(new ClaimsIdentity(
        ServerRoles.PermissionsOf(roles).Select(permission => new Claim(Permissions.ClaimType, permission)), IdentityConstants.ApplicationScheme));

    /// <summary>Requests of Elsa's that only read, though they are no GET: the lists they take are too long for an address.</summary>
    private static bool Reads(string name) => name.StartsWith("GET ", StringComparison.Ordinal) || ReadingPost().IsMatch(name);

    private static string[] Lines(Dictionary<string, string> table) => [.. table.Select(pair => $"{pair.Key}: {pair.Value}").Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("^POST elsa/api/(descriptors/|activity-executions/|activity-execution-summaries|workflow-instances$|workflow-instances/[^/]+/journal$|workflow-definitions/.*export|bulk-actions/export)")]
    private static partial Regex ReadingPost();
}
