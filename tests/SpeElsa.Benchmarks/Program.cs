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
return await new RootCommand("Measures what a reader may want to measure again.") { copy, child }.Parse(args).InvokeAsync();

static long? Size(string? text)
{
    var units = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase) { ["KB"] = 1 << 10, ["MB"] = 1 << 20, ["GB"] = 1 << 30 };
    return text is { Length: > 2 } && units.TryGetValue(text[^2..], out var unit) && long.TryParse(text[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number * unit
        : null;
}
