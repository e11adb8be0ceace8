using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>What is known of an installation elsewhere, to make a copy of it: the servers and the product on them. The names are a stored format.</summary>
/// <param name="Servers">The servers.</param>
/// <param name="Installation">What the Management Server has in its database.</param>
/// <param name="DnsNames">Names of the domain that lead to a server, by that server's name.</param>
public sealed record LabCopy(
    [property: JsonPropertyName("servers")] IReadOnlyList<LabServerCopy> Servers,
    [property: JsonPropertyName("installation")] LabInstallationCopy Installation,
    [property: JsonPropertyName("dnsNames")] IReadOnlyDictionary<string, string> DnsNames);

/// <summary>A server to copy.</summary>
/// <param name="Name">Its computer name.</param>
/// <param name="DiskBytes">The size of its drive.</param>
/// <param name="Version">The version of the product; null where it is not installed.</param>
/// <param name="Services">The services of the product.</param>
/// <param name="Certificates">The certificates in its personal store.</param>
/// <param name="FirewallRules">The rules that let something in.</param>
/// <param name="ConfigurationFiles">The length of each file in the configuration directory that is neither a role's nor the database, by path.</param>
public sealed record LabServerCopy(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("diskBytes")] long DiskBytes,
    [property: JsonPropertyName("version")] string? Version,
    [property: JsonPropertyName("services")] IReadOnlyList<LabServiceCopy> Services,
    [property: JsonPropertyName("certificates")] IReadOnlyList<LabCertificateCopy> Certificates,
    [property: JsonPropertyName("firewallRules")] IReadOnlyList<LabFirewallRule> FirewallRules,
    [property: JsonPropertyName("configurationFiles")] IReadOnlyDictionary<string, long> ConfigurationFiles);

/// <summary>A service of the product. Its name is that of <see cref="LabProductNames"/>.</summary>
/// <param name="Role">Whose it is.</param>
/// <param name="DisplayName">The name that the services console shows.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="StartMode">Automatic, Manual or Disabled.</param>
public sealed record LabServiceCopy(
    [property: JsonPropertyName("role"), JsonConverter(typeof(JsonStringEnumConverter<ProductRole>))] ProductRole Role,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("running")] bool IsRunning,
    [property: JsonPropertyName("startMode")] string StartMode);

/// <summary>A certificate of which there will be another one of the same names, with a key of its own.</summary>
/// <param name="Thumbprint">Of the original: where it is named elsewhere, the copy is meant.</param>
/// <param name="Subject">The subject's distinguished name.</param>
/// <param name="FriendlyName">The name the certificate console shows.</param>
/// <param name="NotAfter">The end of its validity.</param>
/// <param name="HasPrivateKey">Whether the store has the key.</param>
/// <param name="Exportable">Whether Windows lets the key out.</param>
public sealed record LabCertificateCopy(
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("friendlyName")] string FriendlyName,
    [property: JsonPropertyName("notAfter")] DateTimeOffset NotAfter,
    [property: JsonPropertyName("hasPrivateKey")] bool HasPrivateKey,
    [property: JsonPropertyName("exportable")] bool Exportable);

/// <summary>What a Management Server has in its database. Every thumbprint is the original's; where none of the server's certificates has it, one is made.</summary>
/// <param name="ManagementServer">The server it is on.</param>
/// <param name="Thumbprint">The certificate it shows.</param>
/// <param name="LicenseeName">Who has the licence; the copy's is another one, bound to the same computer name.</param>
/// <param name="InstanceHosts">The Instance Hosts.</param>
/// <param name="ClientAccessServers">The Client Access Servers.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Administrators">The system administrators.</param>
/// <param name="ServiceAdministrator">The one without MFA whom programs use; added when there is none of that name.</param>
/// <param name="SmtpConfiguration">The mail settings as the Management API shows them; null where there are none.</param>
public sealed record LabInstallationCopy(
    [property: JsonPropertyName("managementServer")] string ManagementServer,
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("licenseeName")] string LicenseeName,
    [property: JsonPropertyName("instanceHosts")] IReadOnlyList<LabRoleCopy> InstanceHosts,
    [property: JsonPropertyName("clientAccessServers")] IReadOnlyList<LabRoleCopy> ClientAccessServers,
    [property: JsonPropertyName("instances")] IReadOnlyList<LabInstanceCopy> Instances,
    [property: JsonPropertyName("administrators")] IReadOnlyList<LabAdministratorCopy> Administrators,
    [property: JsonPropertyName("serviceAdministrator")] string ServiceAdministrator,
    [property: JsonPropertyName("smtpConfiguration")] JsonObject? SmtpConfiguration);

/// <summary>An entry of the database for an Instance Host or a Client Access Server.</summary>
/// <param name="ServerName">The name it goes by.</param>
/// <param name="Server">The server it is on.</param>
/// <param name="Port">Its port.</param>
/// <param name="Thumbprint">The certificate it shows to the other roles.</param>
/// <param name="BaseDirectory">Of an Instance Host: where new instances go.</param>
/// <param name="HttpThumbprint">Of a Client Access Server: the certificate that browsers see.</param>
/// <param name="ImapThumbprint">Of a Client Access Server: the certificate that mail programs see.</param>
public sealed record LabRoleCopy(
    [property: JsonPropertyName("serverName")] string ServerName,
    [property: JsonPropertyName("server")] string Server,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("baseDirectory")] string? BaseDirectory = null,
    [property: JsonPropertyName("httpThumbprint")] string? HttpThumbprint = null,
    [property: JsonPropertyName("imapThumbprint")] string? ImapThumbprint = null);

/// <summary>An instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Alias">Its alias.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="InstanceHost">The entry of the host it is on.</param>
/// <param name="BaseDirectory">Where its data is there.</param>
/// <param name="StartMode">automatic or manual.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="Bytes">How much data the copy gets.</param>
/// <param name="OutsideStores">Where its stores outside the base directory are, by name.</param>
public sealed record LabInstanceCopy(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("alias")] string Alias,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("instanceHost")] string InstanceHost,
    [property: JsonPropertyName("baseDirectory")] string BaseDirectory,
    [property: JsonPropertyName("startMode")] string StartMode,
    [property: JsonPropertyName("running")] bool IsRunning,
    [property: JsonPropertyName("bytes")] long Bytes,
    [property: JsonPropertyName("outsideStores")] IReadOnlyDictionary<string, string> OutsideStores);

/// <summary>A system administrator.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="FullName">The person.</param>
/// <param name="HasMfa">Whether MFA is on.</param>
public sealed record LabAdministratorCopy(
    [property: JsonPropertyName("userName")] string UserName,
    [property: JsonPropertyName("fullName")] string FullName,
    [property: JsonPropertyName("mfa")] bool HasMfa);
