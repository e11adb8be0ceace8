namespace SpeElsa.Activities.Tests.Rules;

/// <summary>Every shipped definition keeps the rules of a move, and each rule finds a copy that breaks it.</summary>
public sealed class MoveRulesTests
{
    public static TheoryData<string> Definitions => [.. ShippedDefinition.All];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_shipped_definition_keeps_all_rules(string id) => Assert.Equal([], new ShippedDefinition(id).Check().Select(finding => finding.Message));

    [Fact]
    public void Print()
    {
        void Show(string what, ShippedDefinition d) { System.Console.WriteLine("== " + what); foreach (var f in d.Check()) System.Console.WriteLine($"{f.IsError} {f.Code} {f.ActivityId}: {f.Message}"); }
        Show("cut", new ShippedDefinition("single-server-move").Cut("stopOldManagement"));
        Show("cut outcome", new ShippedDefinition("single-server-move").Cut("verifyData", "Differs"));
        Show("copy before stop", new ShippedDefinition("single-server-move").Turn("checkMfaOff", "finalCopy", "Off"));
        Show("mfa", new ShippedDefinition("single-server-move").Turn("checkDashboard", "smtpSet", "Ok").Turn("dashboard", "smtpSet", "Accept"));
        Show("unguarded", new ShippedDefinition("single-server-move").Set("startManagement", "onlyIfOff", null));
        Show("undo", new ShippedDefinition("single-server-move").Set("transferLicence", "undo", null));
        Show("remove", new ShippedDefinition("move-instance-host").Turn("checkDashboard", "checkEmpty", "Ok"));
        Show("loop order", new ShippedDefinition("move-instance-host").Turn("deltaCopy", "finalCopy"));
        Show("no start", new ShippedDefinition("move-instances").Turn("setInstanceHost", "compareInstance"));
        Show("circle", new ShippedDefinition("single-server-move").Turn("checkOld", "checkDashboard"));
    }
}
