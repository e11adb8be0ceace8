using System.Globalization;
using ScottPlot;

namespace SpeElsa.Benchmarks;

/// <summary>How the cost grows with the number of instances: the load run at several sizes, and a picture of them.</summary>
internal static class ScaleBenchmark
{
    private const int Width = 1000;
    private const int Height = 420;

    public static async Task<int> RunAsync(IReadOnlyList<int> sizes, int callers, string picture, CancellationToken cancellationToken)
    {
        var results = new List<LoadResult>();
        Console.WriteLine("instances   starts/s   resumes/s   bytes suspended   bytes finished   peak MiB   errors");
        foreach (var size in sizes.Order())
        {
            var result = await EngineHost.InFolderAsync(null, folder => LoadBenchmark.RunAsync(new LoadOptions(size, callers, 0, false, null), folder, cancellationToken));
            results.Add(result);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size,9} {result.StartPerSecond,10:0} {result.ResumePerSecond,11:0} {result.BytesPerSuspended,17:0} {result.BytesPerFinished,16:0} {result.PeakRssMiB,10:0} {result.Errors,8}"));
        }

        Draw(results, callers, picture);
        Console.WriteLine($"Drawn to {Path.GetFullPath(picture)}.");
        return results.All(result => result.Errors == 0) ? 0 : 1;
    }

    private static void Draw(List<LoadResult> results, int callers, string picture)
    {
        var multiplot = new Multiplot();
        multiplot.AddPlots(2);
        multiplot.Layout = new ScottPlot.MultiplotLayouts.Columns();
        Fill(multiplot.GetPlot(0), "seconds", results, ("all started", result => result.Instances / result.StartPerSecond), ("all resumed", result => result.Instances / result.ResumePerSecond));
        Fill(multiplot.GetPlot(1), "MB in the file", results, ("suspended", result => result.Instances * result.BytesPerSuspended / 1e6), ("finished", result => result.Instances * result.BytesPerFinished / 1e6));
        multiplot.GetPlot(0).Title(string.Create(CultureInfo.InvariantCulture, $"Time, {callers} callers"));
        multiplot.GetPlot(1).Title("Size");
        multiplot.SavePng(picture, Width, Height);
    }

    /// <summary>Both axes by powers of ten: what grows linearly is a straight line of this slope.</summary>
    private static void Fill(Plot plot, string unit, List<LoadResult> results, params (string Name, Func<LoadResult, double> Value)[] lines)
    {
        var x = results.Select(result => Math.Log10(result.Instances)).ToArray();
        foreach (var (name, value) in lines)
        {
            var line = plot.Add.Scatter(x, results.Select(result => Math.Log10(value(result))).ToArray());
            line.LegendText = name;
            line.MarkerSize = 8;
        }

        var first = Math.Log10(lines[0].Value(results[0]));
        var linear = plot.Add.Line(x[0], first, x[^1], first + x[^1] - x[0]);
        (linear.LegendText, linear.LinePattern, linear.Color) = ("linear", LinePattern.Dashed, Colors.Gray);
        plot.XLabel("instances");
        plot.YLabel(unit);
        foreach (var axis in new[] { (IAxis)plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
            {
                IntegerTicksOnly = true,
                LabelFormatter = power => Math.Pow(10, power).ToString(power < 0 ? "0.###" : "#,0", CultureInfo.InvariantCulture),
            };
        }

        plot.ShowLegend(Alignment.UpperLeft);
    }
}
