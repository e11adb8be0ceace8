using System.Reflection;
using Elsa.Http.Options;
using Microsoft.Extensions.Options;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Management;
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

    [Fact]
    public void The_page_of_settings_tells_each_with_what_it_is_by_default()
    {
        var server = new ServerOptions { Machines = [new MachineOptions { Name = "spe-far" }] };
        server.Plans.CheckBefore = TimeSpan.FromHours(2);
        var settings = new EffectiveSettings(
            server,
            Options.Create(new RuntimeOptions { Concurrency = 3 }),
            Options.Create(new InstanceRetentionOptions()),
            Options.Create(new MoveStepOptions()),
            Options.Create(new HumanTaskOptions()),
            Options.Create(new HttpActivityOptions()),
            Options.Create(new MailOptions())).Read().SelectMany(section => section.Settings).ToDictionary(setting => setting.Name, StringComparer.Ordinal);

        Assert.Equal(("02:00:00", "01:00:00"), (settings["Plans:CheckBefore"].Value, settings["Plans:CheckBefore"].Default));
        Assert.Equal(("3", "16"), (settings["Runtime:Concurrency"].Value, settings["Runtime:Concurrency"].Default));
        Assert.Equal(("00:15:00", null), (settings["Plans:LatestStart"].Value, settings["Plans:LatestStart"].Default));
        Assert.Equal(("spe-far", ""), (settings["Machines:0:Name"].Value, settings["Machines:0:Name"].Default));
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
