using System.Net;
using System.Text.Json.Nodes;
using Elsa.Extensions;
using Elsa.Identity.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Identity;

namespace SpeElsa.Engine.Api.Tests.Identity;

/// <summary>Users, roles and applications: from the configuration, from stores, and of a trial.</summary>
public sealed class AccessTests
{
    private static readonly SecretHasher Hasher = new(IdentityHost.FewRounds);

    [Fact]
    public async Task Users_roles_and_applications_come_from_the_configuration_as_Elsas_users_write_it()
    {
        var password = Hasher.HashSecret("a long secret");
        var apiKey = ApplicationCredentials.CreateKey("robot");
        var hashedKey = Hasher.HashSecret(apiKey);
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Identity:Tokens:SigningKey"] = IdentityHost.SigningKey,
            ["Identity:Tokens:AccessTokenLifetime"] = "00:10:00",
            ["Identity:Roles:0:Id"] = "reader",
            ["Identity:Roles:0:Name"] = "Reader",
            ["Identity:Roles:0:Permissions:0"] = "read:*",
            ["Identity:Users:0:Id"] = "1",
            ["Identity:Users:0:Name"] = "ada",
            ["Identity:Users:0:HashedPassword"] = password.Secret,
            ["Identity:Users:0:HashedPasswordSalt"] = password.Salt,
            ["Identity:Users:0:Roles:0"] = "reader",
            ["Identity:Applications:0:Id"] = "2",
            ["Identity:Applications:0:Name"] = "robot",
            ["Identity:Applications:0:ClientId"] = "robot",
            ["Identity:Applications:0:HashedApiKey"] = hashedKey.Secret,
            ["Identity:Applications:0:HashedApiKeySalt"] = hashedKey.Salt,
            ["Identity:Applications:0:Roles:0"] = "reader",
        }).Build().GetSection("Identity");
        var tokenSection = section.GetSection("Tokens");
        await using var host = await IdentityHost.StartAsync(elsa => elsa
            .UseIdentity(identity =>
            {
                identity.TokenOptions += options => tokenSection.Bind(options);
                identity.UseConfigurationBasedUserProvider(options => section.Bind(options));
                identity.UseConfigurationBasedApplicationProvider(options => section.Bind(options));
                identity.UseConfigurationBasedRoleProvider(options => section.Bind(options));
            })
            .UseDefaultAuthentication());
        var bearer = await host.BearerAsync("ada", "a long secret");

        foreach (var authorization in new[] { bearer, $"ApiKey {apiKey}", $"apikey {apiKey}" })
        {
            Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", authorization));
            Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/users", authorization, new JsonObject { ["name"] = "eve" }));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", $"ApiKey {apiKey}0"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", "ApiKey zz-top"));
        Assert.False((bool)(await host.LoginAsync("ada", "A long secret"))["isAuthenticated"]!);
        Assert.False((bool)(await host.LoginAsync("bob", "a long secret"))["isAuthenticated"]!);
        Assert.Equal("Reader", (string)(await host.AskAsync(HttpMethod.Get, "roles", bearer))["roles"]![0]!["name"]!);
    }

    [Fact]
    public async Task Users_of_a_store_are_made_changed_and_removed_and_their_tokens_end_with_their_password()
    {
        await using var host = await StartWithStoresAsync();
        const string Admin = $"ApiKey {AdminAccessOptions.KnownApiKey}";
        await host.AskAsync(HttpMethod.Post, "roles", Admin, new JsonObject { ["id"] = "reader", ["name"] = "Reader", ["permissions"] = new JsonArray("read:*") });
        var made = await host.AskAsync(HttpMethod.Post, "users", Admin, new JsonObject { ["name"] = "ada", ["roles"] = new JsonArray("reader") });
        var (id, password) = ((string)made["id"]!, (string)made["password"]!);
        var tokens = await host.LoginAsync("ada", password);
        var (access, refresh) = ($"Bearer {(string)tokens["accessToken"]!}", $"Bearer {(string)tokens["refreshToken"]!}");
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", access));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/users", Admin, new JsonObject { ["name"] = "ADA" }));
        var listed = (await host.AskAsync(HttpMethod.Get, "users", Admin))["users"]!.AsArray();
        Assert.DoesNotContain("ash", Assert.Single(listed)!.ToJsonString(), StringComparison.Ordinal);

        await host.AskAsync(HttpMethod.Put, $"users/{id}", Admin, new JsonObject { ["password"] = "another secret" });
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", access));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/refresh-token", refresh));
        access = await host.BearerAsync("ada", "another secret");

        await host.AskAsync(HttpMethod.Delete, $"users/{id}", Admin);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", access));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync(HttpMethod.Delete, $"/elsa/api/identity/users/{id}", Admin));
    }

    [Fact]
    public async Task Nobody_gives_or_takes_more_than_he_has()
    {
        await using var host = await StartWithStoresAsync();
        const string Admin = $"ApiKey {AdminAccessOptions.KnownApiKey}";
        await host.AskAsync(HttpMethod.Post, "roles", Admin, new JsonObject { ["id"] = "root", ["name"] = "Root", ["permissions"] = new JsonArray("*") });
        await host.AskAsync(HttpMethod.Post, "roles", Admin, new JsonObject
        {
            ["id"] = "clerk",
            ["name"] = "Clerk",
            ["permissions"] = new JsonArray("create:user", "update:user", "delete:user", "create:role", "update:role", "delete:role", "create:application"),
        });
        var root = (string)(await host.AskAsync(HttpMethod.Post, "users", Admin, new JsonObject { ["name"] = "root", ["password"] = "secret of root", ["roles"] = new JsonArray("root") }))["id"]!;
        var clerk = (string)(await host.AskAsync(HttpMethod.Post, "users", Admin, new JsonObject { ["name"] = "clerk", ["password"] = "secret of clerk", ["roles"] = new JsonArray("clerk") }))["id"]!;
        var bearer = await host.BearerAsync("clerk", "secret of clerk");
        (HttpMethod Method, string Path, JsonObject? Body)[] forbidden =
        [
            (HttpMethod.Post, "users", new JsonObject { ["name"] = "eve", ["roles"] = new JsonArray("root") }),
            (HttpMethod.Post, "users", new JsonObject { ["name"] = "eve", ["roles"] = new JsonArray("no-such-role") }),
            (HttpMethod.Put, $"users/{clerk}", new JsonObject { ["roles"] = new JsonArray("root") }),
            (HttpMethod.Put, $"users/{root}", new JsonObject { ["password"] = "known to clerk" }),
            (HttpMethod.Delete, $"users/{root}", null),
            (HttpMethod.Post, "roles", new JsonObject { ["name"] = "All", ["permissions"] = new JsonArray("*") }),
            (HttpMethod.Put, "roles/clerk", new JsonObject { ["permissions"] = new JsonArray("read:*") }),
            (HttpMethod.Delete, "roles/root", null),
            (HttpMethod.Post, "applications", new JsonObject { ["name"] = "robot", ["roles"] = new JsonArray("root") }),
            (HttpMethod.Get, "users", null),
        ];

        foreach (var (method, path, body) in forbidden)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(method, "/elsa/api/identity/" + path, bearer, body));
        }

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Post, "/elsa/api/identity/users", bearer, new JsonObject { ["name"] = "eve", ["roles"] = new JsonArray("clerk") }));
        Assert.True((bool)(await host.LoginAsync("root", "secret of root"))["isAuthenticated"]!);
    }

    [Fact]
    public async Task An_application_calls_with_the_key_it_got_once_until_it_is_removed()
    {
        await using var host = await StartWithStoresAsync();
        const string Admin = $"ApiKey {AdminAccessOptions.KnownApiKey}";
        await host.AskAsync(HttpMethod.Post, "roles", Admin, new JsonObject { ["id"] = "reader", ["name"] = "Reader", ["permissions"] = new JsonArray("read:workflow-definitions") });
        var made = await host.AskAsync(HttpMethod.Post, "applications", Admin, new JsonObject { ["name"] = "robot", ["roles"] = new JsonArray("reader") });
        var key = $"ApiKey {(string)made["apiKey"]!}";

        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", key));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(HttpMethod.Get, "/elsa/hubs/workflow-instance", key));
        var listed = (await host.AskAsync(HttpMethod.Get, "applications", Admin))["applications"]![0]!.AsObject();
        Assert.False(listed.ContainsKey("apiKey") || listed.ContainsKey("clientSecret"));
        await host.AskAsync(HttpMethod.Delete, $"applications/{(string)made["id"]!}", Admin);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", key));
    }

    [Fact]
    public async Task What_the_documentation_prints_lets_nobody_in_outside_of_development()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => IdentityHost.StartAsync(
            elsa => elsa.UseIdentity(IdentityHost.SigningKey).UseIdentity(identity => identity.UseAdminUserProvider())
                .UseDefaultAuthentication(authentication => authentication.UseAdminApiKey()),
            "Production"));
        Assert.Equal(2, exception.Failures.Count());

        await using var host = await IdentityHost.StartAsync(
            elsa => elsa.UseIdentity(IdentityHost.SigningKey).UseIdentity(identity => identity.UseAdminUserProvider(admin => admin.Password = "of our own"))
                .UseDefaultAuthentication(authentication => authentication.UseAdminApiKey(admin => admin.ApiKey = "a-key-of-our-own")),
            "Production");
        Assert.True((bool)(await host.LoginAsync("admin", "of our own"))["isAuthenticated"]!);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/probe", "ApiKey a-key-of-our-own"));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Get, "/probe", $"ApiKey {AdminAccessOptions.KnownApiKey}"));
    }

    [Fact]
    public async Task A_host_that_does_not_say_where_users_come_from_is_told_so_and_one_that_keeps_none_refuses_new_ones()
    {
        var silent = await Assert.ThrowsAsync<InvalidOperationException>(() => IdentityHost.StartAsync(elsa => elsa.UseIdentity(IdentityHost.SigningKey)));
        Assert.Contains("users come from", silent.Message, StringComparison.Ordinal);
        var alone = await Assert.ThrowsAsync<InvalidOperationException>(() => IdentityHost.StartAsync(elsa => elsa.UseDefaultAuthentication()));
        Assert.Contains("UseIdentity", alone.Message, StringComparison.Ordinal);

        await using var host = await IdentityHost.StartAdminAsync();
        var bearer = await host.BearerAsync("admin", "password");
        foreach (var what in new[] { "users", "roles", "applications" })
        {
            Assert.Equal(HttpStatusCode.Conflict, await host.StatusAsync(HttpMethod.Post, $"/elsa/api/identity/{what}", bearer, new JsonObject { ["name"] = "x" }));
        }
    }

    private static Task<IdentityHost> StartWithStoresAsync() => IdentityHost.StartAsync(elsa => elsa
        .UseIdentity(identity =>
        {
            identity.TokenOptions = options => options.SigningKey = IdentityHost.SigningKey;
            identity.UseMemoryStores();
        })
        .UseDefaultAuthentication(authentication => authentication.UseAdminApiKey()));
}
