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
