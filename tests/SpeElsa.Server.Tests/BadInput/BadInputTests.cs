using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.BadInput;

/// <summary>What nobody should send, sent to every endpoint.</summary>
public sealed class BadInputTests
{
    private const int AtOnce = 4;

    /// <summary>What is done although something is bad about it, and why. By name of the request.</summary>
    private static readonly (string Names, string Why)[] Done =
    [
        (@"\[header ", "A header that an endpoint does not read is not looked at. Of those that read an Idempotency-Key none gets here."),
        (@"\[query that is not read\]", "Nor is an argument that it does not read."),
        (@"\[body that is not read: ", "Nor is a body."),
        (@"^GET /elsa/api/\S+ \[query \S+: twice\]", "Elsa takes the first of two."),
        (@"^GET /api/(audit|tasks/) \[query (actor|path|role): twice\]", "The two together are a text that nothing has."),
        (@"^GET /(designer|elsa/api/workflow-(definitions|instances))/\S+ \[path ", "A page, or an empty list, of something that is not there."),
        (@"^POST /elsa/api/(workflow-instances/\{id\}/journal|scripting/\S+|tasks/\{taskId\}/complete|events/\S+) \[path ", "As in Elsa: what is not there has an empty list, and is told nothing."),
        (@"^(POST|PUT) /elsa/api/workflow-definitions/\{definitionId\}/import \[path ", "An id may be any text without slashes; an import makes what is not there."),
        (@"^DELETE /api/secrets/\{name\} \[path ", "To forget what is not there is harmless."),
        (@"^(POST|PUT) /elsa/api/\S+ \[member nobody knows\]", "Elsa's clients send members that servers do not read."),
        (@"^POST /elsa/api/\S+ \[body: (empty|none|null)\]", "All is optional there."),
        (@"^POST /elsa/api/\S+ \[member \S+: a list of null\]", "Elsa's lists may hold nulls, which count for nothing."),
        (@"^POST /elsa/api/(activity-executions/report|bulk-actions/cancel/\S+|scripting/\S+|workflow-instances) \[member (\w+[iI]ds?!?|activityTypeName|searchTerm|version|versionOptions): ", "It is looked for and not found."),
        (@"^POST /elsa/api/workflow-instances \[member \S+: (a number|a list of numbers|the first|the last)\]", "As in Elsa, choices may be numbers, and any date can be compared with."),
        (@"^POST /elsa/api/events/\S+ \[member input: ", "An event may bring any value."),
        (@"^GET /_blazor/initializers/ \[wrong method\]", "Blazor's list of scripts, which is empty however it is asked for."),
        (@"^(POST|PUT) /elsa/api/workflow-definitions(/check|/import)? \[member (model!\.)?root", "A draft is kept as it is; it is refused when it is to be published."),
    ];

    /// <summary>What is not bad after all.</summary>
    private static readonly (string Names, string Why)[] Good =
    [
        (@"^POST /api/plans/ \[member version: negative\]", "The version counts where a plan is changed."),
        (@"/rehearse \[member seed: negative\]", "Any number is a seed."),
        (@"/faults \[member time: zero\]", "Nothing is as short as that."),
    ];

    /// <summary>What the server refuses before it looks which endpoint is meant, and what is answered by the maker of the API's description.</summary>
    private static readonly string[] RefusedAtTheDoor = ["}: zero byte", "path {documentName}"];

    [Fact]
    public async Task Whatever_is_sent_is_refused_with_a_reason_and_nothing_is_lost()
    {
        await using var host = await AccessHost.StartAsync(
            "--SignIn:AttemptsPerMinute", "10000", "--Lab:Enabled", "true", "--Lab:Farm", "Single", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes, "--Lab:KeyFolder", TestProcess.KeyFolder,
            "--Machines:0:Name", "far", "--Machines:0:Ssh:Host", "127.0.0.1", "--Machines:0:Ssh:Port", "1", "--Machines:0:Ssh:UserName", "nobody", "--Machines:0:Ssh:PasswordSecret", "far");
        var bad = new BadRequests(await FillAsync(host));
        var endpoints = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "DELETE"]).Select(method => (Method: method, Endpoint: endpoint)))
            .OrderBy(one => one.Endpoint.RoutePattern.RawText, StringComparer.Ordinal).ThenBy(one => one.Method, StringComparer.Ordinal).ToArray();
        Assert.Empty(Samples.Unused(endpoints.Select(one => $"{one.Method} /{one.Endpoint.RoutePattern.RawText!.TrimStart('/')}")));
        var requests = endpoints.SelectMany(one => bad.Of(one.Method, one.Endpoint).Select(request => (Request: request, IsOurs: IsOurs(one.Endpoint))))
            .Where(one => !Array.Exists(Good, good => Regex.IsMatch(one.Request.Name, good.Names))).ToArray();
        var versions = await VersionsAsync(host);
        var before = await LookAsync(host, versions);

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = host.Address };
        var key = host.ApiKey;
        var wrong = new ConcurrentBag<(string Name, string Text)>();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var answer = await one.Request.SendAsync(client, key);
            if (FaultOf(one.Request, answer, one.IsOurs) is { } fault)
            {
                wrong.Add((one.Request.Name, $"{one.Request.Name} {fault}: {answer}\n  {one.Request.ToCurl(host.Address)}"));
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{requests.Length} bad requests to {endpoints.Length} endpoints");
        Assert.InRange(requests.Length, 600, int.MaxValue);
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {requests.Length}:\n{string.Join('\n', wrong.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => one.Text))}");
        var after = await LookAsync(host, versions);
        Assert.True(before.SequenceEqual(after, StringComparer.Ordinal), $"Before:\n{string.Join('\n', before.Except(after))}\nAfter:\n{string.Join('\n', after.Except(before))}");
        Assert.True((bool)(await host.LoginAsync("otto"))["isAuthenticated"]!);
        await host.PostAsync("/api/plans", key, new { scenario = "asks-look" }, HttpStatusCode.Created);
    }

    private static string? FaultOf(BadRequest request, BadAnswer answer, bool isOurs) =>
        answer.Status is 0 ? "gets no answer"
        : answer.Status >= 500 ? "fails"
        : answer.Status is >= 200 and < 300 ? Array.Exists(Done, done => Regex.IsMatch(request.Name, done.Names)) ? null : "is done"
        : answer.IsRefused && isOurs && !Array.Exists(RefusedAtTheDoor, kind => request.Kind.Contains(kind, StringComparison.Ordinal)) && answer.Fault() is { } fault ? fault
        : null;

    /// <summary>Elsa's API answers as Elsa does, and the connection of live pages as Blazor does.</summary>
    private static bool IsOurs(RouteEndpoint endpoint) =>
        !Array.Exists(["elsa/", "_blazor"], theirs => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith(theirs, StringComparison.Ordinal)) && endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is null;

    /// <summary>Makes one of each thing.</summary>
    private static async Task<(string, string)[]> FillAsync(AccessHost host)
    {
        await host.PersonAsync("otto", "operator");
        using var secret = await host.SendAsync(HttpMethod.Put, "/api/secrets/far", host.ApiKey, new { value = "kept" });
        Assert.True(secret.IsSuccessStatusCode);
        using var application = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/applications", host.ApiKey, new { name = "tool", roles = new[] { "viewer" } });
        Assert.True(application.IsSuccessStatusCode, await application.Content.ReadAsStringAsync());
        var fields = new JsonArray(new JsonObject { ["name"] = "sure", ["type"] = "boolean", ["required"] = true });
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("fields", A.Text(fields.ToJsonString()))));
        var task = await host.TaskAsync(moveId, "look-1");
        var plan = await host.PostAsync("/api/plans", host.ApiKey, new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new" } }, HttpStatusCode.Created);
        var users = await host.GetAsync("/elsa/api/identity/users");
        var applications = await host.GetAsync("/elsa/api/identity/applications");
        var version = await host.GetAsync("/elsa/api/workflow-definitions/asks-look");
        return
        [
            ("/api/moves/{id}", moveId), ("/api/tasks/{id}", (string)task["id"]!), ("/api/plans/{id}", (string)plan["id"]!), ("/api/machines/{name}", "far"), ("/api/secrets/{name}", "far"),
            ("/lab/servers/{name}", "spe-old"), ("/administrators/{user}", "admin"), ("{role}", "managementServer"), ("users/{id}", (string)users["users"]![0]!["id"]!), ("roles/{id}", "viewer"),
            ("applications/{id}", (string)applications["applications"]![0]!["id"]!), ("workflow-instances/{id}", moveId), ("{definitionId}", "asks-look"), ("/by-id/{id}", (string)version["id"]!),
            ("/subgraph/{id}", (string)version["id"]!), ("/segments/{id}", (string)version["id"]!), ("workflow-definition-versions/{id}", (string)version["id"]!), ("{version}", "1"), ("{typeName}", "Elsa.WriteLine"),
            ("{documentName}", "v1"),
        ];
    }

    /// <summary>Each version of each workflow, with all that is told about it in lists.</summary>
    private static async Task<Dictionary<string, string>> VersionsAsync(AccessHost host) =>
        (await host.GetAsync("/elsa/api/workflow-definitions?versionOptions=AllVersions"))["items"]!.AsArray().ToDictionary(version => (string)version!["id"]!, version => version!.ToJsonString(), StringComparer.Ordinal);

    /// <summary>All that must be as it was. Drafts that were made meanwhile are left out.</summary>
    private static async Task<List<string>> LookAsync(AccessHost host, Dictionary<string, string> versions)
    {
        string[] paths =
        [
            "/api/moves?pageSize=200", "/api/plans?pageSize=200", "/api/tasks?pageSize=200", "/api/tasks?state=closed&pageSize=200", "/api/notices", "/api/machines", "/elsa/api/identity/users", "/elsa/api/identity/roles",
            "/elsa/api/identity/applications", "/elsa/api/workflow-instances", "/lab/servers",
        ];
        var seen = (await VersionsAsync(host)).Where(version => versions.ContainsKey(version.Key)).OrderBy(version => version.Key, StringComparer.Ordinal).Select(version => version.Value).ToList();
        foreach (var path in paths)
        {
            seen.Add($"{path} {(await host.GetAsync(path)).ToJsonString()}");
        }

        foreach (var path in new[] { "/api/moves", "/api/plans", "/api/tasks" })
        {
            foreach (var one in (await host.GetAsync($"{path}?pageSize=200"))["items"]!.AsArray())
            {
                seen.Add($"{path}/{one!["id"]} {(await host.GetAsync($"{path}/{one["id"]}")).ToJsonString()}");
            }
        }

        foreach (var folder in new[] { "secrets", "evidence-files", "rehearsals", "keys" }.Select(name => Path.Combine(host.DataDirectory, name)).Where(Directory.Exists))
        {
            seen.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
        }

        return seen;
    }
}
