namespace SpeElsa.Activities.Tests.Rules;

/// <summary>Every shipped definition keeps the rules of a move, and each rule finds a copy that breaks it.</summary>
public sealed class MoveRulesTests
{
    public static TheoryData<string> Definitions => [.. ShippedDefinition.All];

    private static ShippedDefinition SingleServer => new("single-server-move");

    private static ShippedDefinition InstanceHost => new("move-instance-host");

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_shipped_definition_keeps_all_rules(string id) => Assert.Equal([], new ShippedDefinition(id).Check().Select(finding => finding.Message));

    [Fact]
    public void An_outcome_that_leads_nowhere_is_found() => FindsOnly(
        SingleServer.Cut("setSmtpPassword", "Failed"),
        "open-outcome",
        "setSmtpPassword",
        "No arrow leads on from the outcome 'Failed' of 'Set SMTP password'",
        "Draw one to what comes next, or to an End");

    [Fact]
    public void A_move_that_is_cut_in_two_is_found_with_all_that_follows()
    {
        var findings = SingleServer.Cut("stopOldManagement").Check();

        Finds(findings, "never-reached", "disableOld", "No way leads to 'Disable old services', nor to what only follows from it");
        Finds(findings, "nobody-serves", "stopInstances", "'Stop instances' stops instances, and the move can end after 'Stop old Management Server'", "nobody would serve");
        Finds(findings, "nobody-serves", "stopOldManagement", "'Stop old Management Server' stops the Management Server");
        Finds(findings, "mfa-stays-off", "checkMfaOff", "MFA is off after 'MFA off?', and the move can end after 'Stop old Management Server'");
        Assert.Equal(6, findings.Count);
    }

    [Fact]
    public void A_circle_without_a_way_out_is_found() => Finds(
        SingleServer.Turn("checkOld", "checkDashboard").Check(), "no-way-out", "setSmtpPassword", "From 'Set SMTP password' no way leads to an end", "Draw an arrow that leads out");

    [Fact]
    public void A_circle_on_one_of_several_ways_is_found() => FindsOnly(
        InstanceHost.Turn("notEmpty", "notEmpty"), "no-way-out", "notEmpty", "From 'Empty the old host' no way leads to an end", "'Sign off', 'Old host is empty?' (Left)");

    [Fact]
    public void An_instance_that_is_not_started_again_is_found() => Finds(
        new ShippedDefinition("move-instances").Turn("setInstanceHost", "compareInstance").Check(),
        "nobody-serves",
        "stopInstance",
        "'Stop instance' stops instances, and the move can end after 'Sign off' without a start on another server, or here again");

    [Fact]
    public void A_sign_off_before_everything_serves_is_found() => FindsOnly(
        SingleServer.Turn("startClientAccess", "signOff").Draw("signOff", "startInstances").Cut("checkOld"),
        "no-way-back",
        "signOff",
        "After 'Sign off' the move is not undone any more, while something that was stopped serves nowhere",
        "Start it before the sign-off");

    [Theory]
    [InlineData("undo", "Choose Nothing, Stays or Task in its input 'Undo'.")]
    [InlineData("undoTitle", "Say what a person does, in its inputs 'Title of the undo' and 'Instructions of the undo'.")]
    public void A_task_that_does_not_say_its_undo_is_found(string input, string what) =>
        FindsOnly(SingleServer.Set("transferLicence", input, null), "no-undo", "transferLicence", "'Transfer licence' does not say how it is undone", what);

    [Fact]
    public void A_task_that_does_not_say_why_it_is_not_undone_is_found() =>
        FindsOnly(SingleServer.Set("install", "undoReason", " "), "no-undo", "install", "'Install MailStore SPE' does not say how it is undone. Say why in its input 'Reason'.");

    [Fact]
    public void A_final_copy_while_instances_run_is_found() => Finds(
        SingleServer.Turn("checkMfaOff", "finalCopy", "Off").Check(),
        "copy-before-stop",
        "finalCopy",
        "'Final copy' copies for good from the input 'source'",
        "nothing has stopped the instances there, nor the Instance Host, before",
        "Such a way: 'Take baseline', 'Check new server' (Ready), 'Seed copy', 'MFA off?' (Off).");

    [Fact]
    public void A_copy_that_one_of_two_ways_leads_to_too_early_is_found()
    {
        var findings = SingleServer.Turn("mfaOff", "stopNewManagement").Check();

        Finds(findings, "copy-before-stop", "replaceConfig", "nothing has stopped the Management Server before");
        Finds(findings, "copy-before-stop", "finalCopy", "'Stop new Management Server', 'New certificates aside', 'Transfer certificates', 'Replace config directory'.");
        Assert.Equal(2, findings.Count);
    }

    [Fact]
    public void The_configuration_that_is_copied_while_the_Management_Server_runs_is_found() => Finds(
        SingleServer.Turn("stopOldInstanceHost", "disableOld").Remove("stopOldManagement").Check(),
        "copy-before-stop",
        "replaceConfig",
        "'Replace config directory' copies for good from the input 'source'",
        "nothing has stopped the Management Server before");

    [Fact]
    public void Where_the_Instance_Host_is_stopped_its_instances_need_not_be() =>
        Assert.Equal([], SingleServer.Turn("checkMfaOff", "stopOldClientAccess", "Off").Remove("stopInstances").Check().Select(finding => finding.Message));

    [Fact]
    public void An_instance_that_runs_when_it_is_copied_for_good_is_found_in_the_loop_too() =>
        Finds(InstanceHost.Turn("deltaCopy", "finalCopy").Check(), "copy-before-stop", "finalCopy", "'Final copy' copies for good", "'Still on the old host?' (Left), 'Copy what changed'.");

    [Fact]
    public void To_stop_another_instance_is_not_enough() =>
        Finds(InstanceHost.Set("stopInstance", "instanceId", "another").Check(), "copy-before-stop", "finalCopy", "'Final copy' copies for good");

    [Fact]
    public void To_stop_another_server_is_not_enough() =>
        Finds(SingleServer.Set("stopInstances", "machine", "spe-other").Set("stopOldInstanceHost", "machine", "spe-other").Check(), "copy-before-stop", "finalCopy", "from the input 'source'");

    [Fact]
    public void Mfa_that_nobody_switches_on_again_is_found_on_the_one_way_where_that_is_so() => FindsOnly(
        SingleServer.Turn("dashboard", "smtpSet", "Accept"),
        "mfa-stays-off",
        "checkMfaOff",
        "MFA is off after 'MFA off?', and the move can end after 'Sign off' without it being on again",
        "Put 'Check MFA is on again' before the end",
        "Such a way: … ");

    [Fact]
    public void To_ask_for_Mfa_is_not_to_know_that_it_is_on() =>
        FindsOnly(SingleServer.Turn("mfaOn", "smtpSet"), "mfa-stays-off", "checkMfaOff", "MFA is off after 'MFA off?'");

    [Fact]
    public void What_is_removed_before_the_sign_off_is_found_by_whom_it_may_be_done()
    {
        var findings = InstanceHost.Turn("checkDashboard", "checkEmpty", "Ok").Check();

        Finds(findings, "removal-before-sign-off", "removeRole", "'Remove the role' removes something, and there is a way to it without a sign-off before");
        Finds(findings, "removal-before-sign-off", "removeOldHost", "'Remove old entry' removes something", "Put it after a task with 'Ends undo'", "'Disable old Instance Host', 'Role removed?' (Absent).");
        Assert.Equal(2, findings.Count);
    }

    [Fact]
    public void A_sign_off_that_does_not_end_the_undo_is_none() =>
        Finds(InstanceHost.Set("signOff", "endsUndo", "False").Check(), "removal-before-sign-off", "removeOldHost", "'Remove old entry' removes something");

    [Theory]
    [InlineData("single-server-move", "startInstanceHost", "onlyIfOff", "'Start Instance Host' starts the Instance Host")]
    [InlineData("move-instance-host", "startNewHost", "managementServer", "'Start new Instance Host' starts the Instance Host")]
    public void A_start_that_does_not_look_at_the_other_server_is_found(string definition, string step, string input, string what) => FindsOnly(
        new ShippedDefinition(definition).Set(step, input, null),
        "unguarded-start",
        step,
        what,
        "without looking whether the other server is off: both could serve the same data. Name the other server in its input 'Only if off'.");

    private static void Finds(IReadOnlyList<MoveFinding> findings, string code, string activityId, params string[] words)
    {
        var finding = Assert.Single(findings, finding => finding.Code == code && finding.ActivityId == activityId);
        Assert.True(finding.IsError);
        Assert.All(words, word => Assert.Contains(word, finding.Message, StringComparison.Ordinal));
    }

    private static void FindsOnly(ShippedDefinition definition, string code, string activityId, params string[] words)
    {
        var findings = definition.Check();
        Assert.Equal($"{code} {activityId}", string.Join("; ", findings.Select(finding => $"{finding.Code} {finding.ActivityId}")));
        Finds(findings, code, activityId, words);
    }
}
