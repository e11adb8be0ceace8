using SpeElsa.Activities.Tests.Rules;

namespace SpeElsa.Activities.Tests;

/// <summary>What a move would do, step by step.</summary>
public sealed class MovePreviewTests
{
    private static readonly Dictionary<string, string?> Single = new() { ["source"] = "old", ["target"] = "new", ["hostNameChanges"] = "True" };

    private static readonly Dictionary<string, string?> Multi = new() { ["managementServer"] = "mgmt", ["source"] = "old", ["target"] = "new", ["installerCommand"] = "setup.exe" };

    public static TheoryData<string> Definitions => [.. ShippedDefinition.All];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Each_step_of_a_shipped_definition_is_shown_once_but_for_those_the_plan_decides_against(string id)
    {
        var steps = Preview(id, []).Select(step => step.ActivityId).ToArray();

        Assert.Equal(steps.Length, steps.Distinct().Count());
        var left = new ShippedDefinition(id).Activities.Where(activity => ((string)activity["type"]!).StartsWith("SpeElsa.", StringComparison.Ordinal)).Select(activity => (string)activity["id"]!).Except(steps);
        Assert.Subset(new HashSet<string> { "runInstaller", "renameServer", "turn", "instanceDone" }, left.ToHashSet());
    }

    [Fact]
    public void The_steps_come_in_the_order_of_the_move_with_their_machines_and_the_downtime()
    {
        var steps = Preview("single-server-move", Single);

        Assert.Equal(
            ["baseline", "checkTarget", "seedCopy", "checkMfaOff", "stopInstances"],
            steps.Where(step => step.OnlyIf is null).Take(5).Select(step => step.ActivityId));
        Assert.Equal(("stopInstances", "startInstances"), (steps.First(step => step.IsDowntime).ActivityId, steps.Last(step => step.IsDowntime).ActivityId));
        Assert.Equal(["old", "new"], Of(steps, "seedCopy").Machines);
        Assert.Equal((PreviewStep.Task, "'MFA off?': On"), (Of(steps, "mfaOff").Kind, Of(steps, "mfaOff").OnlyIf));
        Assert.Equal((PreviewStep.Check, PreviewStep.Act), (Of(steps, "checkMfaOff").Kind, Of(steps, "replaceConfig").Kind));
        Assert.Equal("'SMTP user set?': True", Of(steps, "smtpPassword").OnlyIf);
        Assert.Null(Of(steps, "renameServer").OnlyIf);
        Assert.DoesNotContain(steps, step => step.ActivityId == "runInstaller");
        Assert.Equal(["seedCopy", "finalCopy", "verifyData"], steps.Where(step => step.TakesAllData).Select(step => step.ActivityId));
        Assert.Equal("signOff", steps[^1].ActivityId);
    }

    /// <summary>What is down while an Instance Host moves is each instance for itself, and the installer that the plan names is run.</summary>
    [Fact]
    public void What_is_done_for_each_instance_says_so()
    {
        var steps = Preview("move-instance-host", Multi);

        Assert.Equal(["stopInstance", "finalCopy", "verifyData", "setInstanceHost", "startInstance"], steps.Where(step => step is { IsDowntime: true, OnlyIf: null }).Select(step => step.ActivityId));
        Assert.All(steps.Where(step => step.IsDowntime), step => Assert.True(step.IsRepeated));
        Assert.False(Of(steps, "seedCopy").IsRepeated);
        Assert.Null(Of(steps, "runInstaller").OnlyIf);
        Assert.Equal("'Check installation': Missing", Of(steps, "install").OnlyIf);
        Assert.Equal("removeOldHost", steps[^1].ActivityId);
    }

    private static PreviewStep Of(IEnumerable<PreviewStep> steps, string activityId) => Assert.Single(steps, step => step.ActivityId == activityId);

    private static IReadOnlyList<PreviewStep> Preview(string id, Dictionary<string, string?> plan) => new ShippedDefinition(id).Preview(plan);
}
