namespace SpeElsa.Lab;

/// <summary>A role while its service runs, with what it holds in memory.</summary>
internal sealed class RunningRole : IDisposable
{
    private RunningRole(LabServer server, ProductRole role) => (Server, Role) = (server, role);

    public LabServer Server { get; }

    public ProductRole Role { get; }

    /// <summary>
    /// What makes two running roles the same one: the database, or the certificate of the role. Null when it has no configuration.
    /// </summary>
    public string? Identity { get; private init; }

    public RoleConfiguration? Configuration { get; set; }

    /// <summary>The database of a Management Server; null until it is up.</summary>
    public ManagementDatabase? Database { get; set; }

    public string Version { get; set; } = "";

    /// <summary>Long-running calls; their tokens die with the role.</summary>
    public ApiOperations Operations { get; } = new();

    public static RunningRole Start(LabServer server, ProductRole role, LabProductNames names)
    {
        var configuration = RoleConfiguration.TryRead(server, names, role);
        return new RunningRole(server, role)
        {
            Configuration = configuration,
            Identity = role == ProductRole.ManagementServer ? DatabaseId(server, names) : configuration?.Thumbprint,
        };
    }

    public void Dispose() => Operations.Dispose();

    private static string? DatabaseId(LabServer server, LabProductNames names)
    {
        try
        {
            return ManagementDatabase.Read(server, names).DatabaseId;
        }
        catch (Exception exception) when (exception is IOException or System.Text.Json.JsonException or InvalidDataException)
        {
            // A service that is started without a readable database does no harm to another.
            return null;
        }
    }
}
