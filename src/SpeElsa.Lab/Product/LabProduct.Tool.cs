namespace SpeElsa.Lab;

// What a person does with the vendor's configuration tool in multi server mode, on the server where the role is. A dialog that changes the
// configuration of a role restarts its service if it runs, because a role reads its configuration when it starts.
public sealed partial class LabProduct
{
    private const string Localhost = "localhost";

    /// <summary>The roles that are set up on a server, as the configuration tool shows them.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The roles; none where none was added.</returns>
    /// <exception cref="LabProductException">There is no such server.</exception>
    public IReadOnlyList<LabRole> RolesOf(string server)
    {
        var machine = Machine(server);
        return [.. Enum.GetValues<ProductRole>().Where(role => _setup.Has(machine, role)).Select(role =>
        {
            var configuration = RoleConfiguration.TryRead(machine, _options.Names, role);
            return new LabRole(
                char.ToLowerInvariant(role.ToString()[0]) + role.ToString()[1..],
                _options.Names.ServiceName(role),
                configuration?.ServerName,
                configuration?.Thumbprint,
                configuration?.ManagementServer,
                configuration?.ManagementServerThumbprint,
                configuration?.HttpThumbprint,
                configuration?.ImapThumbprint);
        })];
    }

    /// <summary>
    /// Adds a role: its service, stopped and starting with Windows, new certificates, and a configuration that knows no Management Server
    /// yet. A Management Server gets an empty database unless one lies in its place.
    /// </summary>
    /// <param name="server">The server, with the programs installed.</param>
    /// <param name="role">The role.</param>
    /// <param name="administratorPassword">For the administrator of an empty database; null is a random one nobody knows.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">No such server, no programs, or the role is there.</exception>
    public async Task AddRoleAsync(string server, ProductRole role, string? administratorPassword, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        if (_setup.Has(machine, role))
        {
            throw new LabProductException($"{machine.Name} has the role {role} already.");
        }

        _setup.AddRole(machine, role, administratorPassword ?? LabSecrets.Random());
        machine.RecordEffect("tool:add-role", role.ToString());
        await SettleAsync(cancellationToken);
    }

    /// <summary>
    /// Removes a role: service and configuration go. Its certificates and a Management Server's database stay, and so does its entry on the
    /// Management Server.
    /// </summary>
    /// <exception cref="LabProductException">No such server, or it has no such role.</exception>
    public async Task RemoveRoleAsync(string server, ProductRole role, CancellationToken cancellationToken)
    {
        var (machine, _) = Configured(server, role, mayBeUnreadable: true);
        machine.StopService(_options.Names.ServiceName(role));
        machine.RemoveService(_options.Names.ServiceName(role));
        File.Delete(machine.ToLocalPath(_options.Names.RoleConfigurationPath(role)));
        machine.RecordEffect("tool:remove-role", role.ToString());
        await SettleAsync(cancellationToken);
    }

    /// <summary>
    /// The dialog <em>Configure…</em>: names the Management Server of an Instance Host or Client Access Server and takes over the certificate
    /// that is shown there. The Management Server learns nothing by it; that is what pairing is for.
    /// </summary>
    /// <param name="server">The server the role is on.</param>
    /// <param name="role">The role.</param>
    /// <param name="managementServer">The machine of the Management Server, or <c>localhost</c>.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">No such server or role, or the Management Server named is not up.</exception>
    public async Task ConfigureManagementServerAsync(
        string server, ProductRole role, string managementServer, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        var (machine, configuration) = Configured(server, role);
        RefuseManager(role);
        var manager = ManagerFor(machine, managementServer);
        await ChangeAsync(machine, role, configuration, Pointing(configuration, manager, managementServer), "tool:configure", cancellationToken);
    }

    /// <summary>
    /// Pairs a role with its Management Server: the role takes over the certificate of the Management Server, and that gets an entry with the
    /// role's name and certificate, or changes the one of that name.
    /// </summary>
    /// <param name="server">The server the role is on.</param>
    /// <param name="role">The role.</param>
    /// <param name="managementServer">The machine of the Management Server, or <c>localhost</c>.</param>
    /// <param name="thumbprint">The certificate the person expects there; null is whatever is shown.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">
    /// No such server or role, the Management Server is not up, or it shows another certificate than expected.
    /// </exception>
    public async Task PairAsync(
        string server, ProductRole role, string managementServer, string? thumbprint, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        var (machine, configuration) = Configured(server, role);
        RefuseManager(role);
        var manager = ManagerFor(machine, managementServer);
        var shown = manager.Configuration!.Thumbprint;
        if (thumbprint is not null && !string.Equals(thumbprint, shown, StringComparison.OrdinalIgnoreCase))
        {
            throw new LabProductException(
                $"The Management Server on {manager.Server.Name} shows the certificate {shown}, not {thumbprint}. Compare the thumbprints again.");
        }

        _functions.Pair(manager, role, configuration.ServerName, configuration.Port, configuration.Thumbprint, "tool:pair");
        await ChangeAsync(machine, role, configuration, Pointing(configuration, manager, managementServer), "tool:pair", cancellationToken);
    }

    /// <summary>Chooses the certificates that end users see, in the dialog of the Client Access Server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="http">Thumbprint of the one for browsers; null keeps the one that is chosen.</param>
    /// <param name="imap">Thumbprint of the one for mail programs; null keeps the one that is chosen.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">No such server or role, or a certificate is not in My with its key.</exception>
    public async Task ChooseCertificatesAsync(string server, string? http, string? imap, CancellationToken cancellationToken)
    {
        const ProductRole Role = ProductRole.ClientAccessServer;
        var (machine, configuration) = Configured(server, Role);
        var changed = configuration with
        {
            OtherThumbprints = [Choice(http, configuration.HttpThumbprint), Choice(imap, configuration.ImapThumbprint)],
        };
        await ChangeAsync(machine, Role, configuration, changed, "tool:certificates", cancellationToken);

        string Choice(string? wanted, string? present)
        {
            if (wanted is null)
            {
                return present ?? "";
            }

            return machine.FindCertificate(wanted, "My") is { HasPrivateKey: true } found
                ? found.Thumbprint
                : throw new LabProductException(
                    $"{machine.Name} has no certificate {wanted} with a private key in its personal store (My). Import it first.");
        }
    }

    /// <summary>
    /// Changes the server name in a role's configuration. To the Management Server an Instance Host or Client Access Server of that name is
    /// then another one, which has to be paired.
    /// </summary>
    /// <exception cref="LabProductException">No such server or role, or an empty name.</exception>
    public async Task RenameServerAsync(string server, ProductRole role, string serverName, CancellationToken cancellationToken)
    {
        var (machine, configuration) = Configured(server, role);
        if (string.IsNullOrWhiteSpace(serverName))
        {
            throw new LabProductException("A server name cannot be empty.");
        }

        await ChangeAsync(machine, role, configuration, configuration with { ServerName = serverName }, "tool:rename", cancellationToken);
    }

    private static RoleConfiguration Pointing(RoleConfiguration configuration, RunningRole manager, string managementServer) =>
        configuration with
        {
            ManagementServer = managementServer == Localhost ? Localhost : manager.Server.ComputerName,
            ManagementServerThumbprint = manager.Configuration!.Thumbprint,
        };

    private async Task ChangeAsync(
        LabServer machine,
        ProductRole role,
        RoleConfiguration before,
        RoleConfiguration after,
        string effect,
        CancellationToken cancellationToken)
    {
        if (IsSame(before, after))
        {
            return;
        }

        var service = _options.Names.ServiceName(role);
        var runs = machine.Services.Any(item => item.Name == service && item.IsRunning);
        after.Write(machine, _options.Names, role);
        machine.RecordEffect(effect, role.ToString());
        if (runs)
        {
            machine.StopService(service);
            machine.StartService(service);
        }

        await SettleAsync(cancellationToken);
    }

    // A record compares its lists by reference.
    private static bool IsSame(RoleConfiguration left, RoleConfiguration right) =>
        left with { OtherThumbprints = [] } == right with { OtherThumbprints = [] }
        && left.OtherThumbprints.SequenceEqual(right.OtherThumbprints);

    private (LabServer Machine, RoleConfiguration Configuration) Configured(string server, ProductRole role, bool mayBeUnreadable = false)
    {
        var machine = Machine(server);
        if (!_setup.Has(machine, role))
        {
            throw new LabProductException($"{machine.Name} does not have the role {role}. Add it first.");
        }

        var configuration = RoleConfiguration.TryRead(machine, _options.Names, role);
        return configuration is null && !mayBeUnreadable
            ? throw new LabProductException(
                $"The configuration of the role {role} on {machine.Name} cannot be read. Put its file back, or remove the role and add it again.")
            : (machine, configuration!);
    }

    private static void RefuseManager(ProductRole role)
    {
        if (role == ProductRole.ManagementServer)
        {
            throw new LabProductException("A Management Server is not paired with another. Choose the Instance Host or the Client Access Server.");
        }
    }

    private RunningRole ManagerFor(LabServer machine, string managementServer)
    {
        var target = managementServer == Localhost ? machine : Machine(managementServer);
        return _simulation.Manager(target.Name) ?? throw new LabProductException(
            $"There is no answer from a Management Server on {target.Name}. Start it there first, or name the machine it runs on.");
    }
}
