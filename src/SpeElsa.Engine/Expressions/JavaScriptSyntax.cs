using System.Collections.Concurrent;
using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Jint;
using Jint.Native;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using Script = Acornima.Ast.Script;

namespace SpeElsa.Engine.Expressions;

/// <summary>Limits of a script.</summary>
public sealed class JavaScriptOptions
{
    /// <summary>How long one script may run. Default 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How much memory one script may allocate, in bytes. Default 32 MiB.</summary>
    public long MemoryBytes { get; set; } = 32 * 1024 * 1024;
}

/// <summary>JavaScript by Jint: an expression, or statements with a return. It reaches nothing of .NET but the functions given here.</summary>
internal sealed class JavaScriptSyntax(JavaScriptOptions options) : IExpressionSyntax
{
    private readonly ConcurrentDictionary<string, Prepared<Script>> _scripts = new(StringComparer.Ordinal);

    public string Name => "JavaScript";

    public ValueTask<object?> EvaluateAsync(Expression expression, Type type, ExpressionExecutionContext context)
    {
        var source = expression.Value as string ?? expression.Value?.ToString();
        return new(string.IsNullOrWhiteSpace(source) ? null : Evaluate(source, context, _ => { }));
    }

    /// <summary>Runs a script with further functions.</summary>
    public object? Evaluate(string source, ExpressionExecutionContext context, Action<Jint.Engine> configure)
    {
        using var engine = new Jint.Engine(limits => limits
            .TimeoutInterval(options.Timeout)
            .LimitMemory(options.MemoryBytes)
            .CancellationToken(context.CancellationToken)
            .Strict(false));
        AddFunctions(engine, context);
        configure(engine);
        var script = _scripts.GetOrAdd(source, static text => Prepare(text));
        return FromScript(engine, engine.Evaluate(script));
    }

    /// <summary>A script that uses return is the body of a function.</summary>
    private static Prepared<Script> Prepare(string source)
    {
        try
        {
            return Jint.Engine.PrepareScript(source);
        }
        catch (ScriptPreparationException)
        {
            return Jint.Engine.PrepareScript($"(function () {{\n{source}\n}})()");
        }
    }

    private static void AddFunctions(Jint.Engine engine, ExpressionExecutionContext context)
    {
        var activity = ExpressionScope.Activity(context);
        engine.SetValue("getVariable", (string name) => ToScript(engine, ReadVariable(context, name)));
        engine.SetValue("setVariable", (string name, JsValue value) => WriteVariable(context, name, FromScript(engine, value)));
        engine.SetValue("getInput", (string name) => ToScript(engine, activity?.WorkflowInput.TryGetValue(name, out var value) == true ? value : null));
        engine.SetValue("getOutputFrom", (string idOrName, string? output) => ToScript(engine, ReadOutput(activity, idOrName, output)));
        engine.SetValue("getLastResult", () => ToScript(engine, LastResult(activity)));
        engine.SetValue("getWorkflowInstanceId", () => activity?.WorkflowExecutionContext.Id);
        engine.SetValue("getWorkflowDefinitionId", () => activity?.WorkflowExecutionContext.Workflow.Identity.DefinitionId);
        engine.SetValue("getCorrelationId", () => activity?.WorkflowExecutionContext.CorrelationId);
        engine.SetValue("isNullOrEmpty", (string? text) => string.IsNullOrEmpty(text));
        engine.SetValue("isNullOrWhiteSpace", (string? text) => string.IsNullOrWhiteSpace(text));
        engine.SetValue("toJson", (JsValue value) => EngineJson.Write(FromScript(engine, value)));
        var variables = new JsObject(engine);
        foreach (var variable in ExpressionScope.Variables(context))
        {
            var name = variable.Name;
            var read = () => ToScript(engine, ReadVariable(context, name));
            engine.SetValue("get" + Pascal(name), read);
            engine.SetValue("set" + Pascal(name), (JsValue value) => WriteVariable(context, name, FromScript(engine, value)));
            variables.Set(name, read());
        }

        engine.SetValue("variables", (JsValue)variables);
        foreach (var input in activity?.WorkflowInput.Keys.Where(IsIdentifier) ?? [])
        {
            engine.SetValue("get" + Pascal(input), () => ToScript(engine, activity!.WorkflowInput[input]));
        }
    }

    private static object? ReadVariable(ExpressionExecutionContext context, string name) =>
        ExpressionScope.FindVariable(context, name) is { } variable ? context.Get(variable) : null;

    private static void WriteVariable(ExpressionExecutionContext context, string name, object? value)
    {
        var variable = ExpressionScope.FindVariable(context, name)
            ?? throw new InvalidOperationException($"No scope of this activity declares the variable '{name}'.");
        context.Set(variable, ObjectConverter.ConvertTo(value, variable.ValueType));
    }

    private static object? ReadOutput(ActivityExecutionContext? activity, string idOrName, string? output)
    {
        var workflow = activity?.WorkflowExecutionContext;
        var source = workflow?.WorkflowGraph.FindActivityByIdOrName(idOrName);
        return source is null ? null : workflow!.Outputs.Find(source.Id, output);
    }

    private static object? LastResult(ActivityExecutionContext? activity) =>
        activity?.WorkflowExecutionContext.Outputs is { LastActivityId: { } id } outputs ? outputs.Find(id) : null;

    /// <summary>Values go in and out as JSON: a script sees plain objects, and what it changes in them does not leak into the state.</summary>
    private static JsValue ToScript(Jint.Engine engine, object? value) => value switch
    {
        null => JsValue.Null,
        string text => new JsString(text),
        bool flag => flag ? JsBoolean.True : JsBoolean.False,
        _ => engine.Evaluate("(" + EngineJson.Write(value).Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal) + ")"),
    };

    private static object? FromScript(Jint.Engine engine, JsValue value)
    {
        if (value.IsNull() || value.IsUndefined())
        {
            return null;
        }

        if (value.IsBoolean())
        {
            return value.AsBoolean();
        }

        if (value.IsString())
        {
            return value.AsString();
        }

        if (value.IsNumber())
        {
            var number = value.AsNumber();
            if (!double.IsFinite(number))
            {
                // As in JSON: what is no number could not be stored.
                return null;
            }

            return Math.Abs(number) < long.MaxValue / 2 && Math.Floor(number) == number ? (long)number : number;
        }

        var json = engine.Invoke(engine.Evaluate("JSON.stringify"), value);
        return json.IsString() ? JsonSerializer.Deserialize<object>(json.AsString(), EngineJson.Options) : null;
    }

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static bool IsIdentifier(string name) => name.Length > 0 && name.All(character => char.IsLetterOrDigit(character) || character == '_');
}
