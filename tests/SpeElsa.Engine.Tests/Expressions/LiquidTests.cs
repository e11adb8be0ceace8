using System.Text.Encodings.Web;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Fluid.Values;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using SpeElsa.Engine.Expressions.Liquid;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class LiquidTests : EngineTest
{
    [Theory]
    [InlineData("Hello {{ Variables.Text }}!", "Hello abc!")]
    [InlineData("{{ Variables['Text'] }}{{ Variables.Number }}", "abc5")]
    [InlineData("{{ Variables.Number | plus: 1 }}", "6")]
    [InlineData("{{ Variables.Object.a.b[2].c }}", "d")]
    [InlineData("{{ Variables.Object.a.b | size }}", "3")]
    [InlineData("{% for item in Variables.Object.a.b %}{{ forloop.index }},{% endfor %}", "1,2,3,")]
    [InlineData("{{ Variables.Object | json }}", """{"a":{"b":[1,2,{"c":"d"}]}}""")]
    [InlineData("{{ Variables.Object.a.b | reverse | json }}", """[{"c":"d"},2,1]""")]
    [InlineData("{{ Variables.Text | json }}", "\"abc\"")]
    [InlineData("{{ Variables.Nope | json }}", "null")]
    [InlineData("{{ Variables.Text | base64 }}", "YWJj")]
    [InlineData("{{ Variables.Object.a.b[2] | base64 }}", "eyJjIjoiZCJ9")]
    [InlineData("{{ Variables.Nope }}{{ Variables.Nope.deeper }}{{ nothing }}", "")]
    [InlineData("{% if Variables.Nope %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% if Variables.Number > 4 and Variables.Half < 1 %}yes{% endif %}", "yes")]
    [InlineData("{{ Variables.Half }} {{ Variables.Half | plus: 1 }}", "0.5 1.5")]
    [InlineData("{{ Variables.At | date: '%Y-%m-%d %H:%M' }}", "2026-03-01 08:30")]
    [InlineData("{{ Variables.Bytes }}{{ Variables.Bytes | base64 }}", "AQIDAQID")]
    [InlineData("{{ WorkflowInstanceId | size }} {{ WorkflowDefinitionId }} {{ WorkflowDefinitionVersion }}", "32 liquid 1")]
    [InlineData("{{ WorkflowDefinitionVersionId | size }}", "16")]
    [InlineData("{{ CorrelationId }}/{{ WorkflowInstanceName }}", "order-1/mine")]
    [InlineData("{{ Input.who }} {{ Input.order.id }}", "Bob 7")]
    [InlineData("{{ Output.script.Result.n }}{{ Output['script'].Result.n }}{{ LastResult.n }}", "444")]
    [InlineData("{{ '<b>' }}", "<b>")]
    [InlineData("{{ Configuration.Secret }}", "")]
    public async Task A_template_makes(string template, string expected)
    {
        var id = await RunAsync(
            A.Sequence("liquid").Variable("Text", "String", "abc").Variable("Number", "Int32", "5").Variable("Half", "Double", "0.5")
                .Variable("At", "DateTimeOffset", "2026-03-01T08:30:00Z").Variable("Bytes", "ByteArray", "AQID").Variable("Object", "Object", """{"a":{"b":[1,2,{"c":"d"}]}}""").With(
                    A.Node("name", "Elsa.SetName", ("value", A.Text("mine"))),
                    A.Node("correlate", "Elsa.Correlate", ("correlationId", A.Text("order-1"))),
                    A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("({ n: 4 })"))),
                    Line(template)),
            new Dictionary<string, object?> { ["who"] = "Bob", ["order"] = new Dictionary<string, object?> { ["id"] = 7 } });

        Assert.Equal([expected], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task The_text_is_converted_to_the_type_of_the_input()
    {
        var id = await RunAsync(A.Sequence("convert").Variable("N", "Int32", "1").With(
            A.Node("set", "Elsa.SetVariable", ("variable", A.Variable("N", "Int32")), ("value", A.Expression("Liquid", "{{ Variables.N | plus: 41 }}"))),
            A.Say("line", "getN() + 1")));

        Assert.Equal(["43"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("{{ 'a' | nosuch }}", "nosuch")]
    [InlineData("{% if %}", "can not be read")]
    [InlineData("one\n{% for %}", "(2:")]
    [InlineData("{% unknown %}", "unknown")]
    public async Task A_template_that_fails_says_why_and_where(string template, string expected)
    {
        var incident = await FaultsAsync(A.Sequence("fails").With(Line(template)));

        Assert.Contains(expected, incident.Message, StringComparison.Ordinal);
        Assert.Equal(typeof(SpeElsa.Engine.Expressions.ScriptException).FullName, incident.Exception!.Type);
    }

    [Theory]
    [InlineData("{% for i in (1..100000000) %}{{ i }}{% endfor %}")]
    [InlineData("{% for i in (1..30000) %}{% for j in (1..30000) %}{% assign x = j %}{% endfor %}{% endfor %}")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}xxxxxxxxxx{% endcapture %}{% endfor %}")]
    public async Task A_template_that_makes_too_much_is_stopped(string template)
    {
        var options = Host.Services.GetRequiredService<IOptions<LiquidOptions>>().Value;
        options.Timeout = TimeSpan.FromSeconds(2);
        options.MaxLength = 100_000;

        var incident = await FaultsAsync(A.Sequence("bomb").With(Line(template)));

        Assert.Equal(typeof(SpeElsa.Engine.Expressions.ScriptException).FullName, incident.Exception!.Type);
    }

    [Fact]
    public async Task Objects_of_the_program_are_read_as_data_unless_their_type_is_registered()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.Configure<LiquidOptions>(options => options.RegisterType<Known>()));

        Assert.Equal("7", await RenderAsync(host, "{{ Arguments.it.Number }}", new Known()));
        Assert.Equal("7", await RenderAsync(host, "{{ Arguments.it.number }}{{ Arguments.it.Services }}", new Unknown()));
        Assert.Equal("", await RenderAsync(host, "{{ Arguments.it.ToString }}{{ Arguments.it.GetType }}", new Unknown()));
    }

    [Fact]
    public async Task A_host_can_open_its_configuration_and_add_filters()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services =>
        {
            services.AddSingleton<IConfiguration>(new Section("", ("Smtp:Host", "localhost")));
            services.Configure<LiquidOptions>(options =>
            {
                options.AllowConfigurationAccess = true;
                options.Encoder = HtmlEncoder.Default;
                options.ConfigureTemplates(template => template.Filters.AddFilter("shout", (input, _, _) => new StringValue(input.ToStringValue() + "!")));
            });
        });

        Assert.Equal("localhost!&lt;", await RenderAsync(host, "{{ Configuration.Smtp.Host | shout }}{{ '<' }}", 1));
    }

    private static System.Text.Json.Nodes.JsonObject Line(string template) => A.Node("line", "Elsa.WriteLine", ("text", A.Expression("Liquid", template)));

    private static async Task<string?> RenderAsync(TestHost host, string template, object argument) => await host.Services.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<string>(
        new Expression("Liquid", template),
        new ExpressionExecutionContext(host.Services, new MemoryRegister()),
        new ExpressionEvaluatorOptions { Arguments = new Dictionary<string, object> { ["it"] = argument } });

    private sealed class Known
    {
        public int Number { get; } = 7;
    }

    private sealed class Unknown
    {
        public int Number { get; } = 7;

        internal IServiceProvider? Services { get; } = new ServiceCollection().BuildServiceProvider();
    }

    private sealed class Section(string path, params (string Path, string Value)[] values) : IConfigurationSection
    {
        public string Key => path.Split(':')[^1];

        public string Path => path;

        public string? Value
        {
            get => values.FirstOrDefault(item => item.Path == path).Value;
            set => throw new NotSupportedException();
        }

        public string? this[string key]
        {
            get => GetSection(key).Value;
            set => throw new NotSupportedException();
        }

        public IConfigurationSection GetSection(string key) => new Section(path.Length == 0 ? key : $"{path}:{key}", values);

        public IEnumerable<IConfigurationSection> GetChildren() => values.Where(item => path.Length == 0 || item.Path.StartsWith(path + ":", StringComparison.Ordinal))
            .Select(item => item.Path[(path.Length == 0 ? 0 : path.Length + 1)..].Split(':')[0]).Distinct().Select(GetSection);

        public IChangeToken GetReloadToken() => throw new NotSupportedException();
    }
}
