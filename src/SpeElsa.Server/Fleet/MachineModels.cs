using System.ComponentModel;
using SpeElsa.Activities;

namespace SpeElsa.Server.Fleet;

/// <summary>A machine of the fleet.</summary>
/// <param name="Name">The name plans use.</param>
/// <param name="Way">ssh, local or lab.</param>
/// <param name="Place">Computer and port; null unless it is reached over SSH.</param>
/// <param name="HostKey">The host key that is trusted; null when none is, or none is needed.</param>
/// <param name="JumpHost">The computer it is reached through.</param>
/// <param name="Facts">What it told when its connection was last tested: version, roles, drives, certificates; null before.</param>
internal sealed record MachineView(string Name, string Way, string? Place, HostKeyView? HostKey, JumpHostView? JumpHost, MachineFacts? Facts);

/// <summary>The computer a machine is reached through.</summary>
/// <param name="Place">Computer and port.</param>
/// <param name="HostKey">The host key that is trusted; null when none is.</param>
internal sealed record JumpHostView(string Place, HostKeyView? HostKey);

/// <summary>A host key that is trusted.</summary>
/// <param name="Fingerprint">As ssh-keygen -l shows it.</param>
/// <param name="AcceptedBy">Who accepted it; null when it stands in the settings.</param>
/// <param name="AcceptedAt">When; null when it stands in the settings.</param>
internal sealed record HostKeyView(string Fingerprint, string? AcceptedBy = null, DateTimeOffset? AcceptedAt = null);

/// <summary>What a connection found.</summary>
/// <param name="Name">The machine.</param>
/// <param name="Way">ssh, local or lab.</param>
/// <param name="Usable">Whether scripts can run there.</param>
/// <param name="HostKey">The host key that was shown: the trusted one, or the one that is not trusted.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="PowerShell">Its version.</param>
/// <param name="Administrator">Whether the account is an administrator; null when that was not found out, and in the lab, which has no accounts.</param>
/// <param name="Fault">Why it cannot be used; of one that can, why it told nothing else.</param>
/// <param name="Facts">What else it told.</param>
internal sealed record MachineTestView(
    string Name, string Way, bool Usable, string? HostKey, string? OperatingSystem, string? PowerShell, bool? Administrator, MachineFault? Fault, MachineFacts? Facts = null);

/// <summary>Why a machine cannot be used.</summary>
/// <param name="Code">Its classification, such as machine.not-trusted.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="CanRetry">Whether trying again can help.</param>
internal sealed record MachineFault(string Code, string Message, bool CanRetry);

/// <summary>Accepts a host key.</summary>
/// <param name="Fingerprint">Exactly this one.</param>
/// <param name="JumpHost">Whether it is the jump host's.</param>
internal sealed record AcceptHostKeyRequest(
    [property: Description("The fingerprint that was compared with the machine's own, as ssh-keygen -l shows it: SHA256:…")] string? Fingerprint,
    [property: Description("True when it is the key of the machine's jump host")] bool JumpHost = false);
