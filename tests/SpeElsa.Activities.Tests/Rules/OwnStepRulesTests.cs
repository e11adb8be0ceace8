namespace SpeElsa.Activities.Tests.Rules;

/// <summary>A move into which a customer has put steps of his own: a script before the copy, a mail after the sign-off.</summary>
public sealed class OwnStepRulesTests
{
    private const string Backup = "stopBackup";

    [Fact]
    public void A_script_with_an_undo_and_a_mail_keep_the_rules() => Assert.Equal([], WithOwnSteps().Check().Select(finding => finding.Message));

    [Theory]
    [InlineData("undoBy", "Choose Script, Task, Nothing or Stays in its input 'Undo'.")]
    [InlineData("undoScript", "Write the script that undoes it, in its input 'Undo script'.")]
    public void A_script_that_does_not_say_its_undo_is_refused(string input, string what)
    {
        var finding = Assert.Single(WithOwnSteps().Set(Backup, input, null).Check());

        Assert.Equal((true, "no-undo", Backup, $"'Stop the backup' does not say how it is undone. {what}"), (finding.IsError, finding.Code, finding.ActivityId, finding.Message));
    }

    [Theory]
    [InlineData("Nothing", "Say why in its input 'Reason'.")]
    [InlineData("Stays", "Say why in its input 'Reason'.")]
    [InlineData("Task", "Say what a person does, in its inputs 'Title of the undo' and 'Instructions of the undo'.")]
    [InlineData("Later", "It says 'Later'. Choose Script, Task, Nothing or Stays in its input 'Undo'.")]
    public void What_the_undo_needs_has_to_be_there(string undo, string what) =>
        Assert.EndsWith(what, Assert.Single(WithOwnSteps().Set(Backup, "undoBy", undo).Check()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("machine", null, "Choose a machine.")]
    [InlineData("script", null, "Write the script.")]
    [InlineData("script", "Get-Service\r\n  exit 3;\r\n", "Its scripts may not end with exit: use return, or throw to fail.")]
    [InlineData("undoneWhen", "EXIT", "Its scripts may not end with exit: use return, or throw to fail.")]
    public void A_script_that_could_only_fail_is_refused(string input, string? value, string what)
    {
        var finding = Assert.Single(WithOwnSteps().Set(Backup, input, value).Check());

        Assert.Equal((true, "script-can-not-run", $"'Stop the backup' can not run. {what}"), (finding.IsError, finding.Code, finding.Message));
    }

    [Theory]
    [InlineData("Write-Host 'no exit 3'")]
    [InlineData("$exit = 1")]
    [InlineData("& cmd.exe /c 'exit 3'")]
    public void The_word_exit_alone_is_no_fault(string script) => Assert.Empty(WithOwnSteps().Set(Backup, "script", script).Check());

    [Fact]
    public void A_script_that_removes_something_comes_after_the_sign_off()
    {
        var finding = Assert.Single(WithOwnSteps().Set(Backup, "does", HumanTask.DoesRemove).Check());

        Assert.Equal(("removal-before-sign-off", Backup), (finding.Code, finding.ActivityId));
    }

    [Fact]
    public void A_workflow_with_a_script_alone_is_held_to_it_too() => Assert.Equal("no-undo", Assert.Single(ShippedDefinition.Check(
        """
        { "definitionId": "mine", "name": "Mine", "root": { "id": "run", "type": "SpeElsa.RunScript", "version": 1,
          "machine": { "typeName": "String", "expression": { "type": "Literal", "value": "m1" } },
          "script": { "typeName": "String", "expression": { "type": "Literal", "value": "Get-Date" } } } }
        """)).Code);

    [Fact]
    public void The_preview_shows_the_script_with_its_machine_and_what_it_says_of_the_downtime()
    {
        var plan = new Dictionary<string, string?> { ["source"] = "spe-ih1", ["target"] = "spe-ih-new" };
        var steps = WithOwnSteps().Set(Backup, "downtimeBegins", "True").Preview(plan);

        var script = steps.Single(step => step.ActivityId == Backup);
        Assert.Equal(("spe-ih1", PreviewStep.Act, true), (Assert.Single(script.Machines), script.Kind, script.IsDowntime));
        Assert.True(steps.Single(step => step.ActivityId == "seedCopy").IsDowntime);
    }

    private static ShippedDefinition WithOwnSteps() => new ShippedDefinition("move-instance-host")
        .Add("baseline", Backup, "SpeElsa.RunScript", "Stop the backup")
        .Set(Backup, "machine", "spe-ih1")
        .Set(Backup, "script", "Stop-Service -Name 'Backup'; @{ stopped = 'Backup' }")
        .Set(Backup, "undoBy", RunScript.UndoByScript)
        .Set(Backup, "undoScript", "Start-Service -Name 'Backup'")
        .Turn("baseline", Backup)
        .Draw(Backup, "checkTarget")
        .Add("baseline", "tell", "Elsa.SendEmail", "Tell the customer")
        .Set("tell", "subject", "The move is signed off")
        .Turn("signOff", "tell")
        .Draw("tell", "checkEmpty");
}
