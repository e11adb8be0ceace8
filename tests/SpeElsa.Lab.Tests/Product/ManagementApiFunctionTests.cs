using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The functions of the lab's Management API, through the client that production uses.</summary>
public sealed class ManagementApiFunctionTests
{
    private static readonly TimeSpan SlowStep = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_environment_and_the_dashboard_tell_version_and_server()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();

        var environment = await client.GetEnvironmentInfoAsync(Token);
        var status = await client.GetServiceStatusAsync(Token);

        Assert.Equal(new EnvironmentInfo("25.3.1.0", "spe-old", "Lab Service Provider", "speelsa"), environment);
        Assert.DoesNotContain(status.Messages, message => message.IsError);
        Assert.Contains(status.Messages, message => message.Text!.Contains("25.3.1.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_are_listed_with_their_thumbprints_and_how_they_are()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();

        var host = Assert.Single(await client.GetInstanceHostsAsync("spe-*", Token));
        Assert.Empty(await client.GetInstanceHostsAsync("other", Token));
        var access = Assert.Single(await client.GetClientAccessServersAsync(null, withServiceStatus: true, Token));

        Assert.Contains(lab.Old.Certificates(), certificate => certificate.Thumbprint == host.ServerCertificate!.Thumbprint);
        Assert.True(access.Other["serviceStatus"].GetProperty("connected").GetBoolean());
        Assert.Equal(["acme", "globex"], await client.GetDirectoriesOnInstanceHostAsync("spe-old", @"C:\MailStoreData", Token));
        await Assert.ThrowsAsync<ManagementApiException>(() => client.GetDirectoriesOnInstanceHostAsync("spe-old", @"C:\Nowhere", Token));
        await Assert.ThrowsAsync<ManagementApiException>(() => client.GetDirectoriesOnInstanceHostAsync("spe-new", null, Token));
    }

    [Fact]
    public async Task Instances_can_be_stopped_and_started_one_by_one()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();

        await client.StopInstanceAsync("acme", Token);
        await client.StopInstanceAsync("acme", Token);
        var stopped = await client.GetInstancesAsync("*", Token);
        await client.StartInstanceAsync("acme", Token);
        var started = Assert.Single(await client.GetInstancesAsync("acme", Token));

        Assert.Equal(["stopped", "running", "running"], stopped.Select(instance => instance.Status));
        Assert.True(started.IsRunning);
        Assert.Single(lab.Old.Effects, effect => effect is { Kind: "api:StopInstances", Target: "acme" });
        Assert.Single(lab.Old.Effects, effect => effect is { Kind: "api:StartInstances", Target: "acme" });
    }

    [Fact]
    public async Task Statistics_and_stores_come_from_the_files_and_from_running_instances_only()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();

        var before = await client.GetInstanceStatisticsAsync("acme", Token);
        var stores = await client.GetStoresAsync("acme", includeSize: true, Token);
        Directory.Delete(lab.Old.ToLocalPath(@"C:\MailStoreData\acme\Messages 2024-01"), recursive: true);
        var after = await client.GetInstanceStatisticsAsync("acme", Token);
        await client.StopInstanceAsync("acme", Token);

        Assert.True(before.NumberOfMessages > after.NumberOfMessages);
        Assert.Equal(["normal", "normal", "current"], stores.Select(store => store.RequestedState));
        Assert.All(stores, store => Assert.StartsWith(@"C:\MailStoreData\acme\", store.DatabasePath!, StringComparison.Ordinal));
        Assert.All(stores, store => Assert.True(store.StatisticsSize > 0));
        await Assert.ThrowsAsync<ManagementApiException>(() => client.GetStoresAsync("acme", includeSize: false, Token));
    }

    [Fact]
    public async Task Service_provider_access_is_asked_for_by_what_looks_into_an_instance()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.ServiceProviderAccess = false);
        using var client = lab.Client();

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.GetInstanceStatisticsAsync("acme", Token));
        await client.InvokeAsync(
            "SetArchiveAdminEnabled", new Dictionary<string, string?> { ["instanceID"] = "acme", ["enabled"] = "true" }, Token);
        await client.GetInstanceStatisticsAsync("acme", Token);
        await client.GetStoresAsync("globex", includeSize: false, Token);

        Assert.Contains("Service provider access", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_base_directory_of_a_stopped_instance_can_be_changed_and_survives_a_restart()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        var configuration = await client.GetInstanceConfigurationAsync("acme", Token);
        configuration["baseDirectory"] = @"C:\Elsewhere\acme";

        await Assert.ThrowsAsync<ManagementApiException>(() => client.SetInstanceConfigurationAsync(configuration, Token));
        await client.StopInstanceAsync("acme", Token);
        await client.SetInstanceConfigurationAsync(configuration, Token);
        await client.SetInstanceConfigurationAsync(configuration, Token);
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StartInstanceAsync("acme", Token));
        var instance = Assert.Single(await client.GetInstancesAsync("acme", Token));
        await lab.StopAsync(lab.Old, "MailStoreManagementServer");
        await lab.StartAsync(lab.Old, "MailStoreManagementServer");
        var later = await client.GetInstanceConfigurationAsync("acme", Token);

        Assert.Contains("does not exist", failure.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", instance.StartStopError!, StringComparison.Ordinal);
        Assert.Contains("instance:acme", await lab.ErrorsAsync("spe-old"));
        Assert.Equal(@"C:\Elsewhere\acme", (string?)later["baseDirectory"]);
        Assert.Single(lab.Old.Effects, effect => effect is { Kind: "api:SetInstanceConfiguration", Target: "acme" });
    }

    [Fact]
    public async Task A_slow_call_gives_a_token_and_tells_how_far_it_is()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: SlowStep);
        using var client = lab.Client();

        await client.StopInstanceAsync("acme", Token);

        Assert.Equal("stopped", Assert.Single(await client.GetInstancesAsync("acme", Token)).Status);
        Assert.Single(lab.Old.Effects, effect => effect.Kind == "api:StopInstances");
    }

    [Fact]
    public async Task A_slow_call_that_fails_tells_it_in_the_end()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: SlowStep);
        using var client = lab.Client();
        await client.StopInstanceAsync("acme", Token);
        Directory.Delete(lab.Old.ToLocalPath(@"C:\MailStoreData\acme"), recursive: true);

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.StartInstanceAsync("acme", Token));

        Assert.Equal(ManagementApiFailure.Refused, failure.Failure);
    }

    [Fact]
    public async Task A_token_is_lost_when_the_Management_Server_restarts()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMinutes(10));
        using var client = lab.Client();
        var stopping = client.StopInstanceAsync("acme", Token);

        await lab.StopAsync(lab.Old, "MailStoreManagementServer");
        await lab.StartAsync(lab.Old, "MailStoreManagementServer");

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => stopping);
        Assert.True(failure.Failure is ManagementApiFailure.TokenLost or ManagementApiFailure.Unreachable, failure.ToString());
    }

    [Fact]
    public async Task A_slow_call_can_be_cancelled()
    {
        await using var lab = await ProductLab.OpenAsync(slowStep: TimeSpan.FromMinutes(10));
        using var wire = new RawApi(lab);
        var begun = await wire.PostAsync("invoke/StopInstances", ("instanceFilter", "*"));
        var token = begun.GetProperty("token").GetString()!;
        Assert.Equal("running", begun.GetProperty("statusCode").GetString());

        await wire.PostAsync("cancel-async", ("token", token));
        var status = await wire.PostAsync("get-status", ("token", token), ("lastKnownStatusVersion", "2"), ("millisecondsTimeout", "5000"));

        Assert.Equal("cancelled", status.GetProperty("statusCode").GetString());
        using var client = lab.Client();
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.True(instance.IsRunning));
    }

    [Fact]
    public async Task Administrators_are_listed_with_the_configured_MFA_field_and_without_their_secrets()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.MfaField = "twoFactor");
        using var client = lab.Client();

        var administrators = await client.GetSystemAdministratorsAsync("twoFactor", Token);
        var raw = await client.InvokeAsync("GetSystemAdministrators", new Dictionary<string, string?>(), Token);

        Assert.Equal([("admin", true), ("m.berger", true), ("speelsa", false)], administrators.Select(
            item => (item.UserName, item.MfaEnabled!.Value)));
        Assert.DoesNotContain("dpapi:", raw.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("pbkdf2", raw.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MFA_is_a_persons_unless_the_functions_are_there()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.DeactivateMfaAsync("admin", Token));
        Assert.Equal(ManagementApiFailure.FunctionMissing, failure.Failure);

        await using var modern = await ProductLab.OpenAsync(configure: options => options.MfaFunctions = true);
        using var modernClient = modern.Client();
        await modernClient.DeactivateMfaAsync("admin", Token);

        var administrators = await modernClient.GetSystemAdministratorsAsync("mfaEnabled", Token);
        Assert.False(administrators.Single(administrator => administrator.UserName == "admin").MfaEnabled);
    }

    [Fact]
    public async Task A_caller_goes_on_when_MFA_is_switched_off_and_on_under_it()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client(user: "admin", password: "canary-normal-1", apiPassword: "canary-api-1");

        await client.PingAsync(Token);
        await lab.Product.SetMfaAsync("spe-old", "admin", enabled: false, Token);
        await client.PingAsync(Token);
        await lab.Product.SetMfaAsync("spe-old", "admin", enabled: true, Token);
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task The_SMTP_password_is_never_told_and_is_proved_by_a_test_mail()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await client.TestSystemSmtpConfigurationAsync(Token);

        var configuration = await client.GetSystemSmtpConfigurationAsync(Token);
        Assert.Null(configuration["password"]);
        Assert.Equal("spe@lab.example", (string?)configuration["username"]);
        await client.SetSystemSmtpConfigurationAsync(configuration.DeepClone().AsObject(), Token);
        await client.TestSystemSmtpConfigurationAsync(Token);
        configuration["password"] = "wrong";
        await client.SetSystemSmtpConfigurationAsync(configuration.DeepClone().AsObject(), Token);
        await Assert.ThrowsAsync<ManagementApiException>(() => client.TestSystemSmtpConfigurationAsync(Token));
        configuration["password"] = "canary-smtp-3";
        await client.SetSystemSmtpConfigurationAsync(configuration, Token);
        await client.TestSystemSmtpConfigurationAsync(Token);

        Assert.Equal(3, lab.Old.Effects.Count(effect => effect.Kind == "api:SetSystemSmtpConfiguration"));
        Assert.False(lab.Mentions("canary"));
    }

    [Fact]
    public async Task The_API_is_there_only_while_the_Management_Server_runs()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await client.PingAsync(Token);

        await lab.StopAsync(lab.Old, "MailStoreManagementServer");
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));
        await lab.StartAsync(lab.Old, "MailStoreManagementServer");
        await client.PingAsync(Token);

        Assert.Equal(ManagementApiFailure.Unreachable, failure.Failure);
    }

    private sealed class RawApi : IDisposable
    {
        private readonly HttpClient _http;

        public RawApi(ProductLab lab)
        {
            _http = new HttpClient(lab.Handler())
            {
                BaseAddress = new Uri(lab.Machine("spe-old").ManagementApi, "api/"),
            };
            _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("speelsa:canary-service-0"u8));
        }

        public async Task<JsonElement> PostAsync(string path, params (string Name, string Value)[] arguments)
        {
            using var form = new FormUrlEncodedContent(arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
            using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), form, Token);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!.Deserialize<JsonElement>();
        }

        public void Dispose() => _http.Dispose();
    }
}
