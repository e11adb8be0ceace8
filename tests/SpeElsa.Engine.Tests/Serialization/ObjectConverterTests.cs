using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Serialization;

public sealed class ObjectConverterTests
{
    public static TheoryData<object?, Type, object?> Table => new()
    {
        { null, typeof(int), 0 },
        { null, typeof(int?), null },
        { null, typeof(string), null },
        { "", typeof(int), 0 },
        { " ", typeof(TimeSpan?), null },
        { "", typeof(string), "" },
        { "42", typeof(int), 42 },
        { "42", typeof(int?), 42 },
        { "-1", typeof(long), -1L },
        { "1.5", typeof(double), 1.5 },
        { "1.5", typeof(decimal), 1.5m },
        { "True", typeof(bool), true },
        { "false", typeof(bool), false },
        { "monday", typeof(DayOfWeek), DayOfWeek.Monday },
        { 1L, typeof(DayOfWeek), DayOfWeek.Monday },
        { "00:01:00", typeof(TimeSpan), TimeSpan.FromMinutes(1) },
        { 1500L, typeof(TimeSpan), TimeSpan.FromMilliseconds(1500) },
        { "2026-03-01T08:00:00Z", typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero) },
        { "2026-03-01T08:00:00", typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero) },
        { "2026-03-01", typeof(DateOnly), new DateOnly(2026, 3, 1) },
        { "2026-03-01T08:00:00Z", typeof(DateTime), new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc) },
        { new DateTime(2026, 3, 1, 8, 0, 0, DateTimeKind.Utc), typeof(DateTimeOffset), new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero) },
        { new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), typeof(string), "2026-03-01T08:00:00.0000000+00:00" },
        { "6f9619ff-8b86-d011-b42d-00c04fc964ff", typeof(Guid), new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff") },
        { "https://host/path", typeof(Uri), new Uri("https://host/path") },
        { "1.2.3", typeof(Version), new Version(1, 2, 3) },
        { "AQID", typeof(byte[]), new byte[] { 1, 2, 3 } },
        { 42L, typeof(int), 42 },
        { 42, typeof(long), 42L },
        { 3.0, typeof(int), 3 },
        { 42L, typeof(string), "42" },
        { 1.5, typeof(string), "1.5" },
        { true, typeof(string), "True" },
        { true, typeof(int), 1 },
        { "[1,2]", typeof(int[]), new[] { 1, 2 } },
        { "one", typeof(string[]), new[] { "one" } },
        { """["one","two"]""", typeof(ICollection<string>), new[] { "one", "two" } },
        { new List<object?> { 1L, 2L }, typeof(int[]), new[] { 1, 2 } },
        { new List<object?> { 1L, 2L }, typeof(string), "[1,2]" },
        { JsonSerializer.SerializeToElement("00:01:00"), typeof(TimeSpan), TimeSpan.FromMinutes(1) },
        { JsonSerializer.SerializeToElement(5), typeof(int), 5 },
        { JsonValue.Create(5), typeof(int), 5 },
    };

    [Theory]
    [MemberData(nameof(Table), DisableDiscoveryEnumeration = true)]
    public void A_value_is_converted(object? value, Type type, object? expected) => Assert.Equal(expected, ObjectConverter.ConvertTo(value, type));

    [Theory]
    [InlineData("many", typeof(int))]
    [InlineData("99999999999", typeof(int))]
    [InlineData("maybe", typeof(bool))]
    [InlineData("soon", typeof(TimeSpan))]
    [InlineData("Someday", typeof(DayOfWeek))]
    [InlineData("{", typeof(int[]))]
    [InlineData(double.NaN, typeof(int))]
    public void What_does_not_fit_is_refused_with_the_value_and_the_type(object value, Type type)
    {
        var exception = Assert.Throws<FormatException>(() => ObjectConverter.ConvertTo(value, type));

        Assert.Contains("can not be read as " + type.Name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_value_is_not_shown_whole()
    {
        var exception = Assert.Throws<FormatException>(() => ObjectConverter.ConvertTo<int>(new string('x', 10_000)));

        Assert.InRange(exception.Message.Length, 1, 400);
    }

    [Fact]
    public void A_record_is_read_from_a_map_by_web_names()
    {
        var plan = ObjectConverter.ConvertTo<Plan>(EngineJson.Read<object>("""{"serverName":"spe-old","steps":[{"serverName":"inner","steps":[]}]}"""));

        Assert.Equal("inner", plan!.Steps.Single().ServerName);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x",1.5],"c":{"d":9007199254740993}}""")]
    [InlineData("[]")]
    [InlineData("\"ü\"")]
    public void Untyped_JSON_comes_back_as_it_was(string json) => Assert.Equal(json, EngineJson.Write(EngineJson.Read<object>(json)));

    private sealed record Plan(string ServerName, IReadOnlyList<Plan> Steps);
}
