using System.Management.Automation;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Get", "NetTCPConnection")]
internal sealed class GetNetTcpConnectionCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string State { get; set; } = "";

    protected override void Execute() => WriteObject(
        Server.Listeners.Select(listener => Record(("LocalAddress", "::"), ("LocalPort", listener.Port), ("OwningProcess", listener.ProcessId))), true);
}

[Cmdlet("Get", "Process")]
internal sealed class GetProcessCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public int Id { get; set; }

    protected override void Execute()
    {
        var name = Server.Listeners.FirstOrDefault(listener => listener.ProcessId == Id).Process
            ?? throw new InvalidOperationException($"Cannot find a process with the process identifier {Id}.");
        WriteObject(Record(("Id", Id), ("ProcessName", name)));
    }
}

[Cmdlet("Get", "NetFirewallProfile")]
internal sealed class GetNetFirewallProfileCommand : LabCommand
{
    protected override void Execute() =>
        WriteObject(new[] { "Domain", "Private", "Public" }.Select(name => Record(("Name", name), ("Enabled", "True"))), true);
}

[Cmdlet("Get", "NetFirewallPortFilter")]
internal sealed class GetNetFirewallPortFilterCommand : LabCommand
{
    protected override void Execute() => WriteObject(
        Server.FirewallRules.Select(rule => Record(("InstanceID", rule.Name), ("Protocol", "TCP"), ("LocalPort", rule.Port))), true);
}

[Cmdlet("Get", "NetFirewallRule")]
internal sealed class GetNetFirewallRuleCommand : LabCommand
{
    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public string Direction { get; set; } = "";

    [Parameter]
    public string Action { get; set; } = "";

    [Parameter]
    public string Enabled { get; set; } = "";

    protected override void Execute()
    {
        var rules = Server.FirewallRules
            .Where(rule => Name is null ? rule.Enabled || Enabled != "True" : string.Equals(rule.Name, Name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (rules.Count == 0)
        {
            throw new ItemNotFoundException("No MSFT_NetFirewallRule objects found.");
        }

        WriteObject(rules.Select(rule => Record(("InstanceID", rule.Name), ("Name", rule.Name), ("DisplayName", rule.DisplayName))), true);
    }
}

[Cmdlet("New", "NetFirewallRule")]
internal sealed class NewNetFirewallRuleCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string DisplayName { get; set; } = "";

    [Parameter]
    public string Direction { get; set; } = "";

    [Parameter]
    public string Action { get; set; } = "";

    [Parameter]
    public string Protocol { get; set; } = "";

    [Parameter]
    public string LocalPort { get; set; } = "Any";

    protected override void Execute()
    {
        if (Server.FirewallRules.Any(rule => string.Equals(rule.Name, Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException("Cannot create a file when that file already exists.");
        }

        Server.AddFirewallRule(new LabFirewallRule(Name, DisplayName, LocalPort));
        Run.TellEffect();
        WriteObject(Record(("Name", Name)));
    }
}

[Cmdlet("Remove", "NetFirewallRule")]
internal sealed class RemoveNetFirewallRuleCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    protected override void Execute()
    {
        Server.RemoveFirewallRule(Name);
        Run.TellEffect();
    }
}

[Cmdlet("Resolve", "DnsName")]
internal sealed class ResolveDnsNameCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    public string Type { get; set; } = "A";

    [Parameter]
    [Alias("Server")]
    public string? DnsServer { get; set; }

    [Parameter]
    public SwitchParameter DnsOnly { get; set; }

    [Parameter]
    public SwitchParameter NoHostsFile { get; set; }

    protected override void Execute()
    {
        var records = Server.Farm.Dns.Resolve(Name);
        if (records.Count == 0)
        {
            throw new ItemNotFoundException($"{Name} : DNS name does not exist");
        }

        foreach (var record in records.Where(record => record.Type == Type || record.Type == LabDns.Alias))
        {
            WriteObject(Record(
                ("Name", record.Name), ("Type", record.Type), ("TTL", (int)record.TimeToLive.TotalSeconds),
                (record.Type == LabDns.Alias ? "NameHost" : "IPAddress", record.Value)));
        }
    }
}

[Cmdlet("New", "SmbGlobalMapping")]
internal sealed class NewSmbGlobalMappingCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string RemotePath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    [Parameter]
    public bool Persistent { get; set; }

    protected override void Execute()
    {
        var account = Credential.GetNetworkCredential();
        Server.MapShare(RemotePath, Credential.UserName, account.Password);
        WriteObject(Record(("RemotePath", RemotePath)));
    }
}

[Cmdlet("Get", "SmbGlobalMapping")]
internal sealed class GetSmbGlobalMappingCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string RemotePath { get; set; } = "";

    protected override void Execute() => WriteObject(Server.HasMapping(RemotePath)
        ? Record(("RemotePath", RemotePath), ("Status", "OK"))
        : throw new ItemNotFoundException("No MSFT_SmbGlobalMapping objects found."));
}

[Cmdlet("Remove", "SmbGlobalMapping")]
internal sealed class RemoveSmbGlobalMappingCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string RemotePath { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute() => Server.UnmapShare(RemotePath);
}

[Cmdlet("Get", "SmbOpenFile")]
internal sealed class GetSmbOpenFileCommand : LabCommand
{
    // Files that the lab's machines read from each other are open for moments only.
    protected override void Execute()
    {
    }
}
