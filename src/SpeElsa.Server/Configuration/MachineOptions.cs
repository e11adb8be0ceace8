using System.ComponentModel.DataAnnotations;
using SpeElsa.Machines.Ssh;

namespace SpeElsa.Server.Configuration;

/// <summary>A machine of the fleet.</summary>
public sealed class MachineOptions
{
    /// <summary>The name plans use.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>How it is reached over SSH. Without this and <see cref="Local"/> it is a machine of the lab.</summary>
    public SshOptions? Ssh { get; set; }

    /// <summary>Whether it is the computer that the server runs on, which has to be Windows then. Default: no.</summary>
    public bool Local { get; set; }

    /// <summary>How its Management API is called. A machine of the lab needs none.</summary>
    public ManagementApiOptions? ManagementApi { get; set; }

    /// <summary>Its full host name; default is the name.</summary>
    public string? HostName { get; set; }

    /// <summary>Where MailStore SPE is, or will be, installed.</summary>
    public string? InstallDirectory { get; set; }

    /// <summary>The share its system drive is reached by, such as \\name\C$.</summary>
    public string? AdministrativeShare { get; set; }

    /// <summary>How the Management Server service's name begins.</summary>
    public string? ManagementServerService { get; set; }

    /// <summary>How the Instance Host service's name begins.</summary>
    public string? InstanceHostService { get; set; }

    /// <summary>How the Client Access Server service's name begins.</summary>
    public string? ClientAccessServerService { get; set; }

    /// <summary>Patterns of the names of its SPE certificates.</summary>
    public IList<string>? CertificateNames { get; set; }

    /// <summary>The name of the certificate for browsers. Default MailStoreClientAccessServerHttp.</summary>
    public string? HttpCertificateName { get; set; }

    /// <summary>The name of the certificate for mail programs. Default MailStoreClientAccessServerImap.</summary>
    public string? ImapCertificateName { get; set; }

    /// <summary>The field that says whether an administrator has MFA; the vendor does not document it.</summary>
    public string? MfaField { get; set; }

    /// <summary>Where its Client Access Server is reached by TLS. Default the host name.</summary>
    public string? ClientAccessAddress { get; set; }

    /// <summary>The port of browsers. Default 443.</summary>
    public int? HttpsPort { get; set; }

    /// <summary>The port of mail programs, with STARTTLS. Default 143.</summary>
    public int? ImapPort { get; set; }
}

/// <summary>How the Management API of a machine's Management Server is called.</summary>
public sealed class ManagementApiOptions
{
    /// <summary>Its port. Default 8474.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 8474;

    /// <summary>The system administrator who calls.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Which secret holds that administrator's password.</summary>
    public string PasswordSecret { get; set; } = "";

    /// <summary>Which secret holds the API password, which an administrator with MFA needs beside the other.</summary>
    public string? ApiPasswordSecret { get; set; }

    /// <summary>SHA-1 or SHA-256 thumbprint of the server's certificate; without one it has to be trusted by the system.</summary>
    public string? Thumbprint { get; set; }
}
