using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SpeElsa.Server.Tests.HouseRules;

/// <summary>Rules that a reviewer would otherwise have to remember.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 500;
    private static readonly string[] Programs = ["src/SpeElsa.Cli/", "src/SpeElsa.Server/"];

    [Fact]
    public void The_top_level_holds_what_a_stranger_expects()
    {
        string[] expected =
        [
            ".ci/", ".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props", "Directory.Packages.props", "README.md", "SpeElsa.sln", "appsettings.json",
            "global.json", "src/", "tests/", "workflows/",
        ];
        var found = Repository.Files().Select(file => file.Contains('/', StringComparison.Ordinal) ? file[..(file.IndexOf('/', StringComparison.Ordinal) + 1)] : file).Distinct();

        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_versions_are_central_and_exact_and_locked()
    {
        var versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").ToArray();
        Assert.NotEmpty(versions);
        Assert.All(versions, version => Assert.Matches(@"^\d+\.\d+\.\d+(-[\w.]+)?$", version.Attribute("Version")!.Value));
        foreach (var project in Repository.Files().Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            Assert.All(XDocument.Parse(Repository.Read(project)).Descendants("PackageReference"), reference => Assert.Null(reference.Attribute("Version")));
            Assert.True(File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, "packages.lock.json")), $"{project} has no lock file");
        }
    }

    /// <summary>README has the reader look for the key in the folder "data" beside it; the web SDK would run the server in its project's folder.</summary>
    [Fact]
    public async Task The_server_is_run_in_the_folder_of_the_readme()
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", "src/SpeElsa.Server", "-getProperty:RunWorkingDirectory"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var folder = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Repository.Root)), Path.TrimEndingDirectorySeparator(folder.Trim()));
    }

    [Fact]
    public void No_file_names_a_registry()
    {
        var names = RegistryName();
        Assert.All(
            Repository.Files().Where(file => Path.GetExtension(file) is ".json" or ".props" or ".targets" or ".csproj" or ".config" or ".md" or ".npmrc" or ""),
            file => Assert.DoesNotMatch(names, Repository.Read(file)));
    }

    [Fact]
    public void Source_files_stay_readable() => Assert.All(
        Repository.Files("src").Concat(Repository.Files("tests")).Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !Generated().IsMatch(file)),
        file => Assert.True(Repository.Read(file).AsSpan().Count('\n') <= LongestFile, $"{file} is longer than {LongestFile} lines"));

    /// <summary>Razor drops a space before a statement, and the words run together; <c>@(" ")</c> stays.</summary>
    [Fact]
    public void Pages_write_the_space_before_a_statement_so_that_it_stays() => Assert.All(
        Repository.Files("src").Where(file => file.EndsWith(".razor", StringComparison.Ordinal)),
        file => Assert.DoesNotMatch(DroppedSpace(), Repository.Read(file)));

    [Fact]
    public void Only_programs_write_to_the_console() => Assert.All(
        Repository.Files("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && !Programs.Any(program => file.StartsWith(program, StringComparison.Ordinal))),
        file => Assert.DoesNotContain("Console.Write", Repository.Read(file), StringComparison.Ordinal));

    /// <summary>Every activity says under which name it is stored, so that renaming a class never breaks a definition or a sleeping instance.</summary>
    [Fact]
    public void Activities_of_the_product_state_their_stored_names()
    {
        var activities = typeof(SpeElsa.Activities.HumanTask).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsPublic: true } && typeof(Elsa.Workflows.IActivity).IsAssignableFrom(type))
            .ToArray();
        Assert.NotEmpty(activities);
        Assert.All(activities, type =>
        {
            var attribute = (Elsa.Workflows.Attributes.ActivityAttribute?)Attribute.GetCustomAttribute(type, typeof(Elsa.Workflows.Attributes.ActivityAttribute));
            Assert.False(string.IsNullOrEmpty(attribute?.Type), $"{type.Name} does not state its stored name");
        });
    }

    [GeneratedRegex(@"\S +@(if|foreach|for|switch) ?\(")]
    private static partial Regex DroppedSpace();

    [GeneratedRegex(@"nuget" + @"\.org/v3|registry" + @"\.npmjs|api\." + @"nuget")]
    private static partial Regex RegistryName();

    [GeneratedRegex("/(Migrations|CompiledModel)/")]
    private static partial Regex Generated();
}
