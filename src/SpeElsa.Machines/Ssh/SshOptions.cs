namespace SpeElsa.Machines.Ssh;

/// <summary>How a computer is reached over SSH.</summary>
public sealed record SshOptions
{
    /// <summary>The name or address to connect to.</summary>
    public string Host { get; init; } = "";

    /// <summary>The port of its SSH server.</summary>
    public int Port { get; init; } = 22;

    /// <summary>The account; on a Windows machine a member of the local Administrators.</summary>
    public string UserName { get; init; } = "";

    /// <summary>
    /// The SHA-256 fingerprint of its host key, as <c>ssh-keygen -l</c> shows it, with or without <c>SHA256:</c>. Empty until somebody has
    /// compared it; the first contact then fails and shows it.
    /// </summary>
    public string? HostKey { get; init; }

    /// <summary>Which secret holds the private key (OpenSSH or PEM); without one <see cref="PasswordSecret"/> is used.</summary>
    public string? PrivateKeySecret { get; init; }

    /// <summary>Which secret holds the passphrase of the private key, if it has one.</summary>
    public string? PassphraseSecret { get; init; }

    /// <summary>Which secret holds the account's password.</summary>
    public string? PasswordSecret { get; init; }

    /// <summary>A computer to go through, if the machine cannot be reached directly. It may have none itself.</summary>
    public SshOptions? JumpHost { get; init; }

    /// <summary>How many scripts may run on the machine at a time; a further one waits.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>How long a connection may take to come up, for each of jump host and machine.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a quiet connection is kept awake, so that no firewall forgets it.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Says what is wrong with the options.</summary>
    /// <returns>The faults, each with its cure; none when they can be used.</returns>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            yield return "Host is missing: name the computer to connect to.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return $"Port {Port} is not a port: use 1 to 65535.";
        }

        if (string.IsNullOrWhiteSpace(UserName))
        {
            yield return "UserName is missing: name an account.";
        }

        if (string.IsNullOrWhiteSpace(PrivateKeySecret) == string.IsNullOrWhiteSpace(PasswordSecret))
        {
            yield return "Name either PrivateKeySecret or PasswordSecret.";
        }

        if (Concurrency < 1)
        {
            yield return "Concurrency has to be at least 1.";
        }

        if (ConnectTimeout <= TimeSpan.Zero || KeepAlive <= TimeSpan.Zero)
        {
            yield return "ConnectTimeout and KeepAlive have to be longer than nothing.";
        }

        if (JumpHost is null)
        {
            yield break;
        }

        if (JumpHost.JumpHost is not null)
        {
            yield return "A jump host cannot have a jump host.";
        }

        foreach (var fault in JumpHost.Faults())
        {
            yield return $"JumpHost: {fault}";
        }
    }
}
