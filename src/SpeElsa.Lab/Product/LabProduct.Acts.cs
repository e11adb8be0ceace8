namespace SpeElsa.Lab;

// What a person does: with the installer and the configuration tool, in the licence portal, in the Management Console, at the power button.
public sealed partial class LabProduct
{
    /// <summary>The mode in which all roles are on one server.</summary>
    public const string SingleServerMode = "single";

    /// <summary>The mode in which each role is added by itself.</summary>
    public const string MultiServerMode = "multi";

    /// <summary>
    /// Installs the product and sets it up in single server mode: certificates of its own, an empty database, services that start with
    /// Windows and, as the real set-up leaves them, run.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="version">The version; null keeps what an installer has put there, or takes the default.</param>
    /// <param name="administratorPassword">For the administrator of the empty database; null is a random one nobody knows.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">There is no such server, or the product is set up there.</exception>
    public async Task InstallAsync(string server, string? version, string? administratorPassword, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        if (_setup.IsSetUp(machine))
        {
            throw new LabProductException($"The product is set up on {machine.Name} already.");
        }

        InstallPrograms(machine, version);
        _setup.SetUpSingleServer(machine, administratorPassword ?? LabSecrets.Random());
        foreach (var role in Enum.GetValues<ProductRole>())
        {
            machine.StartService(_options.Names.ServiceName(role));
        }

        await SettleAsync(cancellationToken);
    }

    /// <summary>Installs the product for multi server mode: the programs, and no role yet.</summary>
    /// <param name="server">The server.</param>
    /// <param name="version">The version; null keeps what an installer has put there, or takes the default.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">There is no such server, or a role is set up there.</exception>
    public async Task InstallProgramsAsync(string server, string? version, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        if (_setup.IsSetUp(machine))
        {
            throw new LabProductException($"The product is set up on {machine.Name} already. Add roles to it.");
        }

        InstallPrograms(machine, version);
        await SettleAsync(cancellationToken);
    }

    /// <summary>Binds the licence of the server's farm to it in the vendor's portal, under the name that is typed there.</summary>
    /// <param name="server">The computer name, now or at first.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <exception cref="LabProductException">There is no such server.</exception>
    public async Task TransferLicenceAsync(string server, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        FarmFacts.BindLicence(_farm, FarmFacts.KindOf(machine), string.Equals(server, machine.Name, StringComparison.OrdinalIgnoreCase) ? machine.Name : machine.ComputerName);
        await SettleAsync(cancellationToken);
    }

    /// <summary>Renames the computer in Windows and restarts it: what starts with Windows starts, what is disabled does not.</summary>
    /// <exception cref="LabProductException">There is no such server, or the name cannot be one or is taken.</exception>
    public async Task RenameComputerAsync(string server, string computerName, CancellationToken cancellationToken)
    {
        try
        {
            Machine(server).Rename(computerName);
        }
        catch (ArgumentException exception)
        {
            throw new LabProductException(exception.Message);
        }

        await SettleAsync(cancellationToken);
    }

    /// <summary>Switches MFA of a system administrator off, or on with a new secret. Harmless when it is so already.</summary>
    public Task SetMfaAsync(string server, string userName, bool enabled, CancellationToken cancellationToken) =>
        InConsoleAsync(server, manager => _functions.SetMfa(manager, userName, enabled, "console:mfa"), cancellationToken);

    /// <summary>Enters the password of the mail account.</summary>
    public Task SetSmtpPasswordAsync(string server, string password, CancellationToken cancellationToken) =>
        InConsoleAsync(server, manager => _functions.SetSmtpPassword(manager, password, "console:smtp"), cancellationToken);

    /// <summary>Restarts a server: what starts with Windows starts, what is disabled does not.</summary>
    public async Task RebootAsync(string server, CancellationToken cancellationToken)
    {
        Machine(server).Reboot();
        await SettleAsync(cancellationToken);
    }

    /// <summary>The dashboard as a person would see it; one error when there is no Management Server to show it.</summary>
    public async Task<IReadOnlyList<LabMessage>> GetDashboardAsync(string server, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        await SettleAsync(cancellationToken);
        return _simulation.Manager(machine.Name) is { } manager
            ? _dashboard.Of(manager)
            : [new LabMessage("error", $"The Management Server on {machine.Name} is not up.", "managementServer")];
    }

    /// <summary>What a server is like: the same fingerprint means that it is as it was.</summary>
    /// <param name="server">The server.</param>
    /// <param name="cancellationToken">Stops waiting for the roles.</param>
    /// <returns>The hash, and the facts to see what differs.</returns>
    /// <exception cref="LabProductException">There is no such server.</exception>
    public async Task<LabFingerprint> GetFingerprintAsync(string server, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        await SettleAsync(cancellationToken);
        return _fingerprints.Take(machine);
    }

    /// <summary>
    /// Whether a system administrator gets into the Management Console, given that the MFA code is typed correctly where one is asked for.
    /// </summary>
    public async Task<bool> CanLogInAsync(string server, string userName, string password, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        await SettleAsync(cancellationToken);
        return _simulation.Manager(machine.Name) is { } manager
            && manager.Database!.Administrator(userName) is { } administrator
            && ApiAuthentication.AcceptsConsole(manager, administrator, password);
    }

    private async Task InConsoleAsync(string server, Action<RunningRole> act, CancellationToken cancellationToken)
    {
        var machine = Machine(server);
        await SettleAsync(cancellationToken);
        var manager = _simulation.Manager(machine.Name)
            ?? throw new LabProductException($"The Management Server on {machine.Name} is not up, so there is no Management Console.");
        try
        {
            act(manager);
        }
        catch (ApiRefusedException exception)
        {
            throw new LabProductException(exception.Message);
        }
    }

    private void InstallPrograms(LabServer machine, string? version)
    {
        if (version is not null || _setup.InstalledVersion(machine) is null)
        {
            _setup.InstallPrograms(machine, version ?? _options.Version);
            machine.RecordEffect(LabEffectKinds.Install, _options.Names.InstallDirectory);
        }
    }

    private LabServer Machine(string name) =>
        _farm.Find(name) ?? throw new LabProductException($"The lab has no server '{name}'.", notFound: true);
}
