namespace SpeElsa.Lab;

// Services and certificate stores: the change and its effect are one write.
public sealed partial class LabServer
{
    /// <summary>The services of this server.</summary>
    public IReadOnlyList<LabService> Services => _state.Services;

    /// <summary>Registers a service, or replaces the one of that name.</summary>
    /// <param name="service">The service, in the state it is to have.</param>
    public void AddService(LabService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        Change(state =>
        {
            state.Services.RemoveAll(other => IsNamed(other, service.Name));
            state.Services.Add(service);
        });
        Tell(service);
    }

    /// <summary>Removes a service; harmless when there is none.</summary>
    /// <param name="name">The service's key name.</param>
    public void RemoveService(string name)
    {
        LabService? removed = null;
        Change(state =>
        {
            removed = state.Services.Find(service => IsNamed(service, name));
            state.Services.RemoveAll(service => IsNamed(service, name));
        });
        if (removed is not null)
        {
            Tell(removed with { State = LabService.Stopped });
        }
    }

    /// <summary>Starts a service; nothing happens when it runs.</summary>
    /// <param name="name">The service's key name.</param>
    /// <exception cref="InvalidOperationException">There is no such service, or it is disabled.</exception>
    public void StartService(string name) => ChangeService(name, LabEffectKinds.ServiceStart, service =>
        service.IsRunning ? service
        : service.StartMode != LabService.Disabled ? service with { State = LabService.Running }
        : throw new InvalidOperationException(
            $"Cannot start service {service.Name} on computer '.'. The service cannot be started, because it is disabled."));

    /// <summary>Stops a service; nothing happens when it does not run.</summary>
    /// <param name="name">The service's key name.</param>
    /// <exception cref="InvalidOperationException">There is no such service.</exception>
    public void StopService(string name) =>
        ChangeService(name, LabEffectKinds.ServiceStop, service => service with { State = LabService.Stopped });

    /// <summary>Sets the start mode of a service; nothing happens when it has it.</summary>
    /// <param name="name">The service's key name.</param>
    /// <param name="mode"><c>Automatic</c>, <c>Manual</c> or <c>Disabled</c>.</param>
    /// <exception cref="InvalidOperationException">There is no such service.</exception>
    public void SetStartMode(string name, string mode)
    {
        if (mode is not (LabService.Automatic or LabService.Manual or LabService.Disabled))
        {
            throw new ArgumentException($"'{mode}' is not a start mode; use Automatic, Manual or Disabled.", nameof(mode));
        }

        ChangeService(name, LabEffectKinds.ServiceMode, service => service with { StartMode = mode });
    }

    /// <summary>The certificates of a store of the local machine.</summary>
    /// <param name="store">The store's name; the personal store is <c>My</c>.</param>
    /// <returns>The certificates; none when there is no such store.</returns>
    public IReadOnlyList<LabCertificate> Certificates(string store = "My") =>
        _state.Certificates.FirstOrDefault(pair => string.Equals(pair.Key, store, StringComparison.OrdinalIgnoreCase)).Value ?? [];

    /// <summary>Puts a certificate into a store, replacing the one with that thumbprint; the store is made if need be.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="store">The store's name.</param>
    public void AddCertificate(LabCertificate certificate, string store = "My")
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Change(state =>
        {
            state.Store(store).RemoveAll(other => other.Thumbprint == certificate.Thumbprint);
            state.Store(store).Add(certificate);
            AddEffect(state, LabEffectKinds.CertificateImport, certificate.Thumbprint);
        });
    }

    /// <summary>Removes a certificate and its key; harmless when it is not there.</summary>
    /// <param name="thumbprint">The thumbprint, in any case.</param>
    /// <param name="store">The store's name.</param>
    public void RemoveCertificate(string thumbprint, string store = "My")
    {
        if (!Certificates(store).Any(certificate => HasThumbprint(certificate, thumbprint)))
        {
            return;
        }

        Change(state =>
        {
            state.Store(store).RemoveAll(certificate => HasThumbprint(certificate, thumbprint));
            state.Windows.KeyAccess.RemoveAll(access => IsSame(access.Thumbprint, thumbprint));
            AddEffect(state, LabEffectKinds.CertificateRemove, thumbprint.ToUpperInvariant());
        });
    }

    internal LabService? FindService(string name) => _state.Services.Find(service => IsNamed(service, name));

    internal LabCertificate? FindCertificate(string thumbprint, string store) =>
        Certificates(store).FirstOrDefault(certificate => HasThumbprint(certificate, thumbprint));

    internal void CreateStore(string store) => Change(state => state.Store(store));

    internal bool HasStore(string store) =>
        string.Equals(store, "My", StringComparison.OrdinalIgnoreCase) || _state.HasStore(store);

    // Out of one store and into another in one write: a kill never loses the certificate or doubles it.
    internal void MoveCertificate(string thumbprint, string fromStore, string toStore) => Change(state =>
    {
        var certificate = state.Store(fromStore).First(candidate => HasThumbprint(candidate, thumbprint));
        state.Store(fromStore).Remove(certificate);
        state.Store(toStore).RemoveAll(other => other.Thumbprint == certificate.Thumbprint);
        state.Store(toStore).Add(certificate);
        AddEffect(state, LabEffectKinds.CertificateRemove, certificate.Thumbprint);
    });

    private static bool IsNamed(LabService service, string name) => string.Equals(service.Name, name, StringComparison.OrdinalIgnoreCase);

    private static bool HasThumbprint(LabCertificate certificate, string thumbprint) =>
        string.Equals(certificate.Thumbprint, thumbprint, StringComparison.OrdinalIgnoreCase);

    private void ChangeService(string name, string effect, Func<LabService, LabService> change)
    {
        LabService? changed = null;
        lock (_gate)
        {
            var service = _state.Services.Find(candidate => IsNamed(candidate, name))
                ?? throw new InvalidOperationException($"Cannot find any service with service name '{name}'.");
            var next = change(service);
            if (next != service)
            {
                changed = next;
                Change(state =>
                {
                    state.Services[state.Services.FindIndex(candidate => IsNamed(candidate, name))] = next;
                    AddEffect(state, effect, service.Name);
                });
            }
        }

        if (changed is not null)
        {
            Tell(changed);
        }
    }

    // Outside the lock: a listener may ask this server, or change it again.
    private void Tell(LabService service) => ServiceChanged?.Invoke(this, service);
}
