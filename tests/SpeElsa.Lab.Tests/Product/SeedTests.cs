using System.Diagnostics;
using System.Security.Cryptography;

namespace SpeElsa.Lab.Tests.Product;

public sealed class SeedTests
{
    private static readonly string[] Archives = [@"C:\MailStoreData\acme", @"C:\MailStoreData\globex", @"C:\Archive\initech"];
    private static readonly EnumerationOptions NoLinks =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_old_server_is_set_up_and_in_order()
    {
        await using var lab = await ProductLab.OpenAsync();

        Assert.Empty(await lab.ErrorsAsync("spe-old"));
        Assert.Equal(3, lab.Old.Services.Count);
        Assert.All(lab.Old.Services, service => Assert.True(service.IsRunning));
        Assert.All(lab.Old.Services, service => Assert.Contains(
            @"C:\Program Files\MailStore Infrastructure\", service.PathName, StringComparison.Ordinal));
        Assert.All(lab.Old.Services, service => Assert.Equal(LabService.Automatic, service.StartMode));
        Assert.Equal(7, lab.Old.Certificates().Count);
        Assert.Equal(
            5, lab.Old.Certificates().Count(certificate => certificate.FriendlyName.StartsWith("MailStore", StringComparison.Ordinal)));
        Assert.Empty(lab.Product.Violations);
    }

    [Fact]
    public async Task The_new_server_is_empty_and_has_twice_the_disk()
    {
        await using var lab = await ProductLab.OpenAsync();

        Assert.Empty(lab.New.Services);
        Assert.Empty(lab.New.Certificates());
        Assert.Equal(2 * lab.Old.DiskBytes, lab.New.DiskBytes);
        Assert.False(Directory.Exists(lab.New.ToLocalPath(@"C:\Program Files\MailStore Infrastructure")));
    }

    [Fact]
    public async Task The_executables_tell_their_version()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.Version = "25.3.1.7");
        var directory = lab.Old.ToLocalPath(@"C:\Program Files\MailStore Infrastructure");

        var executables = Directory.GetFiles(directory, "*.exe", SearchOption.AllDirectories);

        Assert.Equal(4, executables.Length);
        Assert.All(executables, executable => Assert.Equal("25.3.1.7", FileVersionInfo.GetVersionInfo(executable).FileVersion));
    }

    [Fact]
    public async Task The_archives_are_as_big_and_mixed_as_a_demonstration_needs()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options =>
        {
            options.ArchiveBytes = new LabProductOptions().ArchiveBytes;
            options.ArchiveFiles = new LabProductOptions().ArchiveFiles;
        });

        var files = Archives.SelectMany(path => new DirectoryInfo(lab.Old.ToLocalPath(path)).EnumerateFiles("*", NoLinks)).ToList();

        Assert.InRange(files.Count, 200, 600);
        Assert.InRange(files.Sum(file => file.Length), 20L << 20, 40L << 20);
        Assert.Contains(files, file => file.Length == 0);
        Assert.Contains(files, file => file.Length > 1 << 20);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_archives_and_another_makes_others()
    {
        await using var one = await ProductLab.OpenAsync();
        await using var two = await ProductLab.OpenAsync();
        await using var other = await ProductLab.OpenAsync(configure: options => options.Seed = 7);

        Assert.Equal(Digest(one), Digest(two));
        Assert.NotEqual(Digest(one), Digest(other));
    }

    [Fact]
    public async Task Each_archive_has_a_junction_to_its_debug_log()
    {
        await using var lab = await ProductLab.OpenAsync();

        foreach (var archive in Archives)
        {
            var link = new DirectoryInfo(lab.Old.ToLocalPath(archive + @"\Debug Log"));
            Assert.True(link.Attributes.HasFlag(FileAttributes.ReparsePoint));
            Assert.True(File.Exists(Path.Combine(link.FullName, "debug.log")));
        }
    }

    [Fact]
    public async Task Branding_and_a_start_up_script_are_in_the_configuration()
    {
        await using var lab = await ProductLab.OpenAsync();

        Assert.True(File.Exists(ProductLab.ConfigFile(lab.Old, "MailStoreManagementDatabase.json")));
        Assert.True(File.Exists(ProductLab.ConfigFile(lab.Old, "MailStoreInstanceHostStartup.cmd")));
        Assert.True(File.Exists(ProductLab.ConfigFile(lab.Old, @"Branding\logo.svg")));
    }

    [Fact]
    public async Task No_secret_stands_anywhere_in_the_farm()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var client = lab.Client();
        await client.PingAsync(Token);
        await lab.Product.SetSmtpPasswordAsync("spe-old", "canary-smtp-3", Token);

        Assert.False(lab.Mentions("canary"));
    }

    [Fact]
    public async Task Random_secrets_are_handed_out_once_and_are_the_ones_that_work()
    {
        LabSecrets? handed = null;
        var directory = ProductLab.NewDirectory();
        await using (var lab = await ProductLab.OpenAsync(directory, configure: options =>
        {
            options.FixedSecrets = null;
            options.SecretsCreated = secrets => handed = secrets;
        }))
        {
            using var client = lab.Client(password: handed!.ServiceAdministratorPassword);
            await client.PingAsync(Token);
            Assert.Same(handed, lab.Product.Secrets);
            Assert.False(lab.Mentions(handed.ServiceAdministratorPassword));
            Assert.False(lab.Mentions(handed.SmtpPassword));
        }

        await using (var again = await ProductLab.OpenAsync(directory, configure: options =>
        {
            options.FixedSecrets = null;
            options.SecretsCreated = _ => Assert.Fail("The farm was seeded a second time.");
        }))
        {
            Assert.Null(again.Product.Secrets);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_seeding_that_was_interrupted_is_done_again()
    {
        var directory = ProductLab.NewDirectory();
        await using (var lab = await ProductLab.OpenAsync(directory))
        {
            lab.Farm.UpdateFacts(facts => facts.Remove("seeded"));
            File.Delete(ProductLab.ConfigFile(lab.Old, "MailStoreManagementDatabase.json"));
        }

        await using (var again = await ProductLab.OpenAsync(directory))
        {
            Assert.Empty(await again.ErrorsAsync("spe-old"));
            Assert.Equal(7, again.Old.Certificates().Count);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task The_names_of_services_are_options()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.Names.ServiceSuffix = "_SPE");

        Assert.All(lab.Old.Services, service => Assert.EndsWith("_SPE", service.Name, StringComparison.Ordinal));
        Assert.Empty(await lab.ErrorsAsync("spe-old"));
    }

    private static string Digest(ProductLab lab)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var archive in Archives.Select(lab.Old.ToLocalPath))
        {
            foreach (var file in Directory.EnumerateFiles(archive, "*", NoLinks).Order(StringComparer.Ordinal))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(archive, file)));
                hash.AppendData(File.ReadAllBytes(file));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
