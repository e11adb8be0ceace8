using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpeElsa.Testing;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The lab inside a web host, as the server has it.</summary>
public sealed class HostingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Other_services_of_the_host_find_the_fleet_complete()
    {
        await using var host = await LabHost.StartAsync();

        var fleet = host.Witness.Fleet!;

        Assert.Equal(["spe-new", "spe-old"], fleet.Machines.Select(machine => machine.Name));
        Assert.Equal(@"C:\Program Files\MailStore Infrastructure", fleet.InstallDirectory);
        Assert.All(fleet.Machines, machine => Assert.Equal(40, machine.Thumbprint!.Length));
        Assert.All(fleet.Machines, machine => Assert.NotEqual(0, machine.ManagementApi.Port));
        Assert.All(fleet.Machines, machine => Assert.Equal("speelsa", machine.UserName));
    }

    [Fact]
    public async Task A_lab_that_is_not_enabled_adds_nothing()
    {
        var services = new ServiceCollection();

        services.AddLab(new LabOptions { Enabled = false });

        Assert.Empty(services);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task The_overview_shows_servers_without_keys_or_secrets()
    {
        await using var host = await LabHost.StartAsync();

        var text = await host.Http.GetStringAsync(new Uri("lab/servers", UriKind.Relative), Token);

        using var json = JsonDocument.Parse(text);
        var old = json.RootElement.GetProperty("servers")[1];
        Assert.Equal("spe-old", old.GetProperty("name").GetString());
        Assert.Equal("spe-old.lab.example", old.GetProperty("fullName").GetString());
        Assert.True(old.GetProperty("licensed").GetBoolean());
        Assert.Equal("Running", old.GetProperty("services")[0].GetProperty("state").GetString());
        Assert.Equal(7, old.GetProperty("certificates").GetArrayLength());
        Assert.True(old.GetProperty("files").GetInt64() > 60);
        Assert.Equal(3, old.GetProperty("effects").GetProperty("service-start").GetInt32());
        Assert.Equal("spe-old", json.RootElement.GetProperty("licensedServer").GetString());
        Assert.DoesNotContain("\"privateKey\"", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_does_everything_over_HTTP()
    {
        await using var host = await LabHost.StartAsync();

        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-old/administrators/admin/mfa", new { enabled = false }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-old/smtp", new { password = "another" }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("licence/transfer", new { serverName = "SPE-NEW" }));
        Assert.Equal(
            HttpStatusCode.NoContent, await host.PostAsync("servers/spe-new/install", new { mode = "single", version = "25.3.1.0" }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-old/reboot", null));

        var effects = await host.Http.GetFromJsonAsync<List<LabEffect>>(new Uri("lab/servers/spe-old/effects", UriKind.Relative), Token);
        Assert.Contains(effects!, effect => effect is { Kind: "console:mfa", Target: "admin:off" });
        Assert.Contains(effects!, effect => effect.Kind == "console:smtp");
        Assert.Contains(effects!, effect => effect.Kind == "reboot");
        var dashboard = await host.Http.GetFromJsonAsync<List<LabMessage>>(
            new Uri("lab/servers/spe-new/dashboard", UriKind.Relative), Token);
        Assert.DoesNotContain(dashboard!, message => message.IsError);
    }

    [Fact]
    public async Task A_person_moves_a_role_with_the_configuration_tool_over_HTTP()
    {
        await using var host = await LabHost.StartAsync(LabFarmKind.Multi);
        const string Role = "servers/spe-cas-new/roles/clientAccessServer";
        var certificates = (await host.GetAsync("servers")).GetProperty("servers")[0].GetProperty("certificates");
        var imap = certificates.EnumerateArray().Single(
            certificate => certificate.GetProperty("friendlyName").GetString() == "MailStoreClientAccessServerImap").GetProperty("thumbprint").GetString();

        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-cas-new/install", new { mode = "multi" }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-cas-new/roles", new { role = "clientAccessServer" }));
        Assert.Equal(HttpStatusCode.Conflict, await host.PostAsync("servers/spe-cas-new/roles", new { role = "clientAccessServer" }));
        var fingerprint = (await host.GetAsync("servers/spe-cas-new/fingerprint")).GetProperty("hash").GetString();
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync(Role + "/pair", new { managementServer = "spe-mgmt" }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync(Role + "/management-server", new { managementServer = "spe-mgmt" }));
        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync(Role + "/server-name", new { serverName = "cas" }));
        Assert.Equal(HttpStatusCode.Conflict, await host.PostAsync(Role + "/certificates", new { imap }));

        var role = (await host.GetAsync("servers/spe-cas-new/roles"))[0];
        Assert.Equal("clientAccessServer cas spe-mgmt", $"{role.GetProperty("role")} {role.GetProperty("serverName")} {role.GetProperty("managementServer")}");
        Assert.NotEqual(fingerprint, (await host.GetAsync("servers/spe-cas-new/fingerprint")).GetProperty("hash").GetString());
        using (var removed = await host.Http.DeleteAsync(new Uri("lab/" + Role, UriKind.Relative), Token))
        {
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        Assert.Equal(0, (await host.GetAsync("servers/spe-cas-new/roles")).GetArrayLength());
    }

    [Fact]
    public async Task Faults_are_set_listed_and_cleared_over_HTTP()
    {
        await using var host = await LabHost.StartAsync();
        var address = new Uri("lab/servers/spe-old/faults", UriKind.Relative);

        Assert.Equal(HttpStatusCode.NoContent, await host.PostAsync("servers/spe-old/faults", new { kind = "LostReply", script = "Copy-Directory", occurrence = 2 }));
        var set = await host.Http.GetFromJsonAsync<List<LabFault>>(address, Token);
        Assert.Equal([new LabFault(LabFaultKind.LostReply, "Copy-Directory", 2)], set!);
        using (var cleared = await host.Http.DeleteAsync(address, Token))
        {
            Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        }

        Assert.Empty((await host.Http.GetFromJsonAsync<List<LabFault>>(address, Token))!);
    }

    [Theory]
    [InlineData("servers/nowhere/faults", """{"kind":"Hang"}""", HttpStatusCode.NotFound)]
    [InlineData("servers/spe-old/faults", """{"kind":"Hang","occurrence":0}""", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-old/faults", """{"kind":"HostKeyChange"}""", HttpStatusCode.BadRequest)]
    [InlineData("servers/nowhere/reboot", null, HttpStatusCode.NotFound)]
    [InlineData("servers/spe-old/install", """{"mode":"single"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-new/install", """{"mode":"cluster"}""", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-new/install", """{"version":"newest"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-new/administrators/admin/mfa", """{"enabled":true}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/administrators/nobody/mfa", """{"enabled":true}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/administrators/admin/mfa", "{}", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-old/smtp", "{}", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-new/roles", """{"role":"proxy"}""", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-new/roles", """{"role":"instanceHost"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-new/roles/instanceHost/pair", """{"managementServer":"spe-old"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/roles/instanceHost/pair", "{}", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-old/roles/managementServer/pair", """{"managementServer":"spe-old"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/roles/instanceHost/management-server", """{"managementServer":"spe-new"}""", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/roles/instanceHost/server-name", "{}", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-old/computer-name", "{}", HttpStatusCode.BadRequest)]
    [InlineData("servers/spe-old/computer-name", "{\"computerName\":\"spe-new\"}", HttpStatusCode.Conflict)]
    [InlineData("servers/spe-old/roles/clientAccessServer/certificates", "{}", HttpStatusCode.BadRequest)]
    [InlineData("licence/transfer", "{}", HttpStatusCode.BadRequest)]
    [InlineData("licence/transfer", """{"serverName":"nowhere"}""", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_done_is_answered_with_the_problem(string path, string? body, HttpStatusCode expected)
    {
        await using var host = await LabHost.StartAsync();
        using var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await host.Http.PostAsync(new Uri("lab/" + path, UriKind.Relative), content, Token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual("", (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_unknown_server_has_nothing_to_show()
    {
        await using var host = await LabHost.StartAsync();

        foreach (var path in new[] { "effects", "dashboard", "roles", "fingerprint" }.Select(what => $"lab/servers/nowhere/{what}"))
        {
            using var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private sealed class LabHost : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly string _directory;

        private LabHost(WebApplication app, string directory) => (_app, _directory) = (app, directory);

        public HttpClient Http { get; } = new();

        public FleetWitness Witness => _app.Services.GetRequiredService<FleetWitness>();

        public static async Task<LabHost> StartAsync(LabFarmKind farm = LabFarmKind.Single)
        {
            var directory = ProductLab.NewDirectory();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton<FleetWitness>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<FleetWitness>());
            builder.Services.AddLab(
                new LabOptions { Directory = directory },
                new LabProductOptions { Farm = farm, FixedSecrets = ProductLab.Secrets, ArchiveBytes = 512 * 1024, ArchiveFiles = 60, KeyFolder = TestProcess.KeyFolder });
            var app = builder.Build();
            app.MapLab(app.Services.GetRequiredService<LabFarm>(), app.Services.GetRequiredService<LabProduct>());
            await app.StartAsync(Token);
            var host = new LabHost(app, directory);
            host.Http.BaseAddress = new Uri(app.Urls.Single());
            return host;
        }

        public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(new Uri("lab/" + path, UriKind.Relative), Token);

        public async Task<HttpStatusCode> PostAsync(string path, object? body)
        {
            using var response = await Http.PostAsJsonAsync(new Uri("lab/" + path, UriKind.Relative), body, Token);
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
        }
    }

    private sealed class FleetWitness(LabProduct product) : IHostedService
    {
        public LabFleetInfo? Fleet { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Fleet = product.Fleet;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
