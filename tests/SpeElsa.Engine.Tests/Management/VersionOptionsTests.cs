using Elsa.Common.Models;

namespace SpeElsa.Engine.Tests.Management;

public sealed class VersionOptionsTests
{
    [Theory]
    [InlineData("AllVersions")]
    [InlineData("Latest")]
    [InlineData("Published")]
    [InlineData("LatestOrPublished")]
    [InlineData("LatestAndPublished")]
    [InlineData("Draft")]
    [InlineData("7")]
    public void Every_name_is_read_back_as_it_is_written(string name)
    {
        Assert.Equal(name, VersionOptions.FromString(name).ToString());
        Assert.Equal(VersionOptions.FromString(name), VersionOptions.FromString($" {name.ToUpperInvariant()} "));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("newest")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public void What_names_no_version_is_refused_with_what_does(string? name)
    {
        Assert.False(VersionOptions.TryParse(name, out _));
        Assert.Contains("LatestOrPublished", Assert.Throws<FormatException>(() => VersionOptions.FromString(name!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_name_means_something_else() => Assert.Equal(
        7,
        new[]
        {
            VersionOptions.All, VersionOptions.Latest, VersionOptions.Published, VersionOptions.LatestOrPublished, VersionOptions.LatestAndPublished,
            VersionOptions.Draft, VersionOptions.SpecificVersion(7),
        }.Distinct().Count());
}
