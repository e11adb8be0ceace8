using System.CommandLine;
using System.Globalization;
using SpeElsa.Benchmarks;

var bytes = new Option<string>("--bytes") { Description = "How much is copied, such as 4GB or 200MB.", DefaultValueFactory = _ => "4GB" };
var directory = new Option<DirectoryInfo?>("--directory") { Description = "Where; three times the bytes are needed, and it is removed afterwards. Default: a temporary folder." };
var copy = new Command("copy", "Copies and verifies with the product's scripts in the lab, kills the process half way and resumes, and compares with rsync -a and sha256sum.") { bytes, directory };
bytes.Validators.Add(result =>
{
    if (Size(result.GetValueOrDefault<string>()) is not > 0)
    {
        result.AddError("--bytes is a number and KB, MB or GB.");
    }
});
copy.SetAction((result, cancellationToken) => CopyBenchmark.RunAsync(Size(result.GetValue(bytes)!)!.Value, result.GetValue(directory)?.FullName, cancellationToken));
var child = new Command("copy-child", "The process that is killed; the benchmark starts it.") { Hidden = true };
var farm = new Option<string>("--farm") { Required = true };
child.Add(farm);
child.SetAction((result, cancellationToken) => CopyBenchmark.ChildAsync(result.GetValue(farm)!, cancellationToken));
var instances = new Option<int>("--instances") { Description = "How many workflow instances are started and resumed.", DefaultValueFactory = _ => 2000 };
var callers = new Option<int>("--callers") { Description = "How many callers do so at the same time.", DefaultValueFactory = _ => 1 };
var stored = new Option<int>("--stored") { Description = "How many other instances wait in the database.", DefaultValueFactory = _ => 0 };
var output = new Option<string>("--output") { Description = "text or json.", DefaultValueFactory = _ => "text" };
output.AcceptOnlyFromAmong("text", "json");
foreach (var (option, least) in new[] { (instances, 1), (callers, 1), (stored, 0) })
{
    option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<int>() < least)
        {
            result.AddError($"{option.Name} is {least} or more.");
        }
    });
}

var durable = new Option<bool>("--durable") { Description = "The steps are ones with effects: the intent and the result of each are stored." };
var load = new Command("load", "Starts and resumes workflows on a SQLite file through the public runtime, and looks at every answer. Ends with 1 when one was wrong.") { instances, callers, stored, durable, output, directory };
load.SetAction((result, cancellationToken) => LoadBenchmark.RunAsync(
    new LoadOptions(result.GetValue(instances), result.GetValue(callers), result.GetValue(stored), result.GetValue(durable), result.GetValue(directory)?.FullName), result.GetValue(output) == "json", cancellationToken));
var sizes = new Option<int[]>("--sizes") { Description = "How many instances, at least two sizes.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1000, 10_000, 100_000] };
var many = new Option<int>("--callers") { Description = "How many callers at the same time.", DefaultValueFactory = _ => 64 };
var picture = new Option<string>("--picture") { Description = "The PNG to draw.", DefaultValueFactory = _ => "scale.png" };
var scale = new Command("scale", "The load run at several sizes, with a picture of how the cost grows.") { sizes, many, picture };
scale.SetAction((result, cancellationToken) => ScaleBenchmark.RunAsync(result.GetValue(sizes)!, result.GetValue(many), result.GetValue(picture)!, cancellationToken));
var activities = new Option<int[]>("--activities") { Description = "Sizes of the workflows.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [125, 250, 500, 1000] };
var shape = new Command("shape", "What a workflow costs by its number of activities: read, published, run in one burst.") { activities };
shape.SetAction((result, cancellationToken) => ShapeBenchmark.RunAsync(result.GetValue(activities)!, cancellationToken));
var tasks = new Option<int>("--tasks") { Description = "How many tasks wait.", DefaultValueFactory = _ => 100_000 };
var server = new Option<string>("--server") { Description = "The folder of the built server.", DefaultValueFactory = _ => "src/SpeElsa.Server/bin/Release/net10.0" };
var waiting = new Command("waiting", "A server with very many human tasks that wait: its start, its idling, its lists.") { tasks, server, directory };
waiting.SetAction((result, cancellationToken) => WaitingBenchmark.RunAsync(result.GetValue(tasks), result.GetValue(server)!, result.GetValue(directory)?.FullName, cancellationToken));
var rest = new Argument<string[]>("arguments") { Description = "For BenchmarkDotNet, such as --filter '*Hash*'.", Arity = ArgumentArity.ZeroOrMore };
var micro = new Command("micro", "The inner parts, each alone, by BenchmarkDotNet; what follows '--' is for it.") { rest };
micro.SetAction(result => MicroBenchmarks.Run(result.GetValue(rest)!));
return await new RootCommand("Measures what a reader may want to measure again.") { copy, child, load, scale, shape, waiting, micro }.Parse(args).InvokeAsync();

static long? Size(string? text)
{
    var units = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase) { ["KB"] = 1 << 10, ["MB"] = 1 << 20, ["GB"] = 1 << 30 };
    return text is { Length: > 2 } && units.TryGetValue(text[^2..], out var unit) && long.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number * unit
        : null;
}
