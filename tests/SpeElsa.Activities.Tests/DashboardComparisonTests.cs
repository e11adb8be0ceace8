namespace SpeElsa.Activities.Tests;

public sealed class DashboardComparisonTests
{
    private static readonly BaselineStore Store = new(1, "2026", @"C:\Data\acme\2026", "current", null, false, false, 1000);

    private static readonly BaselineInstance Acme = new()
    {
        Id = "acme",
        Status = "running",
        WasRunning = true,
        BaseDirectory = @"C:\Data\acme",
        Messages = 100,
        Megabytes = 10,
        Stores = [Store],
    };

    private static readonly BaselineRole Host = new(Roles.InstanceHost, "spe-old", true);

    private static readonly MoveBaseline Before = new()
    {
        ApiVersion = "25.3.1.0",
        ServerName = "spe-old",
        Messages = [new("error", "Known trouble", null), new("information", "Hello", null)],
        Roles = [Host, new(Roles.ClientAccessServer, "spe-old", true)],
        Instances = [Acme],
    };

    private static readonly DashboardView Same = new()
    {
        Version = "25.3.1",
        ServerName = "spe-old",
        Messages = Before.Messages,
        Roles = Before.Roles,
        Instances = Before.Instances,
    };

    [Fact]
    public void What_is_as_before_is_no_finding_also_what_was_wrong_before() => Assert.Empty(DashboardComparison.Compare(Before, Same));

    [Fact]
    public void Each_difference_of_the_server_has_its_severity()
    {
        Expect(FindingScope.Server, FindingSeverity.Error, "The version is 25.4.0, before it was 25.3.1.0.", Same with { Version = "25.4.0" });
        Expect(FindingScope.Server, FindingSeverity.Error, "Error on the dashboard: New", Same with { Messages = [.. Before.Messages, new("Error", "New", null)] });
        Expect(FindingScope.Server, FindingSeverity.Warning, "Warning on the dashboard: Mind", Same with { Messages = [.. Before.Messages, new("warning", "Mind", null)] });
        Expect(FindingScope.Server, FindingSeverity.Information, "No longer on the dashboard: Known trouble", Same with { Messages = [Before.Messages[1]] });
        Expect(FindingScope.Server, FindingSeverity.Information, "The server name is spe-new, before it was spe-old.", Same with { ServerName = "spe-new" });
        Assert.Empty(DashboardComparison.Compare(Before, Same with { Messages = [.. Before.Messages, new("information", "Welcome", null)] }));
    }

    [Fact]
    public void A_warning_that_became_an_error_is_one() => Expect(
        FindingScope.Server, FindingSeverity.Error, "Error on the dashboard: Disk", Same with { Messages = [new("error", "Disk", null)] },
        Before with { Messages = [new("warning", "Disk", null)] });

    [Fact]
    public void Each_difference_of_a_role_has_its_severity()
    {
        var access = Before.Roles[1];
        Expect(FindingScope.Role, FindingSeverity.Error, "The Instance Host spe-old was connected and is not. No route", Same with { Roles = [Host with { IsConnected = false, Problem = "No route" }, access] });
        Expect(FindingScope.Role, FindingSeverity.Error, "The Client Access Server spe-old is not known any more.", Same with { Roles = [Host] });
        Expect(FindingScope.Role, FindingSeverity.Warning, "Whether the Instance Host spe-old is connected can not be told.", Same with { Roles = [Host with { IsConnected = null }, access] });
        Expect(FindingScope.Role, FindingSeverity.Information, "The Instance Host spe-2 is new.", Same with { Roles = [Host, access, new(Roles.InstanceHost, "spe-2", true)] });
        Assert.Empty(DashboardComparison.Compare(Before with { Roles = [] }, Same));
    }

    [Fact]
    public void The_only_role_of_its_kind_is_the_same_under_another_name()
    {
        var finding = Assert.Single(DashboardComparison.Compare(Before, Same with { Roles = [Host with { ServerName = "spe-new" }, Before.Roles[1]] }));

        Assert.Equal((FindingSeverity.Information, "The Instance Host spe-new is new."), (finding.Severity, finding.Text));
    }

    [Fact]
    public void A_client_access_server_that_moves_may_be_off_while_another_serves_in_its_place()
    {
        var before = Before with { Role = Roles.ClientAccessServer, Entries = new Dictionary<string, string> { [Roles.ClientAccessServer] = "spe-cas" }, Roles = [Host, new(Roles.ClientAccessServer, "spe-cas", true)] };
        var off = Same with
        {
            Messages = [.. Before.Messages, new("error", "Client Access Server 'spe-cas' is not connected.", null)],
            Roles = [Host, new(Roles.ClientAccessServer, "spe-cas", false, "Stopped"), new(Roles.ClientAccessServer, "spe-cas-new", true)],
        };
        Expect(FindingScope.Server, FindingSeverity.Information, "On the dashboard, because the role moves: Client Access Server 'spe-cas' is not connected.", off, before);
        Assert.All(DashboardComparison.Compare(before, off), finding => Assert.Equal(FindingSeverity.Information, finding.Severity));

        var both = off with { Roles = [Host, off.Roles[1], off.Roles[2] with { IsConnected = false }] };
        Expect(FindingScope.Role, FindingSeverity.Error, "The Client Access Server spe-cas was connected and is not. Stopped", both, before);
        Expect(FindingScope.Server, FindingSeverity.Error, "Error on the dashboard: Client Access Server 'spe-cas' is not connected.", both, before);
        Expect(
            FindingScope.Server,
            FindingSeverity.Error,
            "Error on the dashboard: Client Access Server 'spe-cas-new' has no licence.",
            off with { Messages = [.. Before.Messages, new("error", "Client Access Server 'spe-cas-new' has no licence.", null)] },
            before);
    }

    [Fact]
    public void Each_difference_of_an_instance_has_its_severity()
    {
        ExpectInstance(FindingSeverity.Error, "The instance acme ran and is now stopped. No database", Acme with { WasRunning = false, Status = "stopped", StartStopError = "No database", Stores = [] });
        ExpectInstance(FindingSeverity.Error, "The instance acme held 100 messages and holds 99.", Acme with { Messages = 99 });
        ExpectInstance(FindingSeverity.Warning, "The instance acme held 10 MB and holds 9.5 MB, with no message less.", Acme with { Megabytes = 9.5 });
        ExpectInstance(FindingSeverity.Warning, "How many messages the instance acme holds can not be read any more; before it were 100.", Acme with { Messages = null });
        ExpectInstance(FindingSeverity.Information, @"The base directory of acme is D:\acme, before it was C:\Data\acme.", Acme with { BaseDirectory = @"D:\acme" });
        Expect(FindingScope.Instance, FindingSeverity.Error, "The instance acme is gone.", Same with { Instances = [] });
        Expect(FindingScope.Instance, FindingSeverity.Information, "The instance globex is new.", Same with { Instances = [Acme, Acme with { Id = "globex" }] });
        Assert.Empty(DashboardComparison.Compare(Before, Same with { Instances = [Acme with { Messages = 101, Megabytes = 11, BaseDirectory = @"c:\data\ACME\" }] }));
    }

    [Fact]
    public void What_did_not_run_before_need_not_run_now()
    {
        var stopped = Acme with { WasRunning = false, Status = "stopped", Stores = [] };
        var before = Before with { Instances = [stopped] };

        Assert.Empty(DashboardComparison.Compare(before, Same with { Instances = [stopped] }));
        Expect(FindingScope.Instance, FindingSeverity.Information, "The instance acme was stopped and runs now.", Same, before);
        Expect(FindingScope.Instance, FindingSeverity.Warning, "The instance acme did not run before either; now it says: Broken", Same with { Instances = [stopped with { StartStopError = "Broken" }] }, before);
    }

    [Fact]
    public void Each_difference_of_a_store_has_its_severity()
    {
        ExpectStore(FindingSeverity.Error, "The store 2026 of acme is gone.");
        ExpectStore(FindingSeverity.Error, "The store 2026 of acme has an error: Damaged", Store with { Error = "Damaged" });
        ExpectStore(FindingSeverity.Error, "The search indexes of the store 2026 of acme need to be rebuilt.", Store with { NeedsRebuild = true });
        ExpectStore(FindingSeverity.Error, "The store 2026 of acme needs an upgrade.", Store with { NeedsUpgrade = true });
        ExpectStore(FindingSeverity.Warning, "The store 2026 of acme is normal, before it was current.", Store with { RequestedState = "normal" });
        ExpectStore(FindingSeverity.Information, "The store 2027 of acme is new.", Store, Store with { Id = 2, Name = "2027" });
        ExpectStore(FindingSeverity.Error, "The store 2027 of acme is new and has an error: Damaged", Store, Store with { Id = 2, Name = "2027", Error = "Damaged" });
    }

    [Fact]
    public void The_worst_comes_first()
    {
        var findings = DashboardComparison.Compare(Before, Same with
        {
            ServerName = "spe-new",
            Messages = [.. Before.Messages, new("warning", "Mind", null)],
            Instances = [Acme with { Messages = 1, Stores = [Store with { Error = "Damaged" }] }],
        });

        Assert.Equal(
            [(FindingSeverity.Error, FindingScope.Instance), (FindingSeverity.Error, FindingScope.Store), (FindingSeverity.Warning, FindingScope.Server), (FindingSeverity.Information, FindingScope.Server)],
            findings.Select(finding => (finding.Severity, finding.Scope)));
    }

    private static void ExpectInstance(FindingSeverity severity, string text, BaselineInstance now) =>
        Expect(FindingScope.Instance, severity, text, Same with { Instances = [now] });

    private static void ExpectStore(FindingSeverity severity, string text, params IReadOnlyList<BaselineStore> now) =>
        Expect(FindingScope.Store, severity, text, Same with { Instances = [Acme with { Stores = now }] });

    private static void Expect(FindingScope scope, FindingSeverity severity, string text, DashboardView now, MoveBaseline? before = null)
    {
        var finding = Assert.Single(DashboardComparison.Compare(before ?? Before, now), finding => finding.Scope == scope && finding.Severity == severity);
        Assert.Equal(text, finding.Text);
    }
}
