using CsCheck;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Elsa.Workflows.Memory;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class LanguagesTests
{
    private static readonly Gen<string> Name = Gen.String[
        Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['0', '9'],
            Gen.OneOf(Gen.Const(' '), Gen.Const('-'), Gen.Const('$'), Gen.Const('ü'), Gen.Const('"'), Gen.Const('\\'))), 1, 6];

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(flag => (object?)flag),
        Gen.Long[-(1L << 53), 1L << 53].Select(number => (object?)number),
        Gen.Double.Where(double.IsFinite).Select(number => (object?)number),
        Gen.String[Gen.OneOf(Gen.Char['\0', '\uD7FF'], Gen.Char['\uE000', '\uFFFF']), 0, 12].Select(text => (object?)text));

    private static readonly Gen<object?> Value = Gen.Recursive<object?>((depth, value) => depth > 3
        ? Scalar
        : Gen.OneOf(
            Scalar,
            value.List[0, 4].Select(items => (object?)items),
            Gen.Select(Name, value).List[0, 4].Select(items => (object?)items.DistinctBy(item => item.Item1).ToDictionary(item => item.Item1, item => item.Item2))));

    [Fact]
    public async Task What_a_script_writes_into_a_variable_every_language_reads_equal()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.AddCSharpExpressions());
        var evaluator = host.Services.GetRequiredService<IExpressionEvaluator>();

        await Value.SampleAsync(
            async value =>
            {
                var context = new ExpressionExecutionContext(host.Services, new MemoryRegister());
                context.Memory.Declare(new Variable("Source", value));
                var target = new Variable("Target");
                context.Memory.Declare(target);

                await evaluator.EvaluateAsync<object>(new Expression("JavaScript", "setTarget(parseJson(toJson(getSource())))"), context);

                // As a restart would read it.
                context.Set(target, EngineJson.Read<object>(EngineJson.Write(context.Get(target))));
                var written = Canonical(value);
                Assert.Equal(written, Canonical(await evaluator.EvaluateAsync<object>(new Expression("JavaScript", "getTarget()"), context)));
                Assert.Equal(written, Canonical(EngineJson.Read<object>((await evaluator.EvaluateAsync<string>(new Expression("Liquid", "{{ Variables.Target | json }}"), context))!)));
                Assert.Equal(written, Canonical(await evaluator.EvaluateAsync<object>(new Expression("CSharp", "Variable.Target"), context)));
            },
            iter: 300);
    }

    [Theory]
    [InlineData(-3.6900000000000003E-16)]
    [InlineData(1E-300)]
    [InlineData(1.7976931348623157E+308)]
    [InlineData(0.1)]
    public async Task Liquid_writes_a_number_as_it_is_though_its_own_are_decimals(double number)
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore());
        var context = new ExpressionExecutionContext(host.Services, new MemoryRegister());
        context.Memory.Declare(new Variable("Number", number));

        var written = await host.Services.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<string>(new Expression("Liquid", "{{ Variables.Number | json }}"), context);

        Assert.Equal(number, EngineJson.Read<double>(written!));
    }

    /// <summary>JSON that does not depend on how a number is written: scripts know doubles only.</summary>
    private static string Canonical(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => EngineJson.Write(text),
        IDictionary<string, object?> map => "{" + string.Join(",", map.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => EngineJson.Write(item.Key) + ":" + Canonical(item.Value))) + "}",
        IEnumerable<object?> items => "[" + string.Join(",", items.Select(Canonical)) + "]",
        _ => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) is var number && number == 0 ? "0" : number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };
}
