using System.CommandLine;
using SpeElsa.Torture;
using SpeElsa.Torture.Child;

var kills = new Option<int>("--kills") { Description = "How often an engine process is killed.", DefaultValueFactory = _ => 300 };
var seed = new Option<int>("--seed") { Description = "What the workflows and the moments of death are drawn from. The same seed draws the same workflows.", DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000) };
var lanes = new Option<int>("--lanes") { Description = "How many engines are tortured side by side.", DefaultValueFactory = _ => Environment.ProcessorCount };
var directory = new Option<DirectoryInfo?>("--directory") { Description = "Where databases and progress are kept. Given again after a stop, the run goes on." };
var sabotage = new Option<Sabotage>("--sabotage") { Description = "Breaks the engine in a way that the run must notice.", DefaultValueFactory = _ => Sabotage.None };
var root = new RootCommand("Kills engine processes while they run workflows, and proves that nothing is lost, doubled or stuck.") { kills, seed, lanes, directory, sabotage };
root.Validators.Add(result =>
{
    if (result.GetValue(kills) < 1 || result.GetValue(lanes) is < 1 or > 64)
    {
        result.AddError("--kills is 1 or more, --lanes from 1 to 64.");
    }
});
root.SetAction((result, cancellationToken) => TortureRun.RunAsync(
    new TortureOptions(result.GetValue(kills), result.GetValue(seed), result.GetValue(lanes), result.GetValue(directory)?.FullName, result.GetValue(sabotage)), cancellationToken));

var engine = new Command("engine", "One engine process; the run starts it.") { Hidden = true };
var data = new Option<string>("--data") { Required = true };
var dieAt = new Option<string?>("--die-at");
var dieOn = new Option<int>("--die-on");
engine.Add(data);
engine.Add(dieAt);
engine.Add(dieOn);
engine.Add(sabotage);
engine.SetAction((result, cancellationToken) => EngineProgram.RunAsync(
    new EngineOptions(result.GetValue(data)!, result.GetValue(dieAt), result.GetValue(dieOn), result.GetValue(sabotage)), cancellationToken));
root.Add(engine);
return await root.Parse(args).InvokeAsync();
