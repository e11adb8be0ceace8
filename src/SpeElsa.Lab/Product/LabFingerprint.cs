using System.Text.Json.Serialization;

namespace SpeElsa.Lab;

/// <summary>
/// Everything that matters for the question whether a server is as it was, without what changes by itself: no times, process ids or logs.
/// What differs from one life of a thing to the next (an MFA secret, a protected password) is there as whether it is set and readable.
/// </summary>
/// <param name="Hash">SHA-256 of the facts, lower-case hex: the same facts have the same hash.</param>
/// <param name="Facts">The facts, in a fixed order.</param>
public sealed record LabFingerprint(
    [property: JsonPropertyName("hash")] string Hash,
    [property: JsonPropertyName("facts")] LabServerFacts Facts);

/// <summary>What a fingerprint is of.</summary>
/// <param name="Server">The server.</param>
/// <param name="LicensedServer">Where the licence of its farm is bound to.</param>
/// <param name="Services">Name, state and start mode of each service.</param>
/// <param name="Certificates">Each certificate in My.</param>
/// <param name="ConfigurationFiles">SHA-256 of each file in the configuration directory but the database, by path in it.</param>
/// <param name="Data">SHA-256 over the files of each folder of archives, by Windows path; links are not followed.</param>
/// <param name="Instances">The status of each instance that is known to the Instance Host here.</param>
/// <param name="Product">What the database here says; null where there is none that can be read.</param>
public sealed record LabServerFacts(
    [property: JsonPropertyName("server")] string Server,
    [property: JsonPropertyName("licensedServer")] string? LicensedServer,
    [property: JsonPropertyName("services")] IReadOnlyList<LabServiceFact> Services,
    [property: JsonPropertyName("certificates")] IReadOnlyList<LabCertificateFact> Certificates,
    [property: JsonPropertyName("configurationFiles")] IReadOnlyDictionary<string, string> ConfigurationFiles,
    [property: JsonPropertyName("data")] IReadOnlyDictionary<string, string> Data,
    [property: JsonPropertyName("instances")] IReadOnlyDictionary<string, string> Instances,
    [property: JsonPropertyName("product")] LabProductFacts? Product);

/// <summary>A service.</summary>
public sealed record LabServiceFact(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("startMode")] string StartMode);

/// <summary>A certificate.</summary>
public sealed record LabCertificateFact(
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("friendlyName")] string FriendlyName,
    [property: JsonPropertyName("hasPrivateKey")] bool HasPrivateKey);

/// <summary>What a Management Server has in its database.</summary>
/// <param name="DatabaseId">The installation.</param>
/// <param name="Version">The version that wrote it.</param>
/// <param name="InstanceHosts">Name, port, certificate and base directory of each Instance Host.</param>
/// <param name="ClientAccessServers">Name, port and certificate of each Client Access Server.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Administrators">The system administrators.</param>
/// <param name="SmtpPassword">Of the mail account: none, readable, or unreadable on this machine.</param>
/// <param name="SmtpConfiguration">The mail settings as the API shows them.</param>
public sealed record LabProductFacts(
    [property: JsonPropertyName("databaseID")] string DatabaseId,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("instanceHosts")] IReadOnlyList<string> InstanceHosts,
    [property: JsonPropertyName("clientAccessServers")] IReadOnlyList<string> ClientAccessServers,
    [property: JsonPropertyName("instances")] IReadOnlyList<LabInstanceFact> Instances,
    [property: JsonPropertyName("administrators")] IReadOnlyList<LabAdministratorFact> Administrators,
    [property: JsonPropertyName("smtpPassword")] string SmtpPassword,
    [property: JsonPropertyName("smtpConfiguration")] string? SmtpConfiguration);

/// <summary>An instance as its Management Server has it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">The Instance Host it is on.</param>
/// <param name="BaseDirectory">Its base directory there.</param>
/// <param name="StartMode">automatic or manual.</param>
/// <param name="ArchiveAdminEnabled">Whether service providers may reach into it.</param>
/// <param name="Status">running, stopped, or notConnected while nobody can tell.</param>
public sealed record LabInstanceFact(
    [property: JsonPropertyName("instanceID")] string Id,
    [property: JsonPropertyName("instanceHost")] string Host,
    [property: JsonPropertyName("baseDirectory")] string BaseDirectory,
    [property: JsonPropertyName("startMode")] string StartMode,
    [property: JsonPropertyName("archiveAdminEnabled")] bool ArchiveAdminEnabled,
    [property: JsonPropertyName("status")] string Status);

/// <summary>A system administrator.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="Mfa">off, on, or unreadable on this machine, which locks the administrator out.</param>
public sealed record LabAdministratorFact(
    [property: JsonPropertyName("userName")] string UserName,
    [property: JsonPropertyName("mfa")] string Mfa);
