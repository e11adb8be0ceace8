using System.CommandLine;
using SpeElsa.Torture;
using SpeElsa.Torture.Child;

var kills = new Option<int>("--kills") { Description = "How often an engine process is killed.", DefaultValueFactory = _ => 300 };
var seed = new Option<int>("--seed") { Description = "What the workflows and the moments of death are drawn from. The same seed draws the same workflows.", DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000) };
var lanes = new Option<int>("--lanes") { Description = "How many engines are tortured side by side.", DefaultValueFactory = _ => Environment.ProcessorCount };
var directory = new Option<DirectoryInfo?>("--directory") { Description = "Where databases and progress are kept. Given again after a stop, the run goes on." };
var sabotage = new Option<Sabotage>("--sabotage") { Description = "Breaks the engine in a way that the run must notice.", DefaultValueFactory = _ => Sabotage.None };
var patience = new Option<int>("--patience") { Description = "Seconds after which what does not go on counts as stuck.", DefaultValueFactory = _ => 20 };
var until = new Option<Finding?>("--until") { Description = "Ends the run at the first finding of this kind: Lost, Doubled, Stuck or Violation." };
var moves = new Option<bool>("--moves") { Description = "Kills the built server while it moves roles on the lab's farms, with faults of the machines drawn too." };
var root = new RootCommand("Kills engine processes while they run workflows, and proves that nothing is lost, doubled or stuck.") { kills, seed, lanes, directory, patience, sabotage, until, moves };
kills.Validators.Add(result => Demand(result, result.GetValueOrDefault<int>() >= 1, "--kills is 1 or more."));
lanes.Validators.Add(result => Demand(result, result.GetValueOrDefault<int>() is >= 1 and <= 64, "--lanes is from 1 to 64."));
patience.Validators.Add(result => Demand(result, result.GetValueOrDefault<int>() is >= 1 and <= 3600, "--patience is from 1 to 3600 seconds."));
root.SetAction((result, cancellationToken) => TortureRun.RunAsync(
    new TortureOptions(result.GetValue(kills), result.GetValue(seed), result.GetValue(lanes), result.GetValue(directory)?.FullName, TimeSpan.FromSeconds(result.GetValue(patience)), result.GetValue(sabotage), result.GetValue(until), result.GetValue(moves)), cancellationToken));

var engine = new Command("engine", "One engine process; the run starts it.") { Hidden = true };
var data = new Option<string>("--data") { Required = true };
var dieAt = new Option<string?>("--die-at");
var quiet = new Option<bool>("--quiet");
var dieOn = new Option<int>("--die-on");
engine.Add(data);
engine.Add(dieAt);
engine.Add(dieOn);
engine.Add(sabotage);
engine.Add(quiet);
engine.SetAction((result, cancellationToken) => EngineProgram.RunAsync(
    new EngineOptions(result.GetValue(data)!, result.GetValue(dieAt), result.GetValue(dieOn), result.GetValue(sabotage), result.GetValue(quiet)), cancellationToken));
root.Add(engine);

var startUp = new Command("start-up", "Measures the time from the start of a process to the first activity that goes on, with many unfinished instances stored.");
var instances = new Option<int>("--instances") { Description = "How many unfinished instances are stored.", DefaultValueFactory = _ => 10_000 };
var times = new Option<int>("--times") { Description = "How often a process is started.", DefaultValueFactory = _ => 3 };
startUp.Add(instances);
startUp.Add(times);
startUp.SetAction((result, cancellationToken) => StartUp.RunAsync(result.GetValue(instances), result.GetValue(times), cancellationToken));
root.Add(startUp);
return await root.Parse(args).InvokeAsync();

static void Demand(System.CommandLine.Parsing.SymbolResult result, bool isMet, string demand)
{
    if (!isMet)
    {
        result.AddError(demand);
    }
}
