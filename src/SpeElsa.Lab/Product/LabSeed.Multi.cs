namespace SpeElsa.Lab;

// The installation in multi server mode: four servers that work, three that wait for a role.
internal sealed partial class LabSeed
{
    public const string ManagementServer = "spe-mgmt";
    public const string FirstHost = "spe-ih1";
    public const string SecondHost = "spe-ih2";
    public const string AccessServer = "spe-cas";
    public static readonly string[] SingleServers = [OldServer, NewServer];
    public static readonly string[] EmptyTargets = ["spe-mgmt-new", "spe-ih-new", "spe-cas-new"];
    public static readonly string[] MultiServers = [ManagementServer, FirstHost, SecondHost, AccessServer, .. EmptyTargets];

    // Other files than the single server's, also when somebody chooses a seed nearby.
    private const int SeedDistance = 1000;
    private const string OutsideInstance = "hooli";
    private const string OutsideStorePath = @"C:\MoreStores\hooli\Messages 2023-01";

    // The Management Server first: it is the one the others are paired with.
    private static readonly (string Server, ProductRole Role)[] Working =
    [
        (ManagementServer, ProductRole.ManagementServer),
        (FirstHost, ProductRole.InstanceHost),
        (SecondHost, ProductRole.InstanceHost),
        (AccessServer, ProductRole.ClientAccessServer),
    ];

    private static readonly SeededInstance[] MultiInstances =
    [
        new("umbrella", "Umbrella SE", FirstHost, @"C:\MailStoreData\umbrella", 0.3),
        new(OutsideInstance, "Hooli GmbH", FirstHost, @"C:\MailStoreData\hooli", 0.2),
        new("vandelay", "Vandelay OHG", FirstHost, @"C:\Archive\vandelay", 0.1),
        new("stark", "Stark AG", SecondHost, @"C:\MailStoreData\stark", 0.3),
        new("wayne", "Wayne KG", SecondHost, @"C:\MailStoreData\wayne", 0.1),
    ];

    private (LabServer Licensed, string Licensee) SeedMulti(LabSecrets secrets)
    {
        Array.ForEach(EmptyTargets, name => EmptyServer(name, LabFarmKind.Multi, 2 * DiskBytes));
        // Side by side, because the keys of certificates take their time.
        var added = new RoleConfiguration[Working.Length];
        Parallel.For(0, Working.Length, index => added[index] = Add(Working[index].Server, Working[index].Role, secrets));
        for (var index = 1; index < Working.Length; index++)
        {
            added[index] = added[index] with { ManagementServer = ManagementServer, ManagementServerThumbprint = added[0].Thumbprint };
            added[index].Write(farm.Find(Working[index].Server)!, Names, Working[index].Role);
        }

        var manager = farm.Find(ManagementServer)!;
        var database = new ManagementDatabase
        {
            ProductVersion = options.Version,
            InstanceHosts = [DatabaseServer.Of(added[1], ArchiveDirectory), DatabaseServer.Of(added[2], ArchiveDirectory)],
            ClientAccessServers = [DatabaseServer.Of(added[3], null)],
        };
        Fill(database, manager, secrets, "Lab Multi Server Provider", MultiInstances);
        database.Write(manager, Names);
        AddArchives(MultiInstances, options.Seed + SeedDistance);
        AddOutsideStore();
        AddBranding(manager);
        AddStartupScript(manager, ProductRole.ManagementServer);
        AddStartupScript(farm.Find(FirstHost)!, ProductRole.InstanceHost);
        foreach (var (server, role) in Working)
        {
            farm.Find(server)!.StartService(Names.ServiceName(role));
        }

        return (manager, database.LicenseeName);
    }

    private RoleConfiguration Add(string name, ProductRole role, LabSecrets secrets)
    {
        var server = EmptyServer(name, LabFarmKind.Multi, DiskBytes);
        setup.InstallPrograms(server, options.Version);
        return setup.AddRole(server, role, secrets.AdministratorPasswords[MfaAdministrators[0]]);
    }

    private void AddOutsideStore()
    {
        var instance = MultiInstances.First(instance => instance.Id == OutsideInstance);
        var server = farm.Find(instance.Host)!;
        SampleArchive.CreateStore(
            server.ToLocalPath(OutsideStorePath),
            options.Seed + SeedDistance - 1,
            (int)(options.ArchiveFiles * instance.Share / 4),
            (long)(options.ArchiveBytes * instance.Share / 4));
        OutsideStores.Write(
            server.ToLocalPath(instance.BaseDirectory), [new OutsideStore(OutsideStorePath[(OutsideStorePath.LastIndexOf('\\') + 1)..], OutsideStorePath)]);
    }
}
