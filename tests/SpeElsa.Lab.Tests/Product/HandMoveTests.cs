using SpeElsa.MailStore;

namespace SpeElsa.Lab.Tests.Product;

public sealed class HandMoveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_with_every_act_ends_with_a_dashboard_in_order()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var before = lab.Client();
        var statistics = await before.GetInstanceStatisticsAsync("acme", Token);

        await HandMove.RunAsync(lab, Acts.All);

        Assert.Empty(await lab.ErrorsAsync("spe-new"));
        using var client = lab.Client("spe-new");
        Assert.Equal("spe-new", (await client.GetEnvironmentInfoAsync(Token)).ServerName);
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.True(instance.IsRunning));
        Assert.Equal(statistics, await client.GetInstanceStatisticsAsync("acme", Token));
        Assert.Empty(lab.Product.Violations);
        Assert.True(
            new DirectoryInfo(lab.New.ToLocalPath(@"C:\MailStoreData\acme\Debug Log")).Attributes.HasFlag(FileAttributes.ReparsePoint));
    }

    [Fact]
    public async Task What_is_bound_to_the_old_machine_is_entered_again_by_a_person()
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);
        using var client = lab.Client("spe-new");

        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.TestSystemSmtpConfigurationAsync(Token));
        await lab.Product.SetSmtpPasswordAsync("spe-new", "canary-smtp-3", Token);
        await client.TestSystemSmtpConfigurationAsync(Token);
        await lab.Product.SetMfaAsync("spe-new", "admin", enabled: true, Token);

        Assert.Contains("decrypted", failure.Message, StringComparison.Ordinal);
        Assert.True(await lab.Product.CanLogInAsync("spe-new", "admin", "canary-normal-1", Token));
        using var admin = lab.Client("spe-new", "admin", "canary-normal-1", "canary-api-1");
        await admin.PingAsync(Token);
        Assert.False(lab.Mentions("canary"));
    }

    [Fact]
    public async Task Without_the_licence_nothing_connects()
    {
        await using var lab = await ProductLab.OpenAsync();

        await HandMove.RunAsync(lab, Acts.All & ~Acts.Licence);

        var errors = await lab.ErrorsAsync("spe-new");
        Assert.Contains("licence", errors);
        Assert.Contains("instanceHost:spe-old", errors);
        Assert.Contains("clientAccessServer:spe-old", errors);
        using var client = lab.Client("spe-new");
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.False(instance.IsRunning));

        await lab.Product.TransferLicenceAsync("spe-new", Token);
        Assert.Empty(await lab.ErrorsAsync("spe-new"));
    }

    [Fact]
    public async Task Without_the_certificates_the_Management_Server_does_not_come_up()
    {
        await using var lab = await ProductLab.OpenAsync();

        await HandMove.RunAsync(lab, Acts.All & ~Acts.Certificates);

        Assert.Equal(["managementServer"], await lab.ErrorsAsync("spe-new"));
        using var client = lab.Client("spe-new");
        await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));
    }

    [Theory]
    [InlineData("MailStoreInstanceHost", "instanceHost:spe-old")]
    [InlineData("MailStoreClientAccessServerTcp", "clientAccessServer:spe-old")]
    [InlineData("MailStoreClientAccessServerHttp", "clientAccessServer:spe-old")]
    [InlineData("MailStoreClientAccessServerImap", "clientAccessServer:spe-old")]
    public async Task A_single_missing_certificate_is_noticed_and_found_again(string name, string error)
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);
        var certificate = lab.New.Certificates().Single(certificate => certificate.FriendlyName == name);

        lab.New.RemoveCertificate(certificate.Thumbprint);
        var errors = await lab.ErrorsAsync("spe-new");
        lab.New.AddCertificate(certificate);

        Assert.Equal([error], errors);
        Assert.Empty(await lab.ErrorsAsync("spe-new"));
    }

    [Fact]
    public async Task Certificates_without_their_keys_do_not_do()
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);
        var certificate = lab.New.Certificates().Single(certificate => certificate.FriendlyName == "MailStoreInstanceHost");
        using var opened = certificate.Open();
        using var publicPart = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(opened.RawData);

        lab.New.AddCertificate(LabCertificate.From(publicPart, certificate.FriendlyName));

        Assert.Equal(["instanceHost:spe-old"], await lab.ErrorsAsync("spe-new"));
    }

    [Fact]
    public async Task Without_the_configuration_the_new_server_does_not_find_its_certificates()
    {
        await using var lab = await ProductLab.OpenAsync();

        await HandMove.RunAsync(lab, Acts.All & ~Acts.Configuration);

        Assert.Equal(["managementServer"], await lab.ErrorsAsync("spe-new"));
    }

    [Fact]
    public async Task Without_configuration_and_certificates_it_is_another_installation_and_knows_nobody()
    {
        await using var lab = await ProductLab.OpenAsync();
        await lab.StopAsync(lab.Old, "MailStoreManagementServer");
        await lab.Product.InstallAsync("spe-new", version: null, administratorPassword: "typed in", Token);

        using var client = lab.Client("spe-new");
        using var admin = lab.Client("spe-new", "admin", "typed in");
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => client.PingAsync(Token));

        Assert.Equal(ManagementApiFailure.Unauthorized, failure.Failure);
        Assert.Empty(await admin.GetInstancesAsync("*", Token));
    }

    [Fact]
    public async Task Without_the_data_no_instance_starts()
    {
        await using var lab = await ProductLab.OpenAsync();

        await HandMove.RunAsync(lab, Acts.All & ~Acts.Data);

        Assert.Equal(["instance:acme", "instance:globex", "instance:initech"], await lab.ErrorsAsync("spe-new"));
    }

    [Fact]
    public async Task With_MFA_left_on_those_administrators_are_locked_out()
    {
        await using var lab = await ProductLab.OpenAsync();
        Assert.True(await lab.Product.CanLogInAsync("spe-old", "admin", "canary-normal-1", Token));

        await HandMove.RunAsync(lab, Acts.All & ~Acts.MfaOff);

        Assert.False(await lab.Product.CanLogInAsync("spe-new", "admin", "canary-normal-1", Token));
        using var admin = lab.Client("spe-new", "admin", "canary-normal-1", "canary-api-1");
        var failure = await Assert.ThrowsAsync<ManagementApiException>(() => admin.PingAsync(Token));
        Assert.Equal(ManagementApiFailure.Unauthorized, failure.Failure);
        using var client = lab.Client("spe-new");
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task With_the_old_server_left_running_it_is_a_split_brain_that_is_never_forgotten()
    {
        await using var lab = await ProductLab.OpenAsync();

        await HandMove.RunAsync(lab, Acts.All & ~Acts.StopOld);
        await lab.StopAsync(lab.Old, "MailStoreClientAccessServer", "MailStoreInstanceHost", "MailStoreManagementServer");

        Assert.Equal(
            ["ManagementServer", "InstanceHost", "ClientAccessServer"], lab.Product.Violations.Select(violation => violation.Role));
        Assert.All(lab.Product.Violations, violation => Assert.Equal(["spe-new", "spe-old"], violation.Servers));
        Assert.Contains(lab.New.Effects, effect => effect.Kind == "split-brain");
    }

    [Fact]
    public async Task A_restart_wakes_an_old_server_that_is_not_disabled_and_no_other()
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);

        await lab.Product.RebootAsync("spe-old", Token);
        Assert.Empty(lab.Product.Violations);

        lab.Old.SetStartMode("MailStoreManagementServer", LabService.Automatic);
        await lab.Product.RebootAsync("spe-old", Token);
        Assert.Single(lab.Product.Violations);
    }

    [Fact]
    public async Task The_way_back_is_the_licence_and_the_old_services()
    {
        await using var lab = await ProductLab.OpenAsync();
        await HandMove.RunAsync(lab, Acts.All);

        await lab.StopAsync(lab.New, "MailStoreClientAccessServer", "MailStoreInstanceHost", "MailStoreManagementServer");
        await lab.Product.TransferLicenceAsync("spe-old", Token);
        foreach (var service in lab.Old.Services.ToList())
        {
            lab.Old.SetStartMode(service.Name, LabService.Automatic);
        }

        await lab.StartAsync(lab.Old, "MailStoreManagementServer", "MailStoreInstanceHost", "MailStoreClientAccessServer");

        Assert.Empty(await lab.ErrorsAsync("spe-old"));
        Assert.Empty(lab.Product.Violations);
        using var client = lab.Client();
        await client.TestSystemSmtpConfigurationAsync(Token);
    }
}
