using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public abstract class ServiceScriptTests : MachineSuite
{
    protected ServiceScriptTests(Way way)
        : base(way) => Farm.Old.AddService(new LabService { Name = "Role", DisplayName = "A role", State = LabService.Running });

    private static JsonObject Role => new() { ["name"] = "Role", ["timeoutSeconds"] = 5 };

    [Fact]
    public async Task StopWindowsService_Running_StopsItOnce()
    {
        var told = new List<string>();
        Farm.Old.ServiceChanged += (server, service) => told.Add($"{server.Name} {service.Name} {service.State}");

        var first = await Farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, Role);
        var second = await Farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, Role);

        Assert.Equal("Stopped", first.GetProperty("state").GetString());
        Assert.True(first.GetProperty("changed").GetBoolean());
        Assert.False(second.GetProperty("changed").GetBoolean());
        Assert.Equal(["Role"], TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStop));
        Assert.Equal(["spe-old Role Stopped"], told);
    }

    [Fact]
    public async Task StartWindowsService_Stopped_StartsItOnce()
    {
        Farm.Old.StopService("Role");

        var first = await Farm.InvokeAsync("spe-old", MachineScripts.StartWindowsService, Role);
        var second = await Farm.InvokeAsync("spe-old", MachineScripts.StartWindowsService, Role);

        Assert.True(first.GetProperty("changed").GetBoolean());
        Assert.Equal("Running", second.GetProperty("state").GetString());
        Assert.False(second.GetProperty("changed").GetBoolean());
        Assert.Equal(["Role"], TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStart));
    }

    [Fact]
    public async Task StartWindowsService_Disabled_SaysSo()
    {
        Farm.Old.StopService("Role");
        Farm.Old.SetStartMode("Role", LabService.Disabled);

        var failure = await Farm.FailAsync("spe-old", MachineScripts.StartWindowsService, Role);

        Assert.Equal(ScriptErrorCodes.ServiceDisabled, failure.Error.Code);
        Assert.False(failure.CanRetry);
    }

    [Fact]
    public async Task StartWindowsService_StopsAgainAtOnce_TimesOut()
    {
        Farm.Old.StopService("Role");
        Farm.Old.ServiceChanged += (server, service) =>
        {
            if (service.IsRunning)
            {
                server.StopService(service.Name);
            }
        };

        var failure = await Farm.FailAsync("spe-old", MachineScripts.StartWindowsService, new JsonObject { ["name"] = "Role", ["timeoutSeconds"] = 1 });

        Assert.Equal(ScriptErrorCodes.ServiceTimeout, failure.Error.Code);
        Assert.Contains("is Stopped, not Running", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.CanRetry);
    }

    [Fact]
    public async Task What_depends_on_a_service_is_stopped_before_it_and_what_it_needs_is_started_before_it()
    {
        Farm.Old.AddService(new LabService { Name = "Middle", DependsOn = "Role", State = LabService.Running });
        Farm.Old.AddService(new LabService { Name = "Top", DependsOn = "Middle/Role", State = LabService.Running });
        Farm.Old.AddService(new LabService { Name = "Other", State = LabService.Running });

        var stopped = await Farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, Role);
        var again = await Farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, Role);
        var started = await Farm.InvokeAsync("spe-old", MachineScripts.StartWindowsService, new JsonObject { ["name"] = "Top" });

        Assert.Equal(["Top", "Middle"], Texts(stopped, "alsoStopped"));
        Assert.Empty(Texts(again, "alsoStopped"));
        Assert.Equal(["Top", "Middle", "Role"], TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStop));
        Assert.Equal(["Role", "Middle"], Texts(started, "alsoStarted"));
        Assert.Equal(["Role", "Middle", "Top"], TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStart));

        static IEnumerable<string?> Texts(JsonElement result, string name) => result.GetProperty(name).EnumerateArray().Select(item => item.GetString());
    }

    [Fact]
    public async Task A_service_that_needs_a_disabled_one_is_not_started()
    {
        Farm.Old.StopService("Role");
        Farm.Old.SetStartMode("Role", LabService.Disabled);
        Farm.Old.AddService(new LabService { Name = "Top", DependsOn = "Role" });

        var failure = await Farm.FailAsync("spe-old", MachineScripts.StartWindowsService, new JsonObject { ["name"] = "Top" });

        Assert.Equal(ScriptErrorCodes.ServiceDisabled, failure.Error.Code);
        Assert.Contains("'Role'", failure.Error.Message, StringComparison.Ordinal);
        Assert.Empty(TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStart));
    }

    [Theory]
    [InlineData("Nobody", ScriptErrorCodes.ServiceNotFound)]
    [InlineData("Ro*", ScriptErrorCodes.InvalidInput)]
    public async Task StopWindowsService_NotTheExactName_TouchesNothing(string name, string code)
    {
        var failure = await Farm.FailAsync("spe-old", MachineScripts.StopWindowsService, new JsonObject { ["name"] = name });

        Assert.Equal(code, failure.Error.Code);
        Assert.True(Assert.Single(Farm.Old.Services).IsRunning);
    }

    [Fact]
    public async Task SetWindowsServiceStartMode_SetsItOnce()
    {
        var input = new JsonObject { ["name"] = "Role", ["startMode"] = "Disabled" };

        var first = await Farm.InvokeAsync("spe-old", MachineScripts.SetWindowsServiceStartMode, input);
        var second = await Farm.InvokeAsync("spe-old", MachineScripts.SetWindowsServiceStartMode, input);

        Assert.Equal("Disabled", first.GetProperty("startMode").GetString());
        Assert.True(first.GetProperty("changed").GetBoolean());
        Assert.False(second.GetProperty("changed").GetBoolean());
        Assert.Equal(["Role"], TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceMode));
    }

    [Fact]
    public async Task ASlowStepTakesItsTime()
    {
        Farm.Options.SlowStep = TimeSpan.FromMilliseconds(300);
        var began = TimeProvider.System.GetTimestamp();

        await Farm.InvokeAsync("spe-old", MachineScripts.StopWindowsService, Role);

        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(290));
    }
}
