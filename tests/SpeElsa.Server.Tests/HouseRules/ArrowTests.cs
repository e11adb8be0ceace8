using System.Xml.Linq;

namespace SpeElsa.Server.Tests.HouseRules;

/// <summary>Which room may use which. An arrow that is not here is a decision to be made, not a reference to be added.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["SpeElsa.Cli"] = [],
        ["SpeElsa.Engine"] = [],
        ["SpeElsa.Engine.Api"] = ["SpeElsa.Engine"],
        ["SpeElsa.Engine.Persistence"] = ["SpeElsa.Engine"],
        ["SpeElsa.Machines"] = [],
        ["SpeElsa.MailStore"] = [],
        ["SpeElsa.Activities"] = ["SpeElsa.Engine", "SpeElsa.Machines", "SpeElsa.MailStore"],
        ["SpeElsa.Lab"] = ["SpeElsa.Machines"],
        ["SpeElsa.Server"] =
        [
            "SpeElsa.Activities", "SpeElsa.Engine", "SpeElsa.Engine.Api", "SpeElsa.Engine.Persistence", "SpeElsa.Lab", "SpeElsa.Machines", "SpeElsa.MailStore",
        ],
    };

    [Fact]
    public void Rooms_use_only_the_rooms_they_may()
    {
        var found = Repository.Files("src")
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), References, StringComparer.Ordinal);

        Assert.Equal(Arrows.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, room => Assert.Equal(Arrows[room.Key], room.Value));
    }

    /// <summary>Activities are to compile against a stock Elsa too, so they may not know whose engine runs them.</summary>
    [Fact]
    public void Activities_do_not_name_our_engine() => Assert.All(
        Repository.Files("src/SpeElsa.Activities").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)),
        file => Assert.DoesNotContain("SpeElsa.Engine", Repository.Read(file), StringComparison.Ordinal));

    private static string[] References(string project) =>
    [
        .. Imports(project).Prepend(project).SelectMany(file => XDocument.Parse(Repository.Read(file)).Descendants("ProjectReference"))
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Imports(string project) => XDocument.Parse(Repository.Read(project)).Descendants("Import")
        .Select(import => Path.Combine(Path.GetDirectoryName(project)!, import.Attribute("Project")!.Value));
}
