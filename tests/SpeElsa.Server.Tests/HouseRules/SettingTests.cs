using System.Reflection;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Runtime;
using SpeElsa.Server.Configuration;

namespace SpeElsa.Server.Tests.HouseRules;

/// <summary>What can be set, and where an administrator reads of it.</summary>
public sealed class SettingTests
{
    /// <summary>Switches of the lab for tests, which nobody else needs.</summary>
    private static readonly string[] ForTests = ["HoldScript", "HoldAt", "ServiceSuffix", "ArchiveBytes", "KeyFolder"];

    [Fact]
    public void Every_setting_stands_in_appsettings_with_a_word_about_it()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json"));

        var missing = new[] { typeof(ServerOptions), typeof(MailOptions), typeof(RuntimeOptions), typeof(MoveStepOptions), typeof(HumanTaskOptions) }
            .SelectMany(type => Names(type, []))
            .Except(ForTests, StringComparer.Ordinal)
            .Where(name => !text.Contains($"\"{name}\"", StringComparison.Ordinal))
            .ToList();

        Assert.True(missing.Count == 0, $"appsettings.json does not say what these are: {string.Join(", ", missing)}");
    }

    private static IEnumerable<string> Names(Type type, HashSet<Type> seen)
    {
        foreach (var property in seen.Add(type) ? type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }) : [])
        {
            yield return property.Name;
            foreach (var name in Parts(property.PropertyType).Where(part => part.Namespace?.StartsWith("SpeElsa", StringComparison.Ordinal) == true && part.IsClass).SelectMany(part => Names(part, seen)))
            {
                yield return name;
            }
        }
    }

    private static Type[] Parts(Type type) => type.IsGenericType ? type.GetGenericArguments() : [type];
}
